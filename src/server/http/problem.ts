import { DeskbellError, ERRORS, type Problem } from '../../protocol/errors.ts'
import { StoreUnavailable } from '../ports/store/store-unavailable.ts'

export const PROBLEM_TYPE = 'application/problem+json'

const hidden = (error: unknown): DeskbellError =>
  error instanceof StoreUnavailable ? new DeskbellError('unavailable', undefined, 1) : new DeskbellError('internal')

/** Encodes an error as an RFC 9457 problem document. Unexpected errors reveal no internals. */
export function problem(error: unknown): Response {
  const known = error instanceof DeskbellError ? error : hidden(error)
  const [status, title] = ERRORS[known.code]
  const body: Problem = { type: 'about:blank', title, status, code: known.code }
  if (known.message !== title) body.detail = known.message
  const headers = new Headers({ 'content-type': PROBLEM_TYPE, 'cache-control': 'no-store' })
  if (known.retryAfter !== undefined) headers.set('retry-after', String(Math.ceil(known.retryAfter)))
  return new Response(JSON.stringify(body), { status, headers })
}

/** Answers with the problem, and reports it unless it is a `DeskbellError` */
export function reported(error: unknown, onError: (error: unknown) => void): Response {
  if (!(error instanceof DeskbellError)) onError(error)
  return problem(error)
}

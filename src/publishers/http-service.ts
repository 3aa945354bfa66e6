// What publishers over HTTP have in common: the call, and what an answer that is not the expected one means.
import { causeOf } from '../services/cause-of.ts'
import { retryAfter } from '../services/retry-after.ts'
import { PublicationFailed } from '../server/ports/publisher.ts'

export interface ServiceCall {
  url: string
  method: 'GET' | 'POST' | 'PUT' | 'PATCH'
  headers: Record<string, string>
  body?: string
  signal: AbortSignal
}

export interface ServiceAnswer {
  status: number
  /** What the body is as JSON; undefined: it is something else */
  value: unknown
}

/** Answers of this size are not the service's (bytes) */
const LONGEST_ANSWER = 64 * 1024
/** Characters of an answer that a reason repeats */
const EXCERPT = 120
/** Another try of the same publication would be answered the same. 401 and 403 are not among these: an operator can set that right */
const FINAL: ReadonlySet<number> = new Set([400, 404, 405, 413, 414, 415, 422])

/**
 * Calls a service, and follows no redirect.
 * @param name as people know the service
 * @returns an answer with a status of success
 * @throws PublicationFailed
 */
export async function callService(name: string, { url, ...call }: ServiceCall): Promise<ServiceAnswer> {
  let response: Response
  try {
    response = await fetch(url, {
      ...call,
      headers: { accept: 'application/json', ...call.headers },
      redirect: 'manual',
    })
  } catch (error) {
    throw new PublicationFailed(`${name} cannot be reached: ${causeOf(error)}`, { cause: error })
  }
  const { status, headers } = response
  const text = await readSome(response).catch(() => '')
  if (response.ok) return { status, value: jsonOf(text) }
  throw refusal(name, { status, text, wait: retryAfter(headers) })
}

/**
 * What an answer without success means.
 * @param answer `wait`: for how long the service wants to be left alone (ms)
 */
export function refusal(
  name: string,
  { status, text, wait }: { status: number; text: string; wait?: number | undefined },
): PublicationFailed {
  return new PublicationFailed(`${name} answered ${status} ${excerpt(text)}`, {
    final: FINAL.has(status),
    // A service may also say when it is back
    ...(status === 429
      ? { retryAfter: wait ?? 1_000 }
      : status === 503 && wait !== undefined
        ? { retryAfter: wait }
        : {}),
  })
}

/** Somebody else answered with success: a proxy, or the page of a wrong address */
export const notTheService = (name: string): PublicationFailed =>
  new PublicationFailed(`${name} was not who answered: is the host right?`)

async function readSome(response: Response): Promise<string> {
  const decoder = new TextDecoder()
  let text = ''
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    // Leaving the loop cancels the rest
    if (text.length > LONGEST_ANSWER) break
  }
  return text
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const excerpt = (text: string): string =>
  (text.length > EXCERPT ? `${text.slice(0, EXCERPT)}…` : text).replace(/\s+/g, ' ').trim()

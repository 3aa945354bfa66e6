// The one error that a request can fail with.
import type { ErrorCode } from '../protocol/errors.ts'

/** `network`: no answer came. `http`: an answer that is not a problem document, for example from a proxy. */
export type ApiErrorCode = ErrorCode | 'network' | 'http'

export class ApiError extends Error {
  override readonly name = 'ApiError'
  declare readonly code: ApiErrorCode
  /** 0 when no answer came */
  declare readonly status: number
  /** Seconds to wait, when the server asked for a pause */
  declare readonly retryAfter: number | undefined
  constructor(code: ApiErrorCode, status: number, detail: string, retryAfter?: number) {
    super(detail)
    this.code = code
    this.status = status
    this.retryAfter = retryAfter
  }
  /** Whether the same request may succeed later, unchanged */
  get transient(): boolean {
    // Who was signed out, or is not the one who is signed in, may be back
    return this.code === 'other_person' || [0, 401, 408, 429].includes(this.status) || this.status >= 500
  }
}

export const toApiError = (error: unknown): ApiError =>
  error instanceof ApiError ? error : new ApiError('network', 0, String(error))

// All errors that the server sends: an RFC 9457 problem document (REST) or a nack (socket), with one of these codes.

/** code → HTTP status and title */
export const ERRORS = {
  invalid_json: [400, 'The body is not valid JSON'],
  invalid_request: [400, 'The request is not valid'],
  unauthorized: [401, 'Sign in first'],
  token_invalid: [401, 'The token is not valid'],
  token_signature: [401, 'The token was signed with another key, or changed'],
  token_not_yet_valid: [401, 'The token is not valid yet'],
  token_lifetime: [401, 'The token lives too long'],
  token_expired: [401, 'The token has expired'],
  token_revoked: [401, 'The token was revoked'],
  forbidden: [403, 'Not allowed'],
  forbidden_origin: [403, 'This origin is not allowed'],
  blocked: [403, 'You can no longer write here'],
  not_found: [404, 'Not found'],
  search_off: [404, 'Messages cannot be searched here'],
  method_not_allowed: [405, 'Method not allowed'],
  conflict: [409, 'The client_id was used for another message or file'],
  shortcut_taken: [409, 'Another canned reply has this shortcut'],
  other_person: [409, 'Somebody else is signed in'],
  length_required: [411, 'Say how long the file is, by Content-Length'],
  file_too_large: [413, 'The file is too large'],
  body_too_large: [413, 'The body is too large'],
  unsupported_media_type: [415, 'Send application/json'],
  blank: [422, 'A message needs some text'],
  empty_file: [422, 'The file is empty'],
  image_too_large: [422, 'The image has too many pixels'],
  attachment_gone: [422, 'A file of the message is not here any more: attach it again'],
  unknown_colleague: [422, 'Nobody of staff with this id was here'],
  too_long: [422, 'A message has at most 10,000 characters'],
  chat_too_long: [422, 'A chat of more than 10,000 messages cannot follow another one'],
  too_many_tags: [422, 'A chat has at most 20 tags'],
  too_many_replies: [422, 'There are at most 1,000 canned replies'],
  rate_limited: [429, 'Too many requests'],
  too_many_files: [429, 'Too many files for now: try again later'],
  internal: [500, 'Something went wrong'],
  unavailable: [503, 'Try again in a moment'],
} as const satisfies Record<string, readonly [number, string]>

export type ErrorCode = keyof typeof ERRORS

/** RFC 9457 */
export interface Problem {
  type: string
  title: string
  status: number
  code: ErrorCode
  detail?: string
}

/** An error that is answered to the caller. `detail` is sent too, so it must not reveal internals. */
export class DeskbellError extends Error {
  override readonly name = 'DeskbellError'
  readonly code: ErrorCode
  /** Seconds to wait, for `rate_limited` and `unavailable` */
  readonly retryAfter: number | undefined
  constructor(code: ErrorCode, detail?: string, retryAfter?: number) {
    super(detail ?? ERRORS[code][1])
    this.code = code
    this.retryAfter = retryAfter
  }
  get status(): number {
    return ERRORS[this.code][0]
  }
}

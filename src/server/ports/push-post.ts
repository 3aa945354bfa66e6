export interface PushRequest {
  url: string
  headers: Record<string, string>
  body: Uint8Array<ArrayBuffer>
  /** Aborted when the answer has taken too long, or the server stops */
  signal: AbortSignal
}

export interface PushAnswer {
  /** HTTP */
  status: number
  /** For how long the service wants to be left alone (ms); undefined: it does not say */
  retryAfter: number | undefined
}

/**
 * Posts to a push service, whose address a browser gave, and follows no redirect.
 * @throws PushBarred when the address must not be reached; any other error: there was no answer
 */
export type PostPush = (request: PushRequest) => Promise<PushAnswer>

/** The address leads to a private network, into which nobody may make this server send */
export class PushBarred extends Error {
  override readonly name = 'PushBarred'
}

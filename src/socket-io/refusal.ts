import type { DisconnectReason } from '../protocol/cable.ts'
import type { ErrorCode, Problem } from '../protocol/errors.ts'

/** What the client finds in the `data` of its `connect_error` */
interface RefusalData {
  code: ErrorCode
  detail?: string | undefined
  /** Seconds until it may try again */
  retry_after?: number | undefined
}

/** Why a socket is not let in */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly data: RefusalData
  readonly #isFinal: boolean

  constructor(data: RefusalData, title: string = data.code, status = 400) {
    super(data.detail ?? title)
    this.data = data
    this.#isFinal = status === 401 || status === 403
  }

  /** For a socket that is connected already, and must leave */
  get parting(): { reason: DisconnectReason; reconnect: boolean } {
    if (!this.#isFinal) return { reason: 'remote', reconnect: true }
    return { reason: this.data.code === 'token_expired' ? 'token_expired' : 'unauthorized', reconnect: false }
  }
}

/** @param response an RFC 9457 problem */
export async function refusalOf(response: Response): Promise<Refusal> {
  const { code, detail, title, status } = (await response.json()) as Problem
  const after = response.headers.get('retry-after')
  return new Refusal({ code, detail, retry_after: after === null ? undefined : Number(after) }, title, status)
}

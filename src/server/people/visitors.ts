// People without an account. A visitor is whoever holds a random token, of which only the hash is stored: as their id.
import { isVisitor, VISITOR_ID_PREFIX, VISITOR_TOKEN_PREFIX } from '../../protocol/visitor.ts'
import type { ChatRecord } from '../ports/store/chats.ts'
import type { Identity } from './identity.ts'
import type { VisitorLimits } from './visitor-limits.ts'

export interface VisitorsOptions {
  /** Days after which a visitor who neither came nor got a message is erased, with their chat. Default: 90 */
  idleDays?: number | undefined
}

/** A caller without an account */
export interface Visitor extends Identity {
  /** The key by which their address is limited; undefined: the runtime does not know it */
  address?: string | undefined
}

export const VISITOR_TOKEN: RegExp = new RegExp(`^${VISITOR_TOKEN_PREFIX}[\\w-]{43}$`)

export const isVisitorToken = (token: string): boolean => VISITOR_TOKEN.test(token)

const utf8 = new TextEncoder()
const sha256 = async (text: string): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', utf8.encode(text)))

/** The id of whoever holds this token. Nothing leads back from it to the token */
export async function visitorId(token: string): Promise<string> {
  const hash = btoa(String.fromCharCode(...(await sha256(token))))
  return VISITOR_ID_PREFIX + hash.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
}

export const visitorOf = async (token: string, address: string | undefined): Promise<Visitor> => ({
  id: await visitorId(token),
  role: 'user',
  email: '',
  name: null,
  expiresAt: null,
  // Any revocation ends it, for good
  issuedAt: 0,
  address,
})

export const isVisitorIdentity = (identity: Identity): identity is Visitor => isVisitor(identity.id)

/**
 * The chat that visitors see before their first message. It is stored nowhere, and their id makes its own: so a page can subscribe to
 * it on any node.
 */
export class UnwrittenChat implements ChatRecord {
  readonly id: string
  readonly user_id: string
  readonly user_email = ''
  readonly user_name = null
  readonly last_seq = 0
  readonly archived_at = null
  readonly user_read_seq = 0
  readonly user_read_at = null
  readonly admin_viewed_seq = 0
  readonly admin_viewed_at = null
  #written: Promise<ChatRecord> | undefined

  private constructor(id: string, userId: string) {
    this.id = id
    this.user_id = userId
  }

  static async of({ id }: Visitor): Promise<UnwrittenChat> {
    return new UnwrittenChat(uuid(await sha256(`chat ${id}`)), id)
  }

  /** The stored chat. Messages that follow each other wait for one `write`, and stay in their order */
  written(write: () => Promise<ChatRecord>): Promise<ChatRecord> {
    this.#written ??= write().catch((error: unknown) => {
      this.#written = undefined
      throw error
    })
    return this.#written
  }
}

/** A UUID of version 8 (RFC 9562): its bits are what an application makes them */
function uuid(bytes: Uint8Array): string {
  const hex = Array.from(bytes.subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('')
  const variant = '89ab'[parseInt(hex.charAt(16), 16) & 3]
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`
}

/** What the server needs to know of visitors where they may write */
export interface Visitors {
  /** Null: not limited */
  limits: VisitorLimits | null
}

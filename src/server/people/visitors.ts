// People without an account. A visitor is whoever holds a random token, of which only the hash is stored: as their id.
import { isVisitor, VISITOR_ID_PREFIX, VISITOR_TOKEN_PREFIX } from '../../protocol/visitor.ts'
import { base64url, sha256 } from '../bytes.ts'
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

/** The id of whoever holds this token. Nothing leads back from it to the token */
export const visitorId = async (token: string): Promise<string> => VISITOR_ID_PREFIX + base64url(await sha256(token))

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

/** What the server needs to know of visitors where they may write */
export interface Visitors {
  /** Null: not limited */
  limits: VisitorLimits | null
}

import type { SenderType } from '../../protocol/types.ts'

/** What the host, or a token, says that a person is; `policy.ts` decides what that lets them do. `admin` is staff. */
export type Role = 'user' | 'admin'

/** Who is asking. A host's `authenticate` returns one for its own session. */
export interface Identity {
  /** The host's id of this person */
  id: string
  role: Role
  email: string
  name: string | null
  /** Milliseconds since 1970. The person's connections are closed then; null: never */
  expiresAt: number | null
  /** Milliseconds since 1970. What was issued before a revocation is no longer good; a token without `iat` has 0; null: unknown */
  issuedAt?: number | null
  /** A session that can be revoked by itself, such as a token's `jti` */
  sessionId?: string | null
}

/** The side of a conversation that a person speaks and reads for */
export const sideOf = ({ role }: Pick<Identity, 'role'>): SenderType => (role === 'user' ? 'user' : 'admin')

/** One person for limits and revocations: a user and a member of staff may have the same id */
export const personKey = ({ role, id }: Pick<Identity, 'role' | 'id'>): string => `${role}:${id}`

export const isSamePerson = (a: Identity, b: Identity): boolean => a.id === b.id && a.role === b.role

import type { SenderType } from '../../protocol/types.ts'

/** A person's role, set by the host or a token. `admin` is staff. `policy.ts` decides what each role may do. */
export type Role = 'user' | 'admin'

/** The identified caller. A host's `authenticate` returns one for its own session. */
export interface Identity {
  /** The host's id of this person */
  id: string
  role: Role
  email: string
  name: string | null
  /** Milliseconds since 1970. The person's connections are closed then; null: never */
  expiresAt: number | null
  /** Milliseconds since 1970; null: unknown. A revocation ends what was issued before it. A token without `iat` has 0 */
  issuedAt?: number | null
  /** The session's id, such as a token's `jti`, so that it can be revoked separately */
  sessionId?: string | null
}

/** The side of a conversation for which a person writes and reads */
export const sideOf = ({ role }: Pick<Identity, 'role'>): SenderType => (role === 'user' ? 'user' : 'admin')

/** Identifies a person for limits and revocations. A user and a member of staff may have the same id */
export const personKey = ({ role, id }: Pick<Identity, 'role' | 'id'>): string => `${role}:${id}`

export const isSamePerson = (a: Identity, b: Identity): boolean => a.id === b.id && a.role === b.role

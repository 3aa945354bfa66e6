import { z } from 'zod'
import type { SenderType } from '../../protocol/types.ts'
import { isCleanText } from '../http/input.ts'

/** A person's role, set by the host or a token. `admin` is staff. `policy.ts` decides what each role may do. */
export type Role = 'user' | 'admin'

/** The identified caller. A host's `authenticate` returns one for its own session, in which only `id` and `role` are needed. */
export interface Identity {
  /** The host's id of this person. Compared exactly: by case, and with the spaces around it */
  id: string
  role: Role
  /** Empty: the person has none, and gets no e-mails */
  email: string
  /** On one line, at most 200 characters; null: unknown */
  name: string | null
  /** Milliseconds since 1970. The person's connections are closed then; null: never */
  expiresAt: number | null
  /** Milliseconds since 1970; null: unknown. A revocation ends what was issued before it. A token without `iat` has 0 */
  issuedAt?: number | null
  /** The session's id, such as a token's `jti`, so that it can be revoked separately */
  sessionId?: string | null
}

/**
 * A person as a host's `authenticate` returns them. A name or an e-mail address that cannot be used is left out, with a report to
 * `onError` for the address; nobody is locked out because of it.
 */
export interface HostIdentity extends Pick<Identity, 'role' | 'issuedAt' | 'sessionId'> {
  /** A whole number counts as its digits: 42 and '42' are the same person */
  id: string | number
  email?: string | null
  name?: string | null
  /** See `Identity.expiresAt`. Default: never */
  expiresAt?: number | null
}

/** Hosts have numbers as ids too. Larger ones would have lost digits when they were parsed */
const isPersonId = (id: unknown): id is string | number =>
  typeof id === 'string' ? id.length > 0 && id.length <= 200 && isCleanText(id) : Number.isSafeInteger(id)

export const personId = z
  .custom<string | number>(isPersonId, 'must be the person’s id: 1 to 200 characters, or a whole number below 2^53')
  .transform(String)

/** What is wrong with the values of a person, for the developer who gave them */
export const wrongFields = ({ issues }: z.ZodError): string =>
  issues.map(({ path, message }) => [...path, message].join(' ')).join('; ')

/** The side of a conversation for which a person writes and reads */
export const sideOf = ({ role }: Pick<Identity, 'role'>): SenderType => (role === 'user' ? 'user' : 'admin')

/** Identifies a person for limits and revocations. A user and a member of staff may have the same id */
export const personKey = ({ role, id }: Pick<Identity, 'role' | 'id'>): string => `${role}:${id}`

export const isSamePerson = (a: Identity, b: Identity): boolean => a.id === b.id && a.role === b.role

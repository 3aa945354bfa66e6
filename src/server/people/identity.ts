import { z } from 'zod'
import type { Attributes, SenderType } from '../../protocol/types.ts'
import { isCleanText } from '../http/input.ts'
import { isVisitor } from '../../protocol/visitor.ts'
import type { Person } from '../ports/store/people.ts'

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
  /** What else staff see of a user; undefined: not given, and what is stored stays */
  attributes?: Attributes | undefined
  /** Milliseconds since 1970. The person's connections are closed then; null: never */
  expiresAt: number | null
  /** Milliseconds since 1970; null: unknown. A revocation ends what was issued before it. A token without `iat` has 0 */
  issuedAt?: number | null
  /** The session's id, such as a token's `jti`, so that it can be revoked separately */
  sessionId?: string | null
}

/** Attributes as a host gives them. Values that are null or undefined are left out */
export type GivenAttributes = Readonly<Record<string, string | number | boolean | null | undefined>>

interface HostPerson {
  /** A whole number counts as its digits: 42 and '42' are the same person */
  id: string | number
  /** Without one, the person gets no e-mails */
  email?: string | null | undefined
  name?: string | null | undefined
  /** See `Identity.expiresAt`. Default: never */
  expiresAt?: number | null | undefined
  /** See `Identity.issuedAt`. Default: unknown */
  issuedAt?: number | null | undefined
  /** See `Identity.sessionId` */
  sessionId?: string | null | undefined
}

/** Somebody who is helped */
export interface HostUser extends HostPerson {
  role: 'user'
  /**
   * What staff see beside the chat, such as `{ plan: 'Pro', Account: 'https://admin.example.com/users/42' }`: at most 30, names of 40
   * characters, texts of 200; https addresses are links. Replaces the stored ones as a whole. Default: these stay
   */
  attributes?: GivenAttributes | null | undefined
}

/** Support staff, who see all chats */
export interface HostStaff extends HostPerson {
  role: 'admin'
}

/**
 * A person as a host's `authenticate` returns them; `role` decides what they may do. A name, an e-mail address or an attribute that
 * cannot be used is left out, with a report to `onError`; nobody is locked out because of it.
 */
export type HostIdentity = HostUser | HostStaff

/** Hosts have numbers as ids too. Larger ones would have lost digits when they were parsed */
const isPersonId = (id: unknown): id is string | number =>
  typeof id === 'string' ? id.length > 0 && id.length <= 200 && isCleanText(id) : Number.isSafeInteger(id)

export const personId = z
  .custom<string | number>(isPersonId, 'must be the person’s id: 1 to 200 characters, or a whole number below 2^53')
  .transform(String)

/** The id of somebody whom a host or a token names: nobody may claim to be a visitor */
export const ownPersonId = personId.refine((id) => !isVisitor(id), 'must not be the id of a visitor')

/** What is wrong with the values of a person, for the developer who gave them */
export const wrongFields = ({ issues }: z.ZodError): string =>
  issues.map(({ path, message }) => [...path, message].join(' ')).join('; ')

/** The side of a conversation for which a person writes and reads */
export const sideOf = ({ role }: Pick<Identity, 'role'>): SenderType => (role === 'user' ? 'user' : 'admin')

/** A user on a page, as they are stored */
export const personOf = ({ id, email, name, attributes }: Identity, page_url: string | undefined): Person => ({
  id,
  email,
  name,
  attributes,
  page_url,
})

/** Identifies a person for limits and revocations. A user and a member of staff may have the same id */
export const personKey = ({ role, id }: Pick<Identity, 'role' | 'id'>): string => `${role}:${id}`

export const isSamePerson = (a: Identity, b: Identity): boolean => a.id === b.id && a.role === b.role

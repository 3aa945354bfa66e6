// A person's name, e-mail address and attributes as hosts really give them. None is ever a reason to lock somebody out of the chat.
import { isEmailAddress } from '../../protocol/email-address.ts'
import { isEmpty } from '../../protocol/message.ts'
import { oneLine } from '../../protocol/one-line.ts'
import type { Attributes } from '../../protocol/types.ts'
import { attributesOf } from './attributes.ts'
import { shortened } from './shortened.ts'
import type { OnUnusable, UnusableDetail } from './unusable-details.ts'

/** Characters (UTF-16 units) of a name */
export const MAX_NAME = 200

/** The name on one line, and not longer than `MAX_NAME`; null when there is nothing to show */
export function nameOf(given: unknown): string | null {
  if (typeof given !== 'string') return null
  const name = shortened(oneLine(given.toWellFormed()), MAX_NAME)
  return isEmpty({ content: name }) ? null : name
}

/** The address, or an empty text for none: then no e-mail is sent */
export function emailOf(given: unknown): string {
  const email = typeof given === 'string' ? given.trim() : ''
  return isEmailAddress(email) ? email : ''
}

/** The host gave something as the address, but it is none. To give no address is a choice, and no mistake */
export const isUnusableEmail = (given: unknown): boolean =>
  given !== undefined && given !== null && emailOf(given) === '' && !(typeof given === 'string' && given.trim() === '')

export interface Details {
  /** Empty: none */
  email: string
  /** Null: unknown */
  name: string | null
  /** Undefined: not given */
  attributes: Attributes | undefined
}

/** What can be used of what a host gave. @param onUnusable called for what cannot, with the person it was given for */
export function detailsOf(
  given: { email?: unknown; name?: unknown; attributes?: unknown },
  person: UnusableDetail['person'],
  onUnusable: OnUnusable | undefined,
): Details {
  if (isUnusableEmail(given.email)) onUnusable?.({ person, what: 'email' })
  const { attributes, problems } = attributesOf(given.attributes)
  if (problems.length > 0) onUnusable?.({ person, what: 'attributes', problems })
  return { email: emailOf(given.email), name: nameOf(given.name), attributes }
}

// A person's name and e-mail address as hosts really give them. Neither is ever a reason to lock somebody out of the chat.
import { isEmailAddress } from '../../protocol/email-address.ts'
import { isEmpty } from '../../protocol/message.ts'
import { oneLine } from '../../protocol/one-line.ts'

/** Characters (UTF-16 units) of a name */
export const MAX_NAME = 200

/** The name on one line, and not longer than `MAX_NAME`; null when there is nothing to show */
export function nameOf(given: unknown): string | null {
  if (typeof given !== 'string') return null
  const name = shortened(oneLine(given.toWellFormed()))
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

/** Cuts between graphemes, so that no emoji is split */
function shortened(name: string): string {
  if (name.length <= MAX_NAME) return name
  const graphemes = new Intl.Segmenter().segment(name.slice(0, 2 * MAX_NAME))
  let end = 0
  for (const { index, segment } of graphemes) {
    if (index + segment.length > MAX_NAME) break
    end = index + segment.length
  }
  // One grapheme alone may be longer
  const cut = end > 0 ? name.slice(0, end) : name.slice(0, MAX_NAME)
  return (cut.isWellFormed() ? cut : cut.slice(0, -1)).trim()
}

import { isVisitor, VISITOR_ID_PREFIX } from '../../protocol/visitor.ts'
import type { DashboardCatalogue } from '../catalogue.ts'

/** Characters of a visitor's id that tell them from others */
const CODE = 4

interface Who {
  user_id: string
  user_email: string
}

type Words = Pick<DashboardCatalogue, 'visitor' | 'unverifiedAddress'>

/**
 * The address by which staff know a user, or their id where there is none. Somebody without an account has an address that nobody has
 * verified, and says so, or none, and then a name that stays the same
 */
export function addressOf({ user_id: id, user_email: email }: Who, words: Words): string {
  if (!isVisitor(id)) return email || id
  return email === '' ? words.visitor(codeOf(id)) : words.unverifiedAddress(email)
}

/** What the face of somebody without a name goes by: what is particular to them, without the word before it that many share */
export const faceOf = ({ user_id: id, user_email: email }: Who): string => email || (isVisitor(id) ? codeOf(id) : id)

const codeOf = (id: string): string => id.slice(VISITOR_ID_PREFIX.length, VISITOR_ID_PREFIX.length + CODE).toUpperCase()

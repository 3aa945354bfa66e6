import { isVisitor, VISITOR_ID_PREFIX } from '../../protocol/visitor.ts'
import type { DashboardCatalogue } from '../catalogue.ts'

/** Characters of a visitor's id that tell them from others */
const CODE = 4

interface Who {
  user_id: string
  user_email: string
}

/** The address by which staff know a user; for somebody without an account, who has none, a name that stays the same */
export function addressOf({ user_id: id, user_email: email }: Who, words: Pick<DashboardCatalogue, 'visitor'>): string {
  if (email !== '' || !isVisitor(id)) return email
  return words.visitor(id.slice(VISITOR_ID_PREFIX.length, VISITOR_ID_PREFIX.length + CODE).toUpperCase())
}

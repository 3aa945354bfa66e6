import type { SupportUser } from '../../../protocol/types.ts'

/** A person as the host names them */
export interface Person {
  id: string
  email: string
  name: string | null
  /** The page they are on; undefined leaves the stored one */
  page_url?: string | undefined
}

export interface PeopleStore {
  /** Creates or updates people. When one person comes twice, the last entry wins. */
  savePeople(people: Person[], at: string): Promise<void>
  findPerson(id: string): Promise<SupportUser | undefined>
  /** No more e-mail to this person */
  unsubscribe(personId: string, at: string): Promise<void>
}

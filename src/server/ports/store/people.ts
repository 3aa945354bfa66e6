import type { SupportUser } from '../../../protocol/types.ts'

/** A person as the host describes them */
export interface Person {
  id: string
  email: string
  name: string | null
  /** The page they are on; undefined leaves the stored one */
  page_url?: string | undefined
}

export interface PeopleStore {
  /** Creates or updates people. If a person is listed twice, the last entry wins. */
  savePeople(people: Person[], at: string): Promise<void>
  findPerson(id: string): Promise<SupportUser | undefined>
  /** Stops all e-mail to this person */
  unsubscribe(personId: string, at: string): Promise<void>
}

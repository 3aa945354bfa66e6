import type { Attributes, FoundPerson, SupportUser } from '../../../protocol/types.ts'

/** A person as the host describes them */
export interface Person {
  id: string
  email: string
  name: string | null
  /** The page they are on; undefined leaves the stored one */
  page_url?: string | undefined
  /** Replaces the stored ones as a whole; undefined leaves them */
  attributes?: Attributes | undefined
}

/** Somebody was here */
export interface Visit extends Omit<Person, 'email' | 'name'> {
  /** Undefined leaves the stored address and name */
  email: string | undefined
  name: string | null
}

export interface PeopleStore {
  /** Creates or updates people. If a person is listed twice, the last entry wins. */
  savePeople(people: Person[], at: string): Promise<void>
  /**
   * Updates those who are known, and leaves out the others: a late visit must not bring back a person who was erased.
   * @returns the ids of those whose e-mail address, name or attributes changed, in any order
   */
  updatePeople(visits: Visit[], at: string): Promise<string[]>
  /**
   * The same for the e-mail address, the name and the attributes alone: nobody was here, so pages and times of visits stay.
   * @returns the ids of those of whom one of these changed, in any order
   */
  describePeople(people: Person[], at: string): Promise<string[]>
  findPerson(id: string): Promise<SupportUser | undefined>
  /** Those who are known, once each, in any order */
  findPeople(ids: readonly string[]): Promise<SupportUser[]>
  /**
   * Finds people whose name, address, or a later word of whose name begins so, whatever the case; of names, the first four words count. Each is
   * found once: by their name first, then by their address, then by another word; in order of that.
   * @param start not empty
   */
  searchPeople(start: string, limit: number): Promise<FoundPerson[]>
  /** Stops all e-mail to this person */
  unsubscribe(personId: string, at: string): Promise<void>
  /** Undoes it: replies that come from now on lead to e-mails again */
  resubscribe(personId: string, at: string): Promise<void>
  /** Since when the person gets no e-mail; null: they get it; undefined: there is no such person */
  unsubscribedAt(personId: string): Promise<string | null | undefined>
}

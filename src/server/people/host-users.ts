// Users as the host's own table has them. The copies in Deskbell's database are brought up to date from it.
import { isVisitor } from '../../protocol/visitor.ts'
import type { SupportUser } from '../../protocol/types.ts'
import type { ChatEvent } from '../events/chat-event.ts'
import { isoTime, type Clock } from '../ports/clock.ts'
import type { Person, Visit } from '../ports/store/people.ts'
import type { Store } from '../ports/store/store.ts'
import type { Afterwork } from '../stop/afterwork.ts'
import { atMost } from '../stop/at-most.ts'
import { detailsOf, type Details } from './details.ts'
import { personId, type HostUser } from './identity.ts'
import type { OnUnusable } from './unusable-details.ts'

/** A user as the host's own table has them. Null: none; what is left out stays as it is stored */
export type UserRow = Pick<HostUser, 'id' | 'email' | 'name' | 'attributes'>

/** Reads users from the host's own table, in any order; those who are not there are left out */
export type ReadUsers = (ids: string[]) => readonly UserRow[] | Promise<readonly UserRow[]>

/** Users in one call */
export const MAX_USERS = 200
/** An answer counts for this time (ms) */
export const USERS_HOLD = 60_000
/** A call that takes longer (ms) has failed */
export const USERS_WITHIN = 5_000
/** How long staff wait for it (ms). What comes later is shown when it comes */
export const WAIT_FOR_HOST = 1_000
/** After a failure the host is left alone for this time (ms) */
export const USERS_REST = 5_000
/** Users whose answers are kept */
const MAX_KEPT = 10_000

export interface HostUsersOptions {
  users: ReadUsers
  store: Pick<Store, 'describePeople' | 'findPeople'>
  clock: Clock
  onUnusable: OnUnusable
  onError: (error: unknown) => void
  /** Called with the ids of users whose stored copy has changed */
  onDescribed: (userIds: string[]) => void
  /** Default: nothing waits for what goes on after an answer */
  afterwork?: Pick<Afterwork, 'add'>
}

interface Answer {
  /** Undefined: the host's table does not have them */
  details: Partial<Details> | undefined
  /** Milliseconds since 1970 */
  until: number
}

export class HostUsers {
  readonly #options: HostUsersOptions
  /** By id, the oldest first */
  readonly #answers = new Map<string, Answer>()
  /** By id: several members of staff look at one list, and while the host is slow, all of them wait for one call */
  readonly #refreshing = new Map<string, Promise<boolean>>()
  #isFailing = false
  #restsUntil = 0

  constructor(options: HostUsersOptions) {
    this.#options = options
  }

  /**
   * Brings the stored copies up to date. Never rejects: where the host's table cannot be read, they stay as they are.
   * @param wait how long to wait for it (ms); it goes on afterwards
   * @returns whether a copy has changed in that time
   */
  async refresh(ids: string[], wait = 2 * USERS_WITHIN): Promise<boolean> {
    let changed = false
    const work = async (): Promise<void> => {
      const underWay = ids.flatMap((id) => this.#refreshing.get(id) ?? [])
      const others = this.#refreshNow(ids.filter((id) => !this.#refreshing.has(id)))
      changed = (await Promise.all(new Set([...underWay, others]))).includes(true)
    }
    await atMost(wait, this.#options.clock, work()).catch(this.#options.onError)
    return changed
  }

  #refreshNow(ids: string[]): Promise<boolean> {
    const refreshing = this.#ask(ids)
      .then((found) =>
        this.#store(found).catch((error: unknown) => {
          // Whoever asks for them next reads and stores them again
          for (const { id } of found) this.#answers.delete(id)
          throw error
        }),
      )
      .finally(() => ids.forEach((id) => this.#refreshing.delete(id)))
    for (const id of ids) this.#refreshing.set(id, refreshing)
    return refreshing
  }

  /** Staff wrote to users, which may lead to mails: whether they have an address must be known by then */
  repliedTo(events: readonly ChatEvent[]): void {
    const ids = events.flatMap((event) =>
      event.type === 'message' && event.message.sender_type === 'admin' ? [event.chat.user_id] : [],
    )
    if (ids.length === 0) return
    const refreshed = this.refresh(ids)
    this.#options.afterwork?.add(refreshed)
  }

  /**
   * People as they are to be stored: as in the host's table, where it has them. Those of whom it could not say anything yet stay as they
   * are stored, since their credentials may be older.
   * @param wait how long to wait for the host (ms)
   */
  async described(people: Person[], wait = 2 * USERS_WITHIN): Promise<Person[]> {
    await atMost(wait, this.#options.clock, this.#ask(people.map(({ id }) => id)))
    const answered = people.map((person) => ({ person, answer: this.#answers.get(person.id) }))
    const kept = await this.#stored(answered.flatMap(({ person, answer }) => (answer ? [] : person.id)))
    return answered.map(({ person, answer }) => {
      if (answer) return { ...person, ...answer.details }
      const stored = kept.get(person.id)
      return stored ? { ...person, email: stored.email, name: stored.name, attributes: undefined } : person
    })
  }

  /**
   * People who were here, as their visits are to be stored. What the host's table says of them is stored by now, and is left as it is there: another
   * node may have read something newer since.
   */
  async visits(people: Person[]): Promise<Visit[]> {
    await this.refresh(people.map(({ id }) => id))
    const answered = people.map((person) => ({ person, answer: this.#answers.get(person.id) }))
    const halfNamed = answered.filter(({ answer }) => answer?.details && isHalfNamed(answer.details))
    const stored = await this.#stored(halfNamed.map(({ person }) => person.id))
    return answered.map(({ person, answer }) => {
      if (!answer) return { ...person, email: undefined, attributes: undefined }
      return answer.details ? withoutDetails(person, answer.details, stored.get(person.id)) : person
    })
  }

  async #stored(ids: string[]): Promise<Map<string, SupportUser>> {
    const found = ids.length === 0 ? [] : await this.#options.store.findPeople(ids)
    return new Map(found.map((person) => [person.id, person]))
  }

  /**
   * Asks for those of whom there is no answer that still counts. The host's table has no visitors, and may not take their ids.
   * @returns who was found now
   */
  async #ask(ids: string[]): Promise<Person[]> {
    const { clock } = this.#options
    const now = clock.now()
    const wanted = [...new Set(ids)].filter((id) => !isVisitor(id) && (this.#answers.get(id)?.until ?? 0) <= now)
    if (wanted.length === 0 || now < this.#restsUntil) return []
    const found: Person[] = []
    try {
      for (let i = 0; i < wanted.length; i += MAX_USERS)
        found.push(...(await this.#read(wanted.slice(i, i + MAX_USERS))))
      this.#isFailing = false
    } catch (error) {
      // Report an outage once, not for every chat
      if (!this.#isFailing) this.#options.onError(error)
      this.#isFailing = true
      this.#restsUntil = clock.now() + USERS_REST
    }
    return found
  }

  async #read(ids: string[]): Promise<Person[]> {
    const { users, clock } = this.#options
    const reading = async (): Promise<readonly UserRow[]> => users(ids)
    const rows = await atMost(USERS_WITHIN, clock, reading())
    if (!rows) throw new Error(`users took longer than ${USERS_WITHIN / 1000} s`)
    const byId = idsOf(rows)
    const known = new Map<string, Partial<Details>>()
    for (const id of ids) {
      const row = byId.get(id)
      const details = row && this.#detailsOf(id, row)
      this.#keep(id, { details, until: clock.now() + USERS_HOLD })
      if (details) known.set(id, details)
    }
    const stored = await this.#stored([...known.keys()])
    return [...stored.values()].map(({ id, email, name }) => ({ id, email, name, ...known.get(id) }))
  }

  #detailsOf(id: string, row: UserRow): Partial<Details> {
    const { email, name, attributes } = detailsOf(row, { role: 'user', id }, this.#options.onUnusable)
    return {
      ...(row.email === undefined ? {} : { email }),
      ...(row.name === undefined ? {} : { name }),
      ...(attributes === undefined ? {} : { attributes }),
    }
  }

  #keep(id: string, answer: Answer): void {
    this.#answers.delete(id)
    this.#answers.set(id, answer)
    if (this.#answers.size <= MAX_KEPT) return
    for (const oldest of this.#answers.keys()) {
      this.#answers.delete(oldest)
      return
    }
  }

  async #store(found: Person[]): Promise<boolean> {
    if (found.length === 0) return false
    const { store, clock, onDescribed } = this.#options
    const changed = await store.describePeople(found, isoTime(clock.now()))
    if (changed.length > 0) onDescribed(changed)
    return changed.length > 0
  }
}

/** The table names one of address and name, and the credentials the other */
const isHalfNamed = (details: Partial<Details>): boolean => 'email' in details !== 'name' in details

/** @param stored where the table does not name both address and name, because both are written together */
function withoutDetails(person: Person, details: Partial<Details>, stored: SupportUser | undefined): Visit {
  const attributes = 'attributes' in details ? undefined : person.attributes
  const email = 'email' in details ? stored?.email : person.email
  const name = 'name' in details ? (stored?.name ?? null) : person.name
  const isNews = !stored || email !== stored.email || name !== stored.name
  return { ...person, attributes, name, email: isNews ? email : undefined }
}

/** @throws Error that says what the host's function must return */
function idsOf(rows: unknown): Map<string, UserRow> {
  if (!Array.isArray(rows)) throw new Error('users must return a list of users')
  return new Map(
    rows.map((row: unknown) => {
      const { data } = personId.safeParse(Object(row).id)
      if (data === undefined) throw new Error('users returned a user without an id')
      return [data, row as UserRow]
    }),
  )
}

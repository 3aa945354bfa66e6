// Somebody of staff leaves for good: their chats become nobody's, a few at a time. That they left is among the revocations, so every node
// knows of it, whichever program said so, and one that is killed goes on with it after its next start.
import { REVOKED_WITHIN, type Revocations } from '../people/revocations.ts'
import { isoTime, type Clock } from '../ports/clock.ts'
import type { SeenColleague } from '../ports/store/colleagues.ts'
import type { Store } from '../ports/store/store.ts'
import type { Turn } from '../work/due-worker.ts'
import type { TimeLimit } from '../work/time-limit.ts'
import { setAssignee, type AssignmentParts } from './set-assignee.ts'

/** Chats that are read at once. Each is given back in a transaction of its own, between which others can write */
const PAGE = 50
/** Another look (ms): until then, nodes that did not know of it may have assigned something to whoever left */
const LOOK_AGAIN = 2 * REVOKED_WITHIN
/** Milliseconds until the next try after a database error */
const TRY_AGAIN = 30_000

const LEFT = 'left:'
/** That a member of staff left, as the subject of a revocation */
export const departureOf = (id: string): string => `${LEFT}${id}`
const departed = (subjects: Iterable<string>): string[] =>
  [...subjects].filter((subject) => subject.startsWith(LEFT)).map((subject) => subject.slice(LEFT.length))

export interface DeparturesOptions extends Pick<AssignmentParts, 'events'> {
  store: Store
  clock: Clock
  revocations: Pick<Revocations, 'subjectRevokedAt'>
  onError: (error: unknown) => void
  /** It works when `runDue` is called, and starts no timer. Default: false */
  onDemand?: boolean
}

export class Departures {
  readonly #options: DeparturesOptions
  /** Whose chats are to be looked through */
  readonly #due = new Set<string>()
  #running: Promise<boolean> = Promise.resolve(true)
  #cancels = new Set<() => void>()
  #closed = false

  constructor(options: DeparturesOptions) {
    this.#options = options
  }

  /** These are new among the revocations; after a start, all are */
  learned(subjects: Iterable<string>): void {
    const ids = departed(subjects)
    if (ids.length === 0 || this.#closed) return
    this.#look(ids)
    this.#after(LOOK_AGAIN, () => this.#look(ids))
  }

  /** They left, and were not here since */
  hasLeft({ id, last_seen_at }: Pick<SeenColleague, 'id' | 'last_seen_at'>): boolean {
    const leftAt = this.#options.revocations.subjectRevokedAt(departureOf(id))
    return leftAt !== undefined && Date.parse(last_seen_at) <= leftAt
  }

  /** A bounded part of it. Never rejects */
  async runDue(limit: TimeLimit): Promise<Turn> {
    return { taken: 0, isDone: await this.#run(() => limit.leftToBegin > 0) }
  }

  async close(): Promise<void> {
    this.#closed = true
    for (const cancel of this.#cancels) cancel()
    await this.#running
  }

  #look(ids: string[]): void {
    for (const id of ids) this.#due.add(id)
    if (!this.#options.onDemand) void this.#run(() => !this.#closed)
  }

  #after(ms: number, task: () => void): void {
    if (this.#options.onDemand) return
    const cancel = this.#options.clock.after(ms, () => {
      this.#cancels.delete(cancel)
      task()
    })
    this.#cancels.add(cancel)
  }

  /** One after the other. @returns whether nothing is left to do */
  #run(mayGoOn: () => boolean): Promise<boolean> {
    this.#running = this.#running.then(() => this.#work(mayGoOn))
    return this.#running
  }

  async #work(mayGoOn: () => boolean): Promise<boolean> {
    try {
      for (const id of this.#due) {
        if (!(await this.#giveBack(id, mayGoOn))) return false
        this.#due.delete(id)
      }
      return true
    } catch (error) {
      this.#options.onError(error)
      if (!this.#closed) this.#after(TRY_AGAIN, () => this.#look([]))
      return false
    }
  }

  /** @returns false: some are left */
  async #giveBack(id: string, mayGoOn: () => boolean): Promise<boolean> {
    const { store, clock } = this.#options
    const colleague = await store.findColleague(id)
    if (colleague && !this.hasLeft(colleague)) return true
    for (const archived of [false, true]) {
      for (let before: string | undefined; ;) {
        if (!mayGoOn()) return false
        const page = await store.listChats({ archived, assignee: id, limit: PAGE })
        const first = page[0]?.id
        // What stays at the top, another node has just given back
        if (first === undefined || first === before) break
        before = first
        const chats = await store.findChats(page.map((chat) => chat.id))
        for (const chat of chats)
          await setAssignee(this.#options, chat, { assignee: null, from: id, actor: null, at: isoTime(clock.now()) })
      }
    }
    return true
  }
}

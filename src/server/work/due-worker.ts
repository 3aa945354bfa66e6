import type { Clock } from '../ports/clock.ts'
import type { Afterwork } from '../stop/afterwork.ts'
import { atMost } from '../stop/at-most.ts'
import type { TimeLimit } from './time-limit.ts'

/** Looks for due work at least this often (ms): the node that claimed something may have died, and clocks differ */
const LOOK_EVERY = 60_000
/** Milliseconds until the next look after a database error */
const LOOK_AGAIN = 30_000

/** What came of one turn */
export interface Turn {
  /** Items that were taken up */
  taken: number
  /** Nothing is due any more */
  isDone: boolean
}

export interface DueWork<Item> {
  clock: Clock
  onError: (error: unknown) => void
  /** It does not look by itself, and works when `runDue` is called: no timer lives on where processes do not. Default: false */
  onDemand?: boolean
  /** On demand, where what outlasts its turn is waited for */
  afterwork?: Pick<Afterwork, 'add'> | undefined
  /** How many items may be under way. Others wait only when all of these hang */
  atOnce: number
  /** An item that takes longer (ms) is no longer counted: its lease has expired, and one that hangs must not block others */
  patience: number
  /** Claims up to `limit` items, so that no other node gets them */
  claim: (limit: number) => Promise<Item[]>
  /** ISO 8601; when the next item is due, or the next lease expires */
  next: () => Promise<string | undefined>
  work: (item: Item) => Promise<void>
}

/** Claims from the database what is due, when it is, and does it. What is due, and whose turn it is, the database decides. */
export class DueWorker<Item> {
  readonly #options: DueWork<Item>
  readonly #underWay = new Set<Promise<void>>()
  #cancel: (() => void) | undefined
  #lookAt = Infinity
  #running: Promise<void> = Promise.resolve()
  #queued = false
  #closed = false

  constructor(options: DueWork<Item>) {
    this.#options = options
    this.lookIn(0)
  }

  /** Plans a look, unless an earlier one is planned */
  lookIn(ms: number): void {
    const { clock } = this.#options
    const wait = Math.max(0, Math.min(ms, LOOK_EVERY))
    if (this.#options.onDemand || this.#closed || clock.now() + wait >= this.#lookAt) return
    this.#cancel?.()
    this.#lookAt = clock.now() + wait
    this.#cancel = clock.after(wait, () => {
      this.#lookAt = Infinity
      this.#look()
    })
  }

  /** Takes up what is due, and what becomes due by that. Never rejects: what fails is reported */
  async runDue(limit: TimeLimit): Promise<Turn> {
    const { clock, onError, atOnce, claim } = this.#options
    let taken = 0
    try {
      while (!this.#closed && limit.leftToBegin > 0) {
        const free = atOnce - this.#underWay.size
        const items = free > 0 ? await claim(free) : []
        for (const item of items) this.#start(item)
        taken += items.length
        if (this.#underWay.size === 0) return { taken, isDone: true }
        // Whichever ends may make another one due
        await atMost(limit.leftToBegin, clock, Promise.race(this.#underWay))
      }
    } catch (error) {
      onError(error)
    }
    await atMost(limit.left, clock, Promise.all(this.#underWay))
    return { taken, isDone: false }
  }

  get underWay(): number {
    return this.#underWay.size
  }

  /** Begins nothing any more, and waits `ms` milliseconds at most for what is under way */
  async close(ms: number): Promise<void> {
    this.#closed = true
    this.#cancel?.()
    await this.#running
    await atMost(ms, this.#options.clock, Promise.all(this.#underWay))
  }

  #look(): void {
    if (this.#options.onDemand || this.#closed || this.#queued) return
    this.#queued = true
    this.#running = this.#running.then(() => {
      this.#queued = false
      return this.#run()
    })
  }

  async #run(): Promise<void> {
    const { clock, onError, atOnce, claim, next } = this.#options
    const limit = atOnce - this.#underWay.size
    // Each item looks again when it ends
    if (this.#closed || limit === 0) return
    let wait = LOOK_EVERY
    try {
      const items = await claim(limit)
      for (const item of items) this.#start(item)
      if (items.length === limit) return
      const nextAt = await next()
      if (nextAt !== undefined) wait = Date.parse(nextAt) - clock.now()
    } catch (error) {
      onError(error)
      wait = LOOK_AGAIN
    }
    this.lookIn(wait)
  }

  #start(item: Item): void {
    const { clock, onError, patience, work, onDemand, afterwork } = this.#options
    const end = () => {
      cancel()
      if (this.#underWay.delete(working)) this.#look()
    }
    const working = work(item).catch(onError).then(end)
    const cancel = clock.after(patience, end)
    this.#underWay.add(working)
    if (onDemand) afterwork?.add(working)
  }
}

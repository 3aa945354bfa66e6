import type { Clock } from '../ports/clock.ts'
import { atMost } from '../stop/at-most.ts'

/** Looks for due work at least this often (ms): the node that claimed something may have died, and clocks differ */
const LOOK_EVERY = 60_000
/** Milliseconds until the next look after a database error */
const LOOK_AGAIN = 30_000

export interface DueWork<Item> {
  clock: Clock
  onError: (error: unknown) => void
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
    if (this.#closed || clock.now() + wait >= this.#lookAt) return
    this.#cancel?.()
    this.#lookAt = clock.now() + wait
    this.#cancel = clock.after(wait, () => {
      this.#lookAt = Infinity
      this.#look()
    })
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
    if (this.#closed || this.#queued) return
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
    const { clock, onError, patience, work } = this.#options
    const end = () => {
      cancel()
      if (this.#underWay.delete(working)) this.#look()
    }
    const working = work(item).catch(onError).then(end)
    const cancel = clock.after(patience, end)
    this.#underWay.add(working)
  }
}

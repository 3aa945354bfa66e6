import type { Clock } from '../ports/clock.ts'
import type { Afterwork } from './afterwork.ts'
import { atMost } from './at-most.ts'

/** How long the end of a request may wait for what it began (ms) */
const AFTERWORK_WITHIN = 10_000
/** How long an answer waits for what is unfinished (ms), where nothing else keeps the process alive */
const ANSWER_WAITS = 2_000

export interface UnfinishedOptions {
  clock: Clock
  afterwork: Afterwork
  /** Null: nothing is published */
  publishing: { readonly isIdle: boolean; settled: () => Promise<void> } | null
  /** Who was here, which is written in batches */
  seen: readonly { write: () => Promise<void> | undefined }[]
  /** The process lives on after the answer */
  livesOn: boolean
}

/** What was begun and must not end with the process */
export class Unfinished {
  readonly #options: UnfinishedOptions

  constructor(options: UnfinishedOptions) {
    this.#options = options
  }

  /** Resolves when all that requests began is done, or after a limited time; undefined: nothing is to be done */
  rest(): Promise<unknown> | undefined {
    const { clock, afterwork, seen, livesOn } = this.#options
    for (const part of livesOn ? [] : seen) {
      const written = part.write()
      if (written) afterwork.add(written)
    }
    const work = [
      ...(afterwork.isIdle ? [] : [atMost(AFTERWORK_WITHIN, clock, afterwork.settled())]),
      ...this.#publications(),
    ]
    return work.length > 0 ? Promise.all(work) : undefined
  }

  /** Where nothing else keeps the process alive, waits for the rest, for a limited time */
  async wait(rest: Promise<unknown>): Promise<void> {
    await atMost(ANSWER_WAITS, this.#options.clock, rest)
  }

  /**
   * Does what the host's code asks for outside of a request. Nobody but that code keeps the process alive then, so this also waits for
   * what the work began. It does not wait for what was under way before: that may be a listener which waits for this work.
   */
  async with<T>(work: () => Promise<T>): Promise<T> {
    const { afterwork, livesOn } = this.#options
    if (livesOn) return work()
    const before = afterwork.mark()
    const result = await work()
    const rest = [...afterwork.since(before), ...this.#publications()]
    if (rest.length > 0) await this.wait(Promise.all(rest))
    return result
  }

  #publications(): Promise<void>[] {
    const { publishing } = this.#options
    return publishing && !publishing.isIdle ? [publishing.settled()] : []
  }
}

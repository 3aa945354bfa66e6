// Full jitter: any wait between zero and the ceiling, so that not all clients reconnect to a restarted server at once. Times are those of
// the page, since the clock of the machine may be set.
import { SERVER_RESTARTS } from '../../protocol/timing.ts'

export interface Backoff {
  /**
   * Milliseconds to wait before the next try; the ceiling doubles each time
   * @param within seconds over which the server asks everybody to come back. Until the reset, no try has less: a server that restarts may not be
   *   there yet, and they must not all come in its first second
   */
  next(within?: number): number
  /** Begins again: a try has worked */
  reset(): void
  /** The server has answered otherwise, so it is not restarting */
  answered(): void
  /** Tries since the last reset, without the first goodbye that named a time: who was sent away has not failed to come back */
  readonly tries: number
  /**
   * More than one try has failed, so something else has to stand in. Where a try had worked before, this is false for as long as the server may
   * be restarting: nothing else would work either, and all that clients try takes time from a server that has just started
   */
  readonly down: boolean
}

export function createBackoff(base = 500, max = 10_000, random: () => number = Math.random): Backoff {
  let tries = 0
  let spread = 0
  let patience = 0
  let downAt = 0
  return {
    next(within = spread) {
      downAt ||= performance.now() + patience + within * 1000
      return (
        random() * Math.max(Math.min(max, base * 2 ** (within > spread ? tries : tries++)), (spread = within) * 1000)
      )
    },
    reset() {
      patience = SERVER_RESTARTS
      tries = spread = downAt = 0
    },
    answered() {
      // Of an outage alone: the next one is another matter
      downAt &&= 1
    },
    get tries() {
      return tries
    },
    get down() {
      return tries > 1 && performance.now() >= downAt
    },
  }
}

// Full jitter: any wait between zero and the ceiling, so that not all clients reconnect to a restarted server at once.

export interface Backoff {
  /**
   * Milliseconds to wait before the next try; the ceiling doubles each time
   * @param within seconds over which the server asks everybody to come back. Until the reset, no try has less: a server that restarts may not be
   *   there yet, and they must not all come in its first second
   */
  next(within?: number): number
  reset(): void
  /** Tries since the last reset, without the first goodbye that named a time: who was sent away has not failed to come back */
  readonly tries: number
}

export function createBackoff(base = 500, max = 20_000, random: () => number = Math.random): Backoff {
  let tries = 0
  let spread = 0
  return {
    next: (within = spread) =>
      random() * Math.max(Math.min(max, base * 2 ** (within > spread ? tries : tries++)), (spread = within) * 1000),
    reset: () => void (tries = spread = 0),
    get tries() {
      return tries
    },
  }
}

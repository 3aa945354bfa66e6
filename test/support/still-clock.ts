import { systemClock, type Clock } from '../../src/server/ports/clock.ts'

/** It stands still, so that no allowance comes back while the machine is busy. Timers run as ever */
export function stillClock(): Clock {
  const now = Date.now()
  return { ...systemClock, now: () => now }
}

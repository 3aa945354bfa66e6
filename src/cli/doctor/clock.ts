import { ok, wrong, type Finding } from './finding.ts'

/** How much the clocks may differ (ms): nodes stamp tokens and mails, and the database compares the times */
const SKEW = 2_000
const CHECK = 'database clock'

/**
 * All in milliseconds.
 * @param time what the database's clock said between `asked` and `answered` of this machine's
 */
export function checkClock(time: number, asked: number, answered: number): Finding {
  // Where the answer took long, nobody knows when the clock was read: certain is only what lies before or after
  const certain = Math.max(asked - time, time - answered)
  const likely = time - (asked + answered) / 2
  return certain > SKEW
    ? wrong(CHECK, `It differs by ${Math.round(likely / 1000)} s from this machine’s: let both follow NTP`)
    : ok(CHECK, `It differs by ${Math.round(Math.abs(likely))} ms from this machine’s`)
}

/** Milliseconds after the event for which a webhook is sent again by itself */
export const RETRY_FOR = 24 * 3_600_000
/** Milliseconds to the second attempt; three times as long to each further one */
const FIRST = 5_000
const LONGEST = 4 * 3_600_000
/** Attempts are spread by this part of the wait, so that the chats of a receiver that comes back do not all ask at once */
const JITTER = 0.2

/**
 * When to try again after an attempt failed: after 5 s, 15 s, 45 s, … 4 h, until a day after the event.
 * @param attempts that failed, with this one
 * @param at when the event happened. All three times are milliseconds since 1970
 * @param chance from 0 to 1
 * @returns undefined: not any more
 */
export function retryAt(attempts: number, at: number, now: number, chance = Math.random()): number | undefined {
  const end = at + RETRY_FOR
  if (now >= end) return undefined
  const wait = Math.min(FIRST * 3 ** (attempts - 1), LONGEST) * (1 - JITTER + 2 * JITTER * chance)
  return Math.min(now + Math.round(wait), end)
}

import type { Hours } from '../hours/hours.ts'

/** How long (ms) a message that is written, or looked at, now waits before its e-mail */
export type MailDelay = (now: number) => number

/** Outside of hours (ms): time to read a reply for somebody who has the chat open */
const SOON = 10_000

/** Outside of the hours of staff nobody waits at the chat for a reply, so the mail about one is not delayed */
export const replyDelay =
  (notifyAfter: number, hours: Hours | null): MailDelay =>
  (now) =>
    hours?.isOpen(now) === false ? Math.min(SOON, notifyAfter) : notifyAfter

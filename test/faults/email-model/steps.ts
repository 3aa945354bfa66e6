import fc from 'fast-check'
import type { SmtpMode } from '../../support/smtp.ts'

const SECOND = 1_000
const MINUTE = 60_000

export type Step =
  | { do: 'reply' | 'user message' | 'archive' | 'unarchive' | 'unsubscribe'; chat: number }
  /** Up to this far before the end */
  | { do: 'read'; chat: number; butLast: number }
  | { do: 'time'; ms: number }
  /** Time jumps, as for a process that did not get to run */
  | { do: 'jump'; ms: number }
  /** As long as it takes, in a hundredth of a second, for mails to get somewhere */
  | { do: 'moment'; hundredths: number }
  | { do: 'provider'; mode: SmtpMode }
  /** The provider goes on with who waits, or drops them */
  | { do: 'go on' | 'drop' }
  | { do: 'kill'; worker: number }

const chat = fc.integer({ min: 0, max: 1 })
const time = fc.constantFrom(
  1,
  30 * SECOND,
  MINUTE,
  2 * MINUTE,
  5 * MINUTE - 1,
  5 * MINUTE,
  5 * MINUTE + 1,
  12 * MINUTE,
)
const mode = fc.constantFrom<SmtpMode>(
  'accept',
  'refuse',
  'refuse-content',
  'cut',
  'stall-greeting',
  'stall-rcpt',
  'hang',
)

export const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.record({ do: fc.constant('reply' as const), chat }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constantFrom('user message' as const, 'unarchive' as const), chat }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('archive' as const), chat }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('unsubscribe' as const), chat }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('read' as const), chat, butLast: fc.nat({ max: 2 }) }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constant('time' as const), ms: time }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('jump' as const), ms: time }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('moment' as const), hundredths: fc.nat({ max: 14 }) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('provider' as const), mode }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constantFrom('go on' as const, 'drop' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('kill' as const), worker: fc.nat({ max: 1 }) }) },
)

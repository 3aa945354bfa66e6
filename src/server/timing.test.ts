// Times that serve one promise together, and lie in several files.
import { expect, it } from 'vitest'
import { FAREWELL } from '../buses/server-bus.ts'
import { ANSWER_WITHIN, BEAT, DEAD_LINE_FOUND } from '../protocol/timing.ts'
import { LOCK_TIMEOUT, STATEMENT_TIMEOUT } from '../stores/sql/timeouts.ts'
import { LEASE } from './notifications/send-notification.ts'
import { LOOK_EVERY, REVOKED_WITHIN } from './people/revocations.ts'
import { HANDOVER_WITHIN } from './ports/mailer.ts'
import { DEAD_PEER_FOUND, ROUNDS_PER_PING, ROUNDS_TO_ANSWER } from './realtime/connections/connections.ts'
import { COMPARE_EVERY, PRESENCE_HOLDS } from './realtime/streams/hub.ts'
import { DELIVERIES, STOP, STOP_WITHIN } from './stop/budget.ts'

const stop = STOP.goodbyes + STOP.requests + STOP.work + STOP.storeCalls + 2 * STOP.answers + FAREWELL

it.each([
  [
    'a ping finds a peer that is gone, and a round is to spare',
    (ROUNDS_PER_PING + ROUNDS_TO_ANSWER + 1) * BEAT,
    DEAD_PEER_FOUND,
  ],
  ['a client gives up a silent line before the server gives up the client', DEAD_LINE_FOUND, ROUNDS_TO_ANSWER * BEAT],
  ['a revocation is learned in time even if one look fails', 2 * LOOK_EVERY, REVOKED_WITHIN],
  ['two answers about presence may be lost before it is forgotten', 2 * COMPARE_EVERY, PRESENCE_HOLDS - 1],
  [
    'a mailer has handed a mail over, and the database noted it, while the lease holds',
    HANDOVER_WITHIN + 2 * STATEMENT_TIMEOUT,
    LEASE,
  ],
  ['the database gives up a lock before we give up the statement', LOCK_TIMEOUT, STATEMENT_TIMEOUT - 1],
  [
    'the server says that the database is away before a client gives up the request',
    STATEMENT_TIMEOUT,
    ANSWER_WITHIN - 1,
  ],
  ['mails and webhooks get their time within that of the work', DELIVERIES, STOP.work - 1],
  ['a stop that finds everything slow ends before a supervisor kills the process', stop, STOP_WITHIN - 1],
])('%s: %i ms are at most %i ms', (_why, shorter, longer) => {
  expect(shorter).toBeLessThanOrEqual(longer)
})

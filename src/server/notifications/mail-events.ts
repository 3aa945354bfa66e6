import type { SupportActivity } from '../../protocol/activity.ts'
import { plainAddress } from '../../protocol/email-address.ts'
import { DeskbellError } from '../../protocol/errors.ts'
import { readText } from '../http/input.ts'
import type { PublicRoute } from '../http/route.ts'
import { secretsOf, type Secret } from '../people/keys.ts'
import { isoTime, type Clock } from '../ports/clock.ts'
import type { MailEvent, MailEventReader } from '../ports/mail-events.ts'
import type { DeliveryStore } from '../ports/store/deliveries.ts'
import { UnprovenRequest } from '../ports/unproven-request.ts'
import { addressReferences } from './address-reference.ts'

export interface MailEventsOptions {
  mailEvents: MailEventReader[]
  store: Pick<DeliveryStore, 'recordMailEvent' | 'blockMail'>
  clock: Clock
  secret: Secret
  /** Told of what became of a mail to the user, which was committed */
  onActivity: (chatId: string, activity: SupportActivity) => void
}

/** Where the mail services that were set up tell what became of mails. Only their readers know how to prove that it is them. */
export function mailEventRoutes({ mailEvents, store, clock, secret, onActivity }: MailEventsOptions): PublicRoute[] {
  const toStaff = addressReferences(secretsOf(secret))

  async function record({ address, reference, ...event }: MailEvent): Promise<void> {
    const now = isoTime(clock.now())
    if (!(await toStaff.isFor(reference, address))) {
      const recorded = await store.recordMailEvent({ ...event, address, reference }, now)
      if (recorded?.activity) onActivity(recorded.chat_id, recorded.activity)
    } else if (event.delivery !== 'delivered') {
      const { delivery: kind, at, reason } = event
      await store.blockMail(plainAddress(address), { kind, at, reason }, now)
    }
  }

  return mailEvents.map((reader) => ({
    method: 'POST',
    path: `/mail/events/${reader.name}`,
    name: `receiveMailEventsOf_${reader.name}`,
    summary: 'Takes what the mail service tells of mails: delivered, bounced, reported as spam. Signed by the service',
    answers: { 204: {} },
    problems: ['body_too_large', 'invalid_request', 'unauthorized'],
    async handle(c) {
      const request = { headers: c.req.raw.headers, body: await readText(c.req.raw) }
      const events = await reader.read(request).catch((error: unknown) => {
        throw error instanceof UnprovenRequest ? new DeskbellError('unauthorized', error.message) : error
      })
      for (const event of events) await record(event)
      return c.body(null, 204)
    },
  }))
}

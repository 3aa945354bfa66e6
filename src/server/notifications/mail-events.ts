import { DeskbellError } from '../../protocol/errors.ts'
import { readText } from '../http/input.ts'
import type { PublicRoute } from '../http/route.ts'
import { isoTime, type Clock } from '../ports/clock.ts'
import { MailEventsRefused, type MailEventReader } from '../ports/mail-events.ts'
import type { DeliveryStore } from '../ports/store/deliveries.ts'

export interface MailEventsOptions {
  mailEvents: MailEventReader[]
  store: Pick<DeliveryStore, 'recordMailEvent'>
  clock: Clock
}

/** Where the mail services that were set up tell what became of mails. Only their readers know how to prove that it is them. */
export function mailEventRoutes({ mailEvents, store, clock }: MailEventsOptions): PublicRoute[] {
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
        throw error instanceof MailEventsRefused ? new DeskbellError('unauthorized', error.message) : error
      })
      for (const event of events) await store.recordMailEvent(event, isoTime(clock.now()))
      return c.body(null, 204)
    },
  }))
}

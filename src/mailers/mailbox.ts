import { v7 as uuidv7 } from 'uuid'
import { isoTime } from '../server/ports/clock.ts'
import type { Mailer } from '../server/ports/mailer.ts'
import type { Store } from '../server/ports/store/store.ts'

/** Keeps mails in the database instead of sending them, so that they can be looked at: `MAIL_URL=mailbox:` */
export function mailboxMailer(store: Pick<Store, 'saveMail'>): Mailer {
  // In JavaScript it may be left out, which would only show with the first mail
  if (typeof Object(store).saveMail !== 'function')
    throw new Error('mailboxMailer takes the store: mailboxMailer(store)')
  return {
    handsOver: true,
    async send({ replyTo, ...mail }, handover) {
      await handover()
      const headers = { ...(replyTo !== undefined && { 'Reply-To': replyTo }), ...mail.headers }
      await store.saveMail({ ...mail, headers, id: uuidv7(), created_at: isoTime(Date.now()) })
    },
  }
}

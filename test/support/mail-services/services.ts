// Every service that there is a mailer for, for tests that all of them have to pass.
import { startPostmark } from './postmark.ts'
import { startResend } from './resend.ts'
import { startSendgrid } from './sendgrid.ts'
import type { TestMailService } from './server.ts'
import { startSes } from './ses.ts'

export interface ServiceChoice {
  name: string
  /** @param options `fastTime`: the clock of who sends is not this one */
  start: (port?: number, options?: { fastTime?: boolean }) => Promise<TestMailService>
}

export const SERVICES: readonly ServiceChoice[] = [
  { name: 'Postmark', start: startPostmark },
  { name: 'SendGrid', start: startSendgrid },
  { name: 'Amazon SES', start: startSes },
  { name: 'Resend', start: startResend },
]

// Whoever takes mails, for tests that hold for all of them: an SMTP server, and services over HTTP.
import { smtpMailer } from '../../src/entries/node.ts'
import type { Mailer } from '../../src/server/ports/mailer.ts'
import { mailerOf } from '../../src/standalone/mailer.ts'
import { SERVICES } from './mail-services/services.ts'
import { startSmtp, type SmtpMode } from './smtp.ts'

/** A mail as it came to a provider */
export interface ProviderMail {
  envelopeTo: string[]
  parsed: { text?: string | undefined }
  /** It said no to it */
  refused: boolean
}

export interface TestProvider {
  /** Its `MAIL_URL` */
  url: string
  /** Those that it said yes to */
  mails: ProviderMail[]
  /** Those whose content it got in full, whatever it answered */
  contents: ProviderMail[]
  mode: SmtpMode
  /** Connections that wait for `release` */
  readonly stalled: number
  /** Goes on with who stalls: says yes, or what the mode says by now */
  release(): void
  /** Drops every connection */
  cut(): void
  stop(): Promise<void>
}

export interface ProviderChoice {
  name: string
  start: (port?: number) => Promise<TestProvider>
  /** @param timeout milliseconds of silence that it bears */
  mailer: (url: string, timeout: number) => Mailer
}

export const FROM = { name: 'Acme', address: 'support@acme.example' }

export const SMTP: ProviderChoice = {
  name: 'SMTP',
  start: startSmtp,
  mailer: (url, timeout) => smtpMailer({ url, from: FROM, timeout }),
}

export const SERVICE_PROVIDERS: readonly ProviderChoice[] = SERVICES.map(({ name, start }) => ({
  name,
  start: (port) => start(port, { fastTime: true }),
  mailer: (url, timeout) => mailerOf(url, { from: FROM, timeout }),
}))

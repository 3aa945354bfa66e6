import type { Transporter } from 'nodemailer'
import { HANDOVER_WITHIN, type Mailer } from '../server/ports/mailer.ts'
import { transporterMailer } from './transporter.ts'
import { checkSender, type Sender } from './sender.ts'

export interface SmtpOptions {
  /** `smtp://user:password@host:587`, or `smtps://…` for TLS from the start */
  url: string
  /** Who the mails come from */
  from: Sender
  /** How long the server may be silent, in milliseconds. Default: 30,000 */
  timeout?: number | undefined
}

/** Times `timeout` that everything before the content may take: a server may drag out each of a dozen steps */
const STEPS = 3
const TIMEOUT = HANDOVER_WITHIN / STEPS

/**
 * Sends by SMTP, with nodemailer, which is loaded for the first mail.
 *
 * @throws Error when the URL does not begin with `smtp://` or `smtps://`, or `from.address` is no e-mail address
 * @example smtpMailer({ url: 'smtp://localhost', from: { name: 'Example Support', address: 'support@example.com' } })
 */
export function smtpMailer({ url, from, timeout = TIMEOUT }: SmtpOptions): Mailer {
  checkSender(from)
  if (!/^smtps?:\/\//i.test(url)) throw new Error('The mail server needs a URL that begins with smtp:// or smtps://')

  async function open(): Promise<{ transporter: Transporter; mailer: Mailer }> {
    const { createTransport } = await import('nodemailer')
    const timeouts = { connectionTimeout: timeout, greetingTimeout: timeout, socketTimeout: timeout }
    const transporter = createTransport({ url, ...timeouts, disableFileAccess: true, disableUrlAccess: true })
    return { transporter, mailer: transporterMailer(transporter, { from, patience: STEPS * timeout }) }
  }
  let opened: ReturnType<typeof open> | undefined
  const mailer = async (): Promise<Mailer> => (await (opened ??= open())).mailer

  return {
    handsOver: true,
    send: async (mail, handover) => (await mailer()).send(mail, handover),
    verify: async () => (await mailer()).verify?.() ?? null,
    close: () =>
      // What could not be opened has failed the mails
      void opened?.then(
        ({ transporter }) => transporter.close(),
        () => undefined,
      ),
  }
}

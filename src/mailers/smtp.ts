import { Readable } from 'node:stream'
import type { SendMailOptions, Transporter } from 'nodemailer'
import { isEmailAddress } from '../protocol/email-address.ts'
import { oneLine } from '../protocol/one-line.ts'
import { HANDOVER_WITHIN, MailRefused, type Mail, type Mailer } from '../server/ports/mailer.ts'

export interface SmtpServer {
  /** `smtp://user:password@host:587`, or `smtps://…` for TLS from the start */
  url: string
  /** How long the server may be silent, in milliseconds. Default: 30,000 */
  timeout?: number
}

export interface SmtpOptions extends SmtpServer {
  /** Who the mails come from */
  from: { name: string; address: string }
}

/** The content of one mail, on its way out */
interface Content {
  handover: () => Promise<void>
  /** Some of it may have reached the server */
  begun: boolean
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
export function smtpMailer({ from, ...server }: SmtpOptions): Mailer {
  if (!isEmailAddress(from.address)) throw new Error('The sender of mails needs an e-mail address')
  const { timeout = TIMEOUT } = checked(server)
  let opened: Promise<Transporter> | undefined

  async function open(): Promise<Transporter> {
    const transport = await connect(server)
    // A timeout and a broken connection have the same code and command at every step, so we see for ourselves whether the
    // content was asked for: until then a failure is certain
    transport.use('stream', (mail, next) => {
      const { content } = mail.data as { content?: Content }
      if (content) mail.message.processFunc((source) => Readable.from(watched(source, content)))
      next()
    })
    return transport
  }

  return {
    handsOver: true,
    async send(mail, handover) {
      const to = recipient(mail)
      const transport = await (opened ??= open())
      const tooSlow = new AbortController()
      const timer = setTimeout(() => tooSlow.abort(), Math.min(STEPS * timeout, HANDOVER_WITHIN))
      const content: Content = {
        begun: false,
        async handover() {
          clearTimeout(timer)
          await handover()
        },
      }
      try {
        await transport.sendMail({ from, ...mail, to, content, signal: tooSlow.signal } as SendMailOptions)
      } catch (error) {
        if (tooSlow.signal.aborted) throw new MailRefused('The server was too slow')
        throw !content.begun || saidNo(error) ? new MailRefused(message(error)) : error
      } finally {
        clearTimeout(timer)
      }
    },
    close: () => void opened?.then((transport) => transport.close()),
  }
}

/** A mailer refuses what it cannot take literally: libraries repair such addresses, and then the mail goes to somebody else */
function recipient({ to: { name, address } }: Mail): Mail['to'] {
  if (!isEmailAddress(address)) throw new MailRefused('The recipient has no valid e-mail address')
  return { name: oneLine(name), address }
}

/** Connects, greets and signs in; sends nothing. @throws Error with what went wrong */
export async function verifySmtp(server: SmtpServer): Promise<void> {
  const transport = await connect(checked(server))
  try {
    await transport.verify()
  } finally {
    transport.close()
  }
}

function checked(server: SmtpServer): SmtpServer {
  if (!/^smtps?:\/\//i.test(server.url))
    throw new Error('The mail server needs a URL that begins with smtp:// or smtps://')
  return server
}

async function connect({ url, timeout = TIMEOUT }: SmtpServer): Promise<Transporter> {
  const { createTransport } = await import('nodemailer')
  const timeouts = { connectionTimeout: timeout, greetingTimeout: timeout, socketTimeout: timeout }
  return createTransport({ url, ...timeouts, disableFileAccess: true, disableUrlAccess: true })
}

/** The content as it goes out. nodemailer asks for it once the server has said that it takes it. */
async function* watched(source: AsyncIterable<unknown>, content: Content): AsyncGenerator<unknown> {
  await content.handover()
  content.begun = true
  yield* source
}

const saidNo = (error: unknown): boolean => Number((error as { responseCode?: number }).responseCode) >= 400

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error))

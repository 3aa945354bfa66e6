import { Readable } from 'node:stream'
import { createTransport, type SendMailOptions } from 'nodemailer'
import { MailRefused, type Mailer } from '../server/ports/mailer.ts'

/** How one mail's content goes out */
interface Content {
  handover: () => Promise<void>
  /** Some of it may have reached the server */
  begun: boolean
}

/** Times `timeout` that everything before the content may take: a server may drag out each of a dozen steps */
const STEPS = 3

/**
 * Sends by SMTP.
 *
 * @param url `smtp://user:password@host:587`, or `smtps://…` for TLS from the start
 * @param from who the mails come from
 * @param timeout how long the server may be silent (ms)
 */
export function smtpMailer(url: string, from: { name: string; address: string }, timeout = 30_000): Mailer {
  const transport = connect(url, timeout)
  // A timeout and a broken connection carry the same code and command whenever they happen, so we look ourselves whether
  // any content was asked for: until then a failure is certain
  transport.use('stream', (mail, next) => {
    const { content } = mail.data as { content?: Content }
    if (content) mail.message.processFunc((source) => Readable.from(watched(source, content)))
    next()
  })
  return {
    handsOver: true,
    async send(mail, handover) {
      const tooSlow = new AbortController()
      const timer = setTimeout(() => tooSlow.abort(), STEPS * timeout)
      const content: Content = {
        begun: false,
        async handover() {
          clearTimeout(timer)
          await handover()
        },
      }
      try {
        await transport.sendMail({ from, ...mail, content, signal: tooSlow.signal } as SendMailOptions)
      } catch (error) {
        if (tooSlow.signal.aborted) throw new MailRefused('The server was too slow')
        throw !content.begun || saidNo(error) ? new MailRefused(message(error)) : error
      } finally {
        clearTimeout(timer)
      }
    },
    close: () => transport.close(),
  }
}

/** Connects, says hello and signs in; sends nothing. @throws Error with what went wrong */
export async function verifySmtp(url: string, timeout = 30_000): Promise<void> {
  const transport = connect(url, timeout)
  try {
    await transport.verify()
  } finally {
    transport.close()
  }
}

function connect(url: string, timeout: number) {
  const timeouts = { connectionTimeout: timeout, greetingTimeout: timeout, socketTimeout: timeout }
  return createTransport({ url, ...timeouts, disableFileAccess: true, disableUrlAccess: true })
}

/** The content as it goes out. It is asked for once the server said that it takes it. */
async function* watched(source: AsyncIterable<unknown>, content: Content): AsyncGenerator<unknown> {
  await content.handover()
  content.begun = true
  yield* source
}

const saidNo = (error: unknown): boolean => Number((error as { responseCode?: number }).responseCode) >= 400

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error))

import { Readable } from 'node:stream'
import { createTransport, type SendMailOptions } from 'nodemailer'
import { MailRefused, type Mailer } from '../server/ports/mailer.ts'

/**
 * Sends by SMTP.
 *
 * @param url `smtp://user:password@host:587`, or `smtps://…` for TLS from the start
 * @param from who the mails come from
 * @param timeout how long the server may be silent (ms)
 */
export function smtpMailer(url: string, from: { name: string; address: string }, timeout = 30_000): Mailer {
  const timeouts = { connectionTimeout: timeout, greetingTimeout: timeout, socketTimeout: timeout }
  const transport = createTransport({ url, ...timeouts, disableFileAccess: true, disableUrlAccess: true })
  // A timeout and a broken connection carry the same code and command whenever they happen, so we look ourselves whether
  // any content was asked for: until then a failure is certain
  transport.use('stream', (mail, next) => {
    const { content } = mail.data as { content?: { begun: boolean } }
    mail.message.processFunc((source) =>
      Readable.from(
        (async function* () {
          if (content) content.begun = true
          yield* source
        })(),
      ),
    )
    next()
  })
  return {
    async send(mail) {
      const content = { begun: false }
      try {
        await transport.sendMail({ from, ...mail, content } as SendMailOptions)
      } catch (error) {
        throw !content.begun || saidNo(error) ? new MailRefused(message(error)) : error
      }
    },
    close: () => transport.close(),
  }
}

const saidNo = (error: unknown): boolean => Number((error as { responseCode?: number }).responseCode) >= 400

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error))

import { Readable } from 'node:stream'
import type { SendMailOptions, Transporter } from 'nodemailer'
import { recipientOf } from './recipient.ts'
import { HANDOVER_WITHIN, MailRefused, type Mailer } from '../server/ports/mailer.ts'
import { checkSender, type Sender } from './sender.ts'

export interface TransporterOptions {
  /** Who the mails come from */
  from: Sender
  /** Milliseconds that everything before the content may take. Default, and at most: 90,000 */
  patience?: number | undefined
}

/** The content of one mail, on its way out */
interface Content {
  handover: () => Promise<void>
  /** Some of it may have reached the provider */
  begun: boolean
}

/** Those that have our plugin, and need it once */
const watchedTransporters = new WeakSet<Transporter>()

/**
 * Sends by a transporter of nodemailer that you made: SMTP with a pool or OAuth 2, sendmail, SES with the AWS SDK, or a transport
 * of somebody else. You close it.
 *
 * @throws Error when `from.address` is no e-mail address
 * @example transporterMailer(nodemailer.createTransport({ pool: true, host: 'smtp.example.com' }), { from })
 */
export function transporterMailer(
  transporter: Transporter,
  { from, patience = HANDOVER_WITHIN }: TransporterOptions,
): Mailer {
  checkSender(from)
  watch(transporter)
  return {
    handsOver: true,
    async send({ reference: _reference, ...mail }, handover) {
      const to = recipientOf(mail)
      const tooSlow = new AbortController()
      const timer = setTimeout(() => tooSlow.abort(), Math.min(patience, HANDOVER_WITHIN))
      const content: Content = {
        begun: false,
        async handover() {
          clearTimeout(timer)
          await handover()
          content.begun = true
        },
      }
      try {
        await transporter.sendMail({ from, ...mail, to, content, signal: tooSlow.signal } as SendMailOptions)
      } catch (error) {
        if (tooSlow.signal.aborted) throw new MailRefused('The server was too slow')
        throw !content.begun || saidNo(error) ? new MailRefused(message(error), { cause: error }) : error
      } finally {
        clearTimeout(timer)
      }
    },
    async verify() {
      await transporter.verify()
      return null
    },
  }
}

/**
 * Lets the handover happen right before the content leaves. A timeout and a broken connection have the same code and command at every
 * step of SMTP, so we see for ourselves whether the content was asked for: until then a failure is certain. What other transports do
 * is unknown, so there the handover comes before all they do.
 */
function watch(transporter: Transporter): void {
  if (watchedTransporters.has(transporter)) return
  watchedTransporters.add(transporter)
  const isSmtp = transporter.transporter.name.startsWith('SMTP')
  transporter.use('stream', (mail, next) => {
    const { content } = mail.data as { content?: Content }
    if (!content) next()
    else if (isSmtp) {
      mail.message.processFunc((source) => Readable.from(watched(source, content)))
      next()
    } else {
      // Other transports run in `next`, and may throw
      void content
        .handover()
        .then(() => next())
        .catch(next)
    }
  })
}

/** The content as it goes out. nodemailer asks for it once the server has said that it takes it. */
async function* watched(source: AsyncIterable<unknown>, content: Content): AsyncGenerator<unknown> {
  await content.handover()
  yield* source
}

const saidNo = (error: unknown): boolean => Number((error as { responseCode?: number }).responseCode) >= 400

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error))

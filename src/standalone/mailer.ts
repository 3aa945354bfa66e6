// Which mailer MAIL_URL names.
import type { Sender } from '../mailers/sender.ts'
import { postmarkMailer } from '../mailers/postmark.ts'
import { resendMailer } from '../mailers/resend.ts'
import { sendgridMailer } from '../mailers/sendgrid.ts'
import { sesMailer } from '../mailers/ses.ts'
import { smtpMailer } from '../mailers/smtp.ts'
import type { Mailer } from '../server/ports/mailer.ts'
import { at, byKey, bySesKeys, defined, partsOf } from './mail-url.ts'

export interface MailerOptions {
  from: Sender
  /** Milliseconds. Default: each mailer's own */
  timeout?: number
}

const REGIONS = ['global', 'eu'] as const

const MAILERS: Record<string, (rest: string, options: MailerOptions, url: string) => Mailer> = {
  smtp: (_rest, options, url) => smtpMailer({ url, ...options }),
  smtps: (_rest, options, url) => smtpMailer({ url, ...options }),
  postmark(rest, options) {
    const { key, query } = byKey(rest, 'postmark://TOKEN', ['stream'])
    return postmarkMailer({ token: key, ...defined({ stream: query['stream'] }), ...at(query), ...options })
  },
  sendgrid(rest, options) {
    const { key, query } = byKey(rest, 'sendgrid://KEY', ['region'])
    const region = REGIONS.find((one) => one === query['region'])
    if (query['region'] !== region) throw new Error('its region must be global or eu')
    return sendgridMailer({ key, ...defined({ region }), ...at(query), ...options })
  },
  resend(rest, options) {
    const { key, query } = byKey(rest, 'resend://KEY', [])
    return resendMailer({ key, ...at(query), ...options })
  },
  ses(rest, options) {
    const { region, credentials, query } = bySesKeys(rest)
    const set = defined({ configurationSet: query['configuration_set'] })
    return sesMailer({ region, credentials, ...set, ...at(query), ...options })
  },
}

/** @throws Error when the URL names no mailer; its message repeats nothing of the URL's secrets */
export function mailerOf(url: string, options: MailerOptions): Mailer {
  const { scheme, rest } = partsOf(url)
  const make = MAILERS[scheme]
  if (!make) throw new Error('it must be mailbox:, smtp://…, postmark://…, sendgrid://…, ses://… or resend://…')
  return make(rest, options, url)
}

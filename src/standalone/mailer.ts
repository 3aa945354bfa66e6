// Which mailer MAIL_URL names.
import type { Sender } from '../mailers/http-service.ts'
import { postmarkMailer } from '../mailers/postmark.ts'
import { resendMailer } from '../mailers/resend.ts'
import { sendgridMailer } from '../mailers/sendgrid.ts'
import { sesMailer } from '../mailers/ses.ts'
import { smtpMailer } from '../mailers/smtp.ts'
import type { Mailer } from '../server/ports/mailer.ts'

export interface MailerOptions {
  from: Sender
  /** Milliseconds. Default: each mailer's own */
  timeout?: number
}

/** What a URL says besides the credentials: its query */
type Given = Record<string, string | undefined>

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
    if (query['region'] !== region) throw new Error('its region is global or eu')
    return sendgridMailer({ key, ...defined({ region }), ...at(query), ...options })
  },
  resend(rest, options) {
    const { key, query } = byKey(rest, 'resend://KEY', [])
    return resendMailer({ key, ...at(query), ...options })
  },
  ses(rest, options) {
    // Secret keys contain slashes, which people copy as they are
    const [, id, secret, region, search = ''] = /^([^:@/?#]+):([^@?#]+)@([a-z0-9-]+)\/?(\?.*)?$/s.exec(rest) ?? []
    if (id === undefined || secret === undefined || region === undefined)
      throw new Error('it must look like ses://KEY:SECRET@REGION')
    const query = queryOf(search, ['session', 'configuration_set'])
    const credentials = { accessKeyId: decoded(id), secretAccessKey: decoded(secret), sessionToken: query['session'] }
    const set = defined({ configurationSet: query['configuration_set'] })
    return sesMailer({ region, credentials, ...set, ...at(query), ...options })
  },
}

/** @throws Error when the URL names no mailer; its message repeats nothing of the URL's secrets */
export function mailerOf(url: string, options: MailerOptions): Mailer {
  const [, scheme = '', rest = ''] = /^([a-z]+):\/\/(.+)$/is.exec(url) ?? []
  const make = MAILERS[scheme.toLowerCase()]
  if (!make) throw new Error('mailbox:, smtp://…, postmark://…, sendgrid://…, ses://… or resend://…')
  return make(rest, options, url)
}

/** A service whose URL is one key */
function byKey(rest: string, shape: string, names: string[]): { key: string; query: Given } {
  const [, key, search = ''] = /^([^@/?#:]+)\/?(\?.*)?$/s.exec(rest) ?? []
  if (key === undefined) throw new Error(`it must look like ${shape}`)
  return { key: decoded(key), query: queryOf(search, names) }
}

function queryOf(search: string, names: string[]): Given {
  const query: Given = Object.fromEntries(new URLSearchParams(search))
  const unknown = Object.keys(query).find((name) => name !== 'host' && !names.includes(name))
  if (unknown !== undefined) throw new Error(`it has no ${unknown}; there is ${['host', ...names].join(', ')}`)
  return query
}

/** Where the API is, such as `api.eu.example.com` */
const at = ({ host }: Given): { url?: string } =>
  host === undefined ? {} : { url: host.includes('://') ? host : `https://${host}` }

type Defined<Values> = { [Name in keyof Values]?: Exclude<Values[Name], undefined> }

const defined = <Values extends Record<string, unknown>>(values: Values): Defined<Values> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Defined<Values>

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new Error('write % in it as %25')
  }
}

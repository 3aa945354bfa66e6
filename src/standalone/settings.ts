// What the stand-alone server is set to, read from the environment.
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'
import type { HoursOptions } from '../server/hours/options.ts'
import { checkMailReplies, type MailReplyOptions } from '../server/mail-replies/options.ts'
import type { Rate } from '../server/http/rate-limit.ts'
import { readLook, type MailLook } from '../server/notifications/mail-look.ts'
import type { InboundMailReader } from '../server/ports/inbound-mail.ts'
import type { MailEventReader } from '../server/ports/mail-events.ts'
import { readEndpoints, type WebhookEndpoint } from '../server/webhooks/endpoint.ts'
import type { OidcSettings } from './accounts/oidc/provider.ts'
import { mailEventsOf } from './mail-events.ts'
import { mailInboundOf } from './mail-inbound.ts'
import { environment, type LEVELS } from './settings/environment.ts'

export interface Settings {
  production: boolean
  port: number
  host: string
  publicUrl: string
  /** Where staff sign in; null where nobody said */
  signInUrl: string | null
  /** The OpenID provider of staff; null: there is none */
  oidc: OidcSettings | null
  /** Staff can sign in with passwords */
  passwords: boolean
  /** People without an account may write */
  visitors: boolean
  dataDir: string
  /** `sqlite:` and a path, or where the server is */
  databaseUrl: string
  /** Bytes of a file of a message; null: messages carry none */
  attachmentLimit: number | null
  /** The bucket of these files; null: they are in `dataDir` */
  filesUrl: string | null
  /** Whether staff can search messages */
  fullTextSearch: boolean
  /** What connects the nodes; null for a single node */
  busUrl: string | null
  /** The service that browsers listen to; null: there is none */
  publishUrl: string | null
  publish: 'hints' | 'messages'
  /** The first signs; the other is accepted too */
  secret: readonly [string, ...string[]]
  allowedOrigins: string[]
  /** Null: clients of Pusher Channels cannot connect */
  pusherKey: string | null
  appName: string
  /** Milliseconds */
  notifyAfter: number
  /** Undefined: nothing is said about when staff answer */
  hours: HoursOptions | undefined
  /** Days; undefined: archived chats stay */
  retainArchivedDays: number | undefined
  mailUrl: string
  mailFrom: { name: string; address: string }
  mailLook: MailLook
  /** Null: nobody can answer by e-mail */
  mailReplies: MailReplyOptions | null
  /** A reply to a chat that nobody has takes it */
  assignOnReply: boolean
  rating: boolean
  /** Undefined: staff get no mails */
  staffMails: { to: string[]; team: boolean; after: number } | undefined
  /** Undefined: `publicUrl` says it. Null: staff get no push notifications */
  pushContact: string | null | undefined
  /** Who reads what the mail service tells of mails */
  mailEvents: MailEventReader[]
  webhooks: WebhookEndpoint[]
  rateLimit: Rate | null
  /** How many proxies of the operator's stand in front */
  trustProxy: number
  /** Who may read /metrics: nobody, requests with the token, or (null) everybody */
  metrics: { on: boolean; token: string | null }
  logLevel: (typeof LEVELS)[number]
}

/** A setting that cannot be right. Its message is one line for the person who starts the server */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}

/** @throws SettingsError */
export function readSettings(env: Record<string, string | undefined>): Settings {
  // Compose files pass unset variables as empty ones
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ''))
  const result = environment.safeParse(given)
  if (!result.success) {
    const [issue] = result.error.issues
    throw new SettingsError(`${String(issue?.path[0])} is not valid: ${issue?.message}`)
  }
  const e = result.data
  const production = e.NODE_ENV === 'production'
  const dataDir = e.DATA_DIR
  makeDirectory(dataDir)
  const databaseUrl = e.DATABASE_URL ?? `sqlite:${join(dataDir, 'deskbell.db')}`
  return {
    production,
    port: e.PORT,
    host: e.HOST,
    publicUrl: e.PUBLIC_URL ?? `http://localhost:${e.PORT}`,
    signInUrl: e.SIGN_IN_URL ?? null,
    ...signInOf(e),
    visitors: e.VISITORS === 'on',
    dataDir,
    databaseUrl,
    attachmentLimit: e.ATTACHMENT_LIMIT,
    filesUrl: e.FILES_URL ?? null,
    fullTextSearch: e.FULL_TEXT_SEARCH === 'on',
    publishUrl: e.PUBLISH_URL ?? null,
    publish: e.PUBLISH,
    busUrl: busOf(e.BUS_URL, databaseUrl),
    secret: [e.DESKBELL_SECRET ?? keptSecret(dataDir, production), ...(e.DESKBELL_OTHER_SECRET ?? [])],
    allowedOrigins: e.ALLOWED_ORIGINS ?? (production ? [] : ['http://localhost:*']),
    pusherKey: e.PUSHER_APP_KEY ?? null,
    appName: e.APP_NAME,
    notifyAfter: e.NOTIFY_AFTER,
    hours: hoursOf(e),
    retainArchivedDays: e.RETAIN_ARCHIVED,
    mailUrl: e.MAIL_URL,
    mailFrom: e.MAIL_FROM ?? { name: `${e.APP_NAME} Support`, address: 'support@localhost' },
    mailLook: mailLookOf(e),
    mailReplies: mailRepliesOf(e),
    assignOnReply: e.ASSIGN_ON_REPLY === 'on',
    rating: e.RATING === 'on',
    staffMails: staffMailsOf(e),
    pushContact: e.PUSH_CONTACT === 'off' ? null : (e.PUSH_CONTACT ?? (e.MAIL_FROM && `mailto:${e.MAIL_FROM.address}`)),
    mailEvents: mailEvents(e),
    webhooks: webhooksOf(e),
    rateLimit: e.RATE_LIMIT,
    trustProxy: e.TRUST_PROXY,
    metrics: metricsOf(e.METRICS ?? (production ? 'off' : 'on')),
    logLevel: e.LOG_LEVEL,
  }
}

/** A PostgreSQL database is a bus as well */
function busOf(setting: string | undefined, databaseUrl: string): string | null {
  if (setting !== undefined) return setting === 'off' ? null : setting
  return /^postgres(ql)?:/.test(databaseUrl) ? databaseUrl : null
}

type SignInSettings = Pick<
  z.output<typeof environment>,
  'SIGN_IN_URL' | 'PASSWORD_SIGN_IN' | `OIDC_${'ISSUER' | 'CLIENT_ID' | 'CLIENT_SECRET' | 'NAME'}`
>

function signInOf(e: SignInSettings): Pick<Settings, 'oidc' | 'passwords'> {
  const passwords = e.PASSWORD_SIGN_IN === 'on'
  if (e.OIDC_ISSUER === undefined) {
    if (!passwords) throw new SettingsError('PASSWORD_SIGN_IN=off needs OIDC_ISSUER, or nobody could sign in')
    return { oidc: null, passwords }
  }
  if (e.SIGN_IN_URL !== undefined)
    throw new SettingsError('OIDC_ISSUER and SIGN_IN_URL exclude each other: with SIGN_IN_URL, staff sign in elsewhere')
  for (const name of ['OIDC_CLIENT_ID', 'OIDC_CLIENT_SECRET'] as const)
    if (e[name] === undefined) throw new SettingsError(`${name} is missing; OIDC_ISSUER needs it`)
  const { OIDC_CLIENT_ID: clientId = '', OIDC_CLIENT_SECRET: clientSecret = '' } = e
  const name = e.OIDC_NAME ?? new URL(e.OIDC_ISSUER).host
  return { oidc: { issuer: e.OIDC_ISSUER, clientId, clientSecret, name }, passwords }
}

function mailEvents({ MAIL_URL, MAIL_EVENTS }: z.output<typeof environment>): MailEventReader[] {
  if (MAIL_EVENTS === undefined) return []
  try {
    return [mailEventsOf(MAIL_URL, MAIL_EVENTS)]
  } catch (error) {
    throw new SettingsError(`MAIL_EVENTS is not valid: ${(error as Error).message}`)
  }
}

function hoursOf({
  HOURS: open,
  HOURS_TIME_ZONE: timeZone,
}: Pick<z.output<typeof environment>, 'HOURS' | 'HOURS_TIME_ZONE'>): HoursOptions | undefined {
  if (open === undefined) return undefined
  if (timeZone === undefined) throw new SettingsError('HOURS_TIME_ZONE is missing; HOURS needs it')
  return { open, timeZone }
}

type WebhookSettings = Pick<z.output<typeof environment>, `WEBHOOK_${'URL' | 'SECRET' | 'PRIVATE_HOSTS'}`>

function webhooksOf({ WEBHOOK_URL, WEBHOOK_SECRET, WEBHOOK_PRIVATE_HOSTS }: WebhookSettings): WebhookEndpoint[] {
  if (!WEBHOOK_URL) return []
  if (!WEBHOOK_SECRET) throw new SettingsError('WEBHOOK_SECRET is missing; WEBHOOK_URL needs it')
  const allowPrivateHost = WEBHOOK_PRIVATE_HOSTS === 'on'
  const webhooks = WEBHOOK_URL.map((url) => ({ url, secret: WEBHOOK_SECRET, allowPrivateHost }))
  try {
    readEndpoints(webhooks)
  } catch (error) {
    throw new SettingsError(
      `WEBHOOK_URL is not valid: ${(error as Error).message.replace('allowPrivateHost', 'WEBHOOK_PRIVATE_HOSTS=on')}`,
    )
  }
  return webhooks
}

type ReplySettings = Pick<
  z.output<typeof environment>,
  'MAIL_URL' | 'MAIL_REPLY_DOMAIN' | 'MAIL_INBOUND' | 'MAIL_INBOUND_SECRET'
>

function staffMailsOf(e: z.infer<typeof environment>): Settings['staffMails'] {
  if (e.STAFF_EMAILS?.team && e.SIGN_IN_URL !== undefined)
    throw new SettingsError('STAFF_EMAILS names the team, but with SIGN_IN_URL nobody has an account here')
  return e.STAFF_EMAILS && { ...e.STAFF_EMAILS, after: e.STAFF_NOTIFY_AFTER }
}

function mailRepliesOf(e: ReplySettings): MailReplyOptions | null {
  const { MAIL_REPLY_DOMAIN: domain, MAIL_INBOUND_SECRET: secret } = e
  if (domain === undefined) {
    if (e.MAIL_INBOUND === undefined) return null
    throw new SettingsError('MAIL_REPLY_DOMAIN is missing; MAIL_INBOUND needs it')
  }
  const services = mailInbound(e)
  if (secret === undefined && services.length === 0)
    throw new SettingsError('MAIL_INBOUND_SECRET or MAIL_INBOUND is missing; MAIL_REPLY_DOMAIN needs one')
  const replies = { domain, secret, services }
  try {
    checkMailReplies(replies)
  } catch (error) {
    throw new SettingsError(
      (error as Error).message
        .replace('mailReplies.domain', 'MAIL_REPLY_DOMAIN is not valid:')
        .replace('mailReplies.secret', 'MAIL_INBOUND_SECRET is not valid: it'),
    )
  }
  return replies
}

function mailInbound({ MAIL_URL, MAIL_INBOUND }: ReplySettings): InboundMailReader[] {
  if (MAIL_INBOUND === undefined) return []
  try {
    return [mailInboundOf(MAIL_URL, MAIL_INBOUND)]
  } catch (error) {
    throw new SettingsError(`MAIL_INBOUND is not valid: ${(error as Error).message}`)
  }
}

type LookSettings = Pick<z.output<typeof environment>, `MAIL_${'LOGO' | 'COLOR' | 'FOOTER'}`>

function mailLookOf({ MAIL_LOGO, MAIL_COLOR, MAIL_FOOTER }: LookSettings): MailLook {
  try {
    return readLook({
      ...(MAIL_LOGO && { logo: MAIL_LOGO }),
      ...(MAIL_COLOR && { color: MAIL_COLOR }),
      ...(MAIL_FOOTER && { footer: MAIL_FOOTER }),
    })
  } catch (error) {
    const what = (error as Error).message.replace(
      /^mail\.(\w+)/,
      (_, name: string) => `MAIL_${name.toUpperCase()} is not valid:`,
    )
    throw new SettingsError(what)
  }
}

const metricsOf = (setting: string): Settings['metrics'] => ({
  on: setting !== 'off',
  token: setting.startsWith('token:') ? setting.slice('token:'.length) : null,
})

function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true })
  } catch (error) {
    throw new SettingsError(`DATA_DIR ${path} cannot be made: ${(error as Error).message}`)
  }
}

/** Outside production a secret is made once and kept, so that trying it out needs no setting */
function keptSecret(dataDir: string, production: boolean): string {
  if (production) throw new SettingsError('DESKBELL_SECRET is missing; in production it must be set')
  const file = join(dataDir, 'secret')
  if (!existsSync(file)) {
    writeFileSync(file, randomBytes(32).toString('base64url'))
    chmodSync(file, 0o600)
  }
  return readFileSync(file, 'utf8').trim()
}

// Everything that can be set, from the environment. The README's table is made from this list.
import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { Origins } from '../server/http/origins.ts'
import type { Rate } from '../server/http/rate-limit.ts'
import { MIN_SECRET } from '../server/people/token.ts'
import { ESCAPES, hasShape, isReadable } from './server-url.ts'

/** What is logged: this and what is worse */
export const LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const

const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** `500ms`, `2s`, `5m`, `1h`, in milliseconds */
const duration = z
  .string()
  .regex(/^\d+(ms|s|m|h)$/, 'a number and ms, s, m or h, such as 5m')
  .transform((text) => parseInt(text) * (UNITS[text.replace(/\d+/, '')] ?? 1))

/** `10:300`: tokens a second, and the burst */
const rate = z
  .string()
  .regex(/^(off|[1-9]\d*:[1-9]\d*)$/, 'off, or a rate and a burst such as 10:300')
  .transform((text): Rate | null => {
    const [perSecond = 0, burst = 0] = text.split(':').map(Number)
    return text === 'off' ? null : { perSecond, burst }
  })

const webUrl = z.url({ protocol: /^https?$/, error: 'a URL such as https://example.com' })

/** `Name <address>`, or an address */
const mailbox = z
  .string()
  .regex(/^([^<>\r\n]*<[^<>\s@]+@[^<>\s@]+>|[^<>\s@]+@[^<>\s@]+)$/, 'such as Acme Support <support@acme.com>')
  .transform((text) => {
    const [, name = '', address = text] = /^([^<]*)<(.+)>$/.exec(text) ?? []
    return { name: name.trim().replace(/^"|"$/g, ''), address }
  })

/** NATS takes several servers, with commas between */
const busUrls = (setting: string): string[] => (/^(nats|tls):/.test(setting) ? setting.split(',') : [setting])
const isBusUrl = (url: string): boolean => hasShape(url, /^(rediss?|nats|tls|postgres|postgresql):\/\/\S+$/)
/** MySQL's driver would connect without one, and fail at the first table */
const hasDatabase = (url: string): boolean => !/^(mysql|mariadb):/.test(url) || new URL(url).pathname.length > 1

function areOrigins(list: string[], context: z.RefinementCtx): void {
  try {
    new Origins(list)
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message })
  }
}

const environment = z.object({
  NODE_ENV: z.string().default('development'),
  PORT: z.coerce.number('a port').int().min(0).max(65_535).default(3000),
  HOST: z.string().default('0.0.0.0'),
  PUBLIC_URL: webUrl
    .refine((url) => !url.includes('*'), 'one address, without *')
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  DATA_DIR: z.string().min(1).default('data'),
  DATABASE_URL: z
    .string()
    .refine((url) => hasShape(url, /^(sqlite:.+|(postgres|postgresql|mysql|mariadb):\/\/.+)$/), {
      error: 'sqlite: and a path, postgres://…, mysql://… or mariadb://…',
      abort: true,
    })
    .refine((url) => url.startsWith('sqlite:') || isReadable(url), { error: ESCAPES, abort: true })
    .refine(hasDatabase, 'it names no database; end it with /NAME')
    .optional(),
  BUS_URL: z
    .string()
    .refine((setting) => setting === 'off' || busUrls(setting).every(isBusUrl), {
      error: 'redis://…, rediss://…, nats://…, postgres://… or off',
      abort: true,
    })
    .refine((setting) => setting === 'off' || busUrls(setting).every(isReadable), ESCAPES)
    .optional(),
  FULL_TEXT_SEARCH: z.enum(['on', 'off'], { error: 'on or off' }).default('off'),
  DESKBELL_SECRET: z.string().min(MIN_SECRET, `at least ${MIN_SECRET} characters`).optional(),
  ALLOWED_ORIGINS: z
    .string()
    .transform((list) => list.split(/[\s,]+/).filter(Boolean))
    .superRefine(areOrigins)
    .optional(),
  APP_NAME: z.string().min(1).max(100).default('Deskbell'),
  NOTIFY_AFTER: duration.default(300_000),
  MAIL_URL: z
    .string()
    .refine((url) => hasShape(url, /^(mailbox:|smtps?:\/\/.+)$/), { error: 'mailbox: or smtp://…', abort: true })
    .refine(isReadable, ESCAPES)
    .default('mailbox:'),
  MAIL_FROM: mailbox.optional(),
  RATE_LIMIT: rate.default({ perSecond: 10, burst: 300 }),
  METRICS: z
    .string()
    .regex(/^(on|off|token:\S{16,})$/, 'on, off, or token: and 16 characters or more')
    .optional(),
  LOG_LEVEL: z.enum(LEVELS, { error: LEVELS.join(', ') }).default('info'),
  TRUST_PROXY: z.coerce.number('a number of proxies').int().min(0).max(10).default(0),
})

export interface Settings {
  production: boolean
  port: number
  host: string
  publicUrl: string
  dataDir: string
  /** `sqlite:` and a path, or where the server is */
  databaseUrl: string
  /** Staff can search what was written */
  fullTextSearch: boolean
  /** What carries hints between nodes; null for a single node */
  busUrl: string | null
  secret: string
  allowedOrigins: string[]
  appName: string
  /** Milliseconds */
  notifyAfter: number
  mailUrl: string
  mailFrom: { name: string; address: string }
  rateLimit: Rate | null
  /** Proxies of one's own in front of it */
  trustProxy: number
  /** Who may read /metrics: nobody, who carries the token, or (null) everybody */
  metrics: { on: boolean; token: string | null }
  logLevel: (typeof LEVELS)[number]
}

/** A setting that cannot be right, in one line for the person who starts the server */
export class SettingsError extends Error {
  override readonly name = 'SettingsError'
}

/** @throws SettingsError */
export function readSettings(env: Record<string, string | undefined>): Settings {
  // An empty variable is an unset one: compose files make such
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
    dataDir,
    databaseUrl,
    fullTextSearch: e.FULL_TEXT_SEARCH === 'on',
    busUrl: busOf(e.BUS_URL, databaseUrl),
    secret: e.DESKBELL_SECRET ?? keptSecret(dataDir, production),
    allowedOrigins: e.ALLOWED_ORIGINS ?? (production ? [] : ['http://localhost:*']),
    appName: e.APP_NAME,
    notifyAfter: e.NOTIFY_AFTER,
    mailUrl: e.MAIL_URL,
    mailFrom: e.MAIL_FROM ?? { name: `${e.APP_NAME} Support`, address: 'support@localhost' },
    rateLimit: e.RATE_LIMIT,
    trustProxy: e.TRUST_PROXY,
    metrics: metricsOf(e.METRICS ?? (production ? 'off' : 'on')),
    logLevel: e.LOG_LEVEL,
  }
}

/** PostgreSQL brings one along */
function busOf(setting: string | undefined, databaseUrl: string): string | null {
  if (setting !== undefined) return setting === 'off' ? null : setting
  return /^postgres(ql)?:/.test(databaseUrl) ? databaseUrl : null
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

/** The secret of a machine to try things on: made once, then kept */
function keptSecret(dataDir: string, production: boolean): string {
  if (production) throw new SettingsError('DESKBELL_SECRET is missing; in production it must be set')
  const file = join(dataDir, 'secret')
  if (!existsSync(file)) {
    writeFileSync(file, randomBytes(32).toString('base64url'))
    chmodSync(file, 0o600)
  }
  return readFileSync(file, 'utf8').trim()
}

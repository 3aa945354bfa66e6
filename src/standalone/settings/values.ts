// How values of settings are parsed, and the message for a wrong one.
import { z } from 'zod'
import { isEmailAddress } from '../../protocol/email-address.ts'
import { oneLine } from '../../protocol/one-line.ts'
import { Origins } from '../../server/http/origins.ts'
import { readWeek } from '../../server/hours/week.ts'
import { zoneOf } from '../../server/hours/zone.ts'
import type { Rate } from '../../server/http/rate-limit.ts'
import { MAX_STAFF_ADDRESSES } from '../../server/notifications/staff-mails.ts'
import { PUSHER_KEY } from '../../server/option-shapes.ts'
import { keyBytes } from '../../server/webhooks/signature.ts'
import { bucketOf } from '../bucket.ts'
import { mailerOf } from '../mailer.ts'
import { publisherOf } from '../publisher.ts'
import { ESCAPES, hasShape, isReadable, withOneHost } from '../server-url.ts'

/** The size of a file fits in a signed number of four bytes */
const MAX_BYTES = 2 ** 31 - 1
const UNITS: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }
const BYTES: Record<string, number> = { B: 1, kB: 1024, MB: 1024 ** 2, GB: 1024 ** 3 }

/** `500ms`, `2s`, `5m`, `1h`; becomes milliseconds */
export const duration = z
  .string()
  .regex(/^\d+(ms|s|m|h)$/, 'it must be a number and ms, s, m or h, such as 5m')
  .transform((text) => parseInt(text) * (UNITS[text.replace(/\d+/, '')] ?? 1))

/** `25MB`: bytes, in units of 1024; null: off */
export const fileSize = z
  .string()
  .regex(/^(off|[1-9]\d{0,8}(B|kB|MB|GB))$/, 'it must be off, or a number and B, kB, MB or GB, such as 25MB')
  .transform((text): number | null => (text === 'off' ? null : parseInt(text) * (BYTES[text.replace(/\d+/, '')] ?? 1)))
  .refine((bytes) => bytes === null || bytes <= MAX_BYTES, 'it must be less than 2GB')

/** An Error of `check` says what is wrong with the text */
const checkedBy = (check: (text: string) => unknown) =>
  z.string().superRefine((text, context) => {
    try {
      check(text)
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message })
    }
  })

export const hours = checkedBy(readWeek)
export const timeZone = checkedBy((name) => zoneOf(name))

/** `365d`: days */
export const days = z
  .string()
  .regex(/^[1-9]\d{0,4}d$/, 'it must be a number of days and d, such as 365d')
  .transform((text) => parseInt(text))

/** `10:300`: tokens a second, and the burst */
export const rate = z
  .string()
  .regex(/^(off|[1-9]\d*:[1-9]\d*)$/, 'it must be off, or a rate and a burst, such as 10:300')
  .transform((text): Rate | null => {
    const [perSecond = 0, burst = 0] = text.split(':').map(Number)
    return text === 'off' ? null : { perSecond, burst }
  })

/** Without a slash at its end, because paths are appended to it */
export const webUrl = z
  .url({ protocol: /^https?$/, error: 'it must be a URL such as https://example.com' })
  .refine((url) => !url.includes('*'), 'it must be one address, without *')
  .transform((url) => url.replace(/\/+$/, ''))

const isThisMachine = (host: string): boolean => ['localhost', '127.0.0.1', '[::1]'].includes(host)

export const pusherKey = z.string().regex(PUSHER_KEY, 'it must be at most 100 letters, digits, _ and -')

/** As the provider writes it, with a slash at its end or without */
export const issuer = z
  .url({ protocol: /^https?$/, error: 'it must be a URL such as https://accounts.example.com', abort: true })
  .refine(
    (url) => url.startsWith('https:') || isThisMachine(new URL(url).hostname),
    'it must begin with https: (or http: on this machine)',
  )

/** `Name <address>`, `"Name" <address>`, or an address alone */
export const mailbox = z
  .string()
  .transform((text) => {
    const [, name = '', address = text.trim()] = /^([^<>]*)<([^<>]*)>\s*$/.exec(text) ?? []
    return { name: oneLine(unquoted(name.trim())), address }
  })
  .refine(({ address }) => isEmailAddress(address), 'it must look like Acme Support <support@acme.com>')

/** A name with commas or quotation marks has to be quoted in the header of a mail, so people write it so here */
const unquoted = (name: string): string =>
  /^"(?:[^"\\]|\\.)*"$/.test(name) ? name.slice(1, -1).replace(/\\(.)/g, '$1') : name

/** Without a database's name, MySQL's driver would fail at the first table, and MongoDB's would use one that is called test */
const hasDatabase = (url: string): boolean =>
  !/^(mysql|mariadb|mongodb(\+srv)?):/.test(url) || new URL(url).pathname.length > 1

export const databaseUrl = z
  .string()
  .refine(
    (url) =>
      hasShape(withOneHost(url), /^(sqlite:.+|(postgres|postgresql|mysql|mariadb|mongodb|mongodb\+srv):\/\/.+)$/),
    { error: 'it must be sqlite: and a path, postgres://…, mysql://…, mariadb://… or mongodb://…', abort: true },
  )
  .refine((url) => url.startsWith('sqlite:') || isReadable(withOneHost(url)), { error: ESCAPES, abort: true })
  .refine((url) => hasDatabase(withOneHost(url)), 'it names no database; end its address with /NAME')

/** NATS takes several servers, with commas between them */
const busUrls = (setting: string): string[] => (/^(nats|tls):/.test(setting) ? setting.split(',') : [setting])
const isBusUrl = (url: string): boolean => hasShape(url, /^(rediss?|nats|tls|postgres|postgresql):\/\/\S+$/)

export const busUrl = z
  .string()
  .refine((setting) => setting === 'off' || busUrls(setting).every(isBusUrl), {
    error: 'it must be redis://…, rediss://…, nats://…, tls://…, postgres://… or off',
    abort: true,
  })
  .refine((setting) => setting === 'off' || busUrls(setting).every(isReadable), ESCAPES)

/** The sender is another setting, and has no part in whether the URL is right */
const ANY_SENDER = { name: '', address: 'support@localhost' }

export const mailUrl = z.string().superRefine((url, context) => {
  if (url === 'mailbox:') return
  try {
    mailerOf(url, { from: ANY_SENDER })
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message })
    return
  }
  if (/^smtps?:/i.test(url) && !(hasShape(url, /\S/) && isReadable(url)))
    context.addIssue({ code: 'custom', message: ESCAPES })
})

export const publishUrl = z.string().superRefine((url, context) => {
  try {
    publisherOf(url)
  } catch (error) {
    context.addIssue({ code: 'custom', message: (error as Error).message })
  }
})

export const filesUrl = checkedBy(bucketOf)

/** Addresses, and the word `team` for everybody who has an account, separated by commas or spaces */
export const staffEmails = z
  .string()
  .transform((list) => list.split(/[\s,]+/).filter(Boolean))
  .transform((list) => ({ to: list.filter((one) => one !== 'team'), team: list.includes('team') }))
  .refine(
    ({ to, team }) => (team || to.length > 0) && to.length <= MAX_STAFF_ADDRESSES && to.every(isEmailAddress),
    'it must be up to 20 e-mail addresses, or team',
  )

/** `https://example.com/logo.png 120x32`: the address of a picture, and its size in pixels */
export const mailLogo = z
  .string()
  .regex(/^https?:\/\/\S+ \d+x\d+$/, 'it must be a URL and a size, such as https://example.com/logo.png 120x32')
  .transform((text) => {
    const [url = '', size = ''] = text.split(' ')
    const [width = 0, height = 0] = size.split('x').map(Number)
    return { url, width, height }
  })

/** Separated by commas or spaces */
export const origins = z
  .string()
  .transform((list) => list.split(/[\s,]+/).filter(Boolean))
  .superRefine((list, context) => {
    try {
      new Origins(list)
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message })
    }
  })

export const pushContact = z
  .string()
  .regex(/^(off|mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/, 'it must be mailto:…, an https URL, or off')

export const onOrOff = z.enum(['on', 'off'], { error: 'it must be on or off' })

export const metrics = z
  .string()
  .regex(/^(on|off|token:\S{16,})$/, 'it must be on, off, or token: and at least 16 characters')

/** Separated by commas or spaces */
export const webhookUrls = z
  .string()
  .transform((list) => list.split(/[\s,]+/).filter(Boolean))
  .refine(
    (urls) => urls.every((url) => hasShape(url, /^https?:\/\/\S+$/)),
    'it must be one or more URLs such as https://example.com/hook',
  )

/** One, or two while one replaces the other; separated by commas or spaces */
export const webhookSecrets = z
  .string()
  .transform((list) => list.split(/[\s,]+/).filter(Boolean))
  .superRefine((secrets, context) => {
    try {
      secrets.forEach(keyBytes)
    } catch (error) {
      context.addIssue({ code: 'custom', message: (error as Error).message })
    }
  })

import { readBasePath } from './http/mount.ts'
import { ADDRESS_LIMITS, type AddressLimitOptions } from './http/address-limits.ts'
import type { Rate } from './http/rate-limit.ts'
import { server as english } from './locales/en.ts'
import { checkMailReplies } from './mail-replies/options.ts'
import type { MailTemplate } from './notifications/mail-content.ts'
import { readLook, type MailLook } from './notifications/mail-look.ts'
import { readStaffMails, type StaffMails } from './notifications/staff-mails.ts'
import type { DeskbellOptions } from './options.ts'
import { secretsOf } from './people/keys.ts'
import { MIN_SECRET } from './people/token.ts'
import { systemClock } from './ports/clock.ts'
import { MAX_PERSON_CONNECTIONS } from './realtime/connections/admission.ts'
import { readEndpoints, type Endpoint } from './webhooks/endpoint.ts'
import { fetchPost } from './webhooks/fetch-post.ts'

/** What one person may send */
const RATE: Rate = { perSecond: 10, burst: 300 }

/** The options that have a default */
type Defaulted =
  | 'basePath'
  | 'appName'
  | 'words'
  | 'notifyAfter'
  | 'trustProxy'
  | 'onError'
  | 'clock'
  | 'allowedOrigins'
  | 'bus'
  | 'mailEvents'
  | 'postWebhook'

/** Days after which an idle visitor is erased */
const IDLE_DAYS = 90

export type SettledOptions = Omit<
  DeskbellOptions,
  Defaulted | 'rateLimit' | 'addressLimits' | 'personConnections' | 'webhooks' | 'visitors' | 'mail' | 'staffMails'
> &
  Required<Pick<DeskbellOptions, Defaulted>> & {
    rateLimit: Rate | null
    addressLimits: AddressLimitOptions | null
    personConnections: number | null
    webhooks: Endpoint[]
    /** Null: they may not write */
    visitors: { idleDays: number } | null
    look: MailLook
    template: MailTemplate | null
    /** Null: staff get no mails */
    staffMails: StaffMails | null
  }

/** @throws Error when an option is invalid */
export function settle(options: DeskbellOptions): SettledOptions {
  // In JavaScript it may be missing: a variable of the environment that is not set
  const secrets: readonly (string | undefined)[] = secretsOf(options.secret ?? '')
  if (secrets.length === 0 || secrets.some((secret) => (secret?.length ?? 0) < MIN_SECRET)) {
    throw new Error(
      `secret needs at least ${MIN_SECRET} characters: is DESKBELL_SECRET, or what you take it from, set?`,
    )
  }
  const {
    appName = 'Deskbell',
    words = english,
    notifyAfter = 300_000,
    trustProxy = 0,
    onError = console.error,
    clock = systemClock,
    allowedOrigins = [],
    bus = null,
    mailEvents = [],
    rateLimit = RATE,
    postWebhook = fetchPost,
  } = options
  if (!URL.canParse(options.publicUrl))
    throw new Error(`publicUrl ${options.publicUrl} is not a URL such as https://example.com`)
  const publicUrl = options.publicUrl.replace(/\/+$/, '')
  const basePath = readBasePath(options.basePath ?? new URL(publicUrl).pathname)
  // A host that lifts the limit on messages, for example for a load test, wants no other limits either
  const { addressLimits = rateLimit && ADDRESS_LIMITS, personConnections = rateLimit && MAX_PERSON_CONNECTIONS } =
    options
  const defaulted = {
    basePath,
    appName,
    words,
    notifyAfter,
    trustProxy,
    onError,
    clock,
    allowedOrigins,
    bus,
    mailEvents,
    postWebhook,
  }
  if (options.mailReplies) checkMailReplies(options.mailReplies)
  const webhooks = readEndpoints(options.webhooks ?? [])
  const { template = null, ...look } = options.mail ?? {}
  return {
    ...options,
    ...defaulted,
    look: readLook(look),
    template,
    staffMails: options.staffMails ? readStaffMails(options.staffMails) : null,
    publicUrl,
    rateLimit,
    addressLimits,
    personConnections,
    webhooks,
    visitors: visitorsOf(options.visitors),
  }
}

/** @throws Error when the number of days is not valid */
function visitorsOf(option: DeskbellOptions['visitors'] = false): SettledOptions['visitors'] {
  if (option === false) return null
  const { idleDays = IDLE_DAYS } = option === true ? {} : option
  if (!(idleDays > 0)) throw new Error('visitors.idleDays must be a number of days')
  return { idleDays }
}

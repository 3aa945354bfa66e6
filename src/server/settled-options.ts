import { settleAssistant, type SettledAssistant } from './assistant/options.ts'
import { settleAttachments, type SettledAttachments } from './attachments/options.ts'
import { readBasePath } from './http/mount.ts'
import { ADDRESS_LIMITS, type AddressLimitOptions } from './http/address-limits.ts'
import type { Rate } from './http/rate-limit.ts'
import { server as english } from './locales/en.ts'
import { checkServerless } from './jobs/options.ts'
import { checkMailReplies } from './mail-replies/options.ts'
import type { MailTemplate } from './notifications/mail-content.ts'
import { readLook, type MailLook } from './notifications/mail-look.ts'
import { readStaffMails, type StaffMails } from './notifications/staff-mails.ts'
import type { DeskbellOptions } from './options.ts'
import { secretsOf } from './people/keys.ts'
import { fetchPush } from './push/fetch-push.ts'
import { readPush } from './push/options.ts'
import { MIN_SECRET } from './people/token.ts'
import { systemClock } from './ports/clock.ts'
import { MAX_PERSON_CONNECTIONS } from './realtime/connections/admission.ts'
import { readHours, type Hours } from './hours/hours.ts'
import { readEndpoints, type Endpoint } from './webhooks/endpoint.ts'
import { fetchPost } from './webhooks/fetch-post.ts'

/** What one person may send */
const RATE: Rate = { perSecond: 10, burst: 300 }

/** The options that have a default */
type Defaulted =
  | 'basePath'
  | 'appName'
  | 'assignOnReply'
  | 'words'
  | 'notifyAfter'
  | 'trustProxy'
  | 'onError'
  | 'clock'
  | 'allowedOrigins'
  | 'bus'
  | 'publisher'
  | 'publish'
  | 'mailEvents'
  | 'postWebhook'
  | 'postPush'

/** Days after which an idle visitor is erased */
const IDLE_DAYS = 90

export type SettledOptions = Omit<
  DeskbellOptions,
  | Defaulted
  | 'assistant'
  | 'attachments'
  | 'rateLimit'
  | 'addressLimits'
  | 'personConnections'
  | 'webhooks'
  | 'visitors'
  | 'mail'
  | 'staffMails'
  | 'hours'
  | 'push'
> & { [Name in Defaulted]-?: Exclude<DeskbellOptions[Name], undefined> } & {
  rateLimit: Rate | null
  addressLimits: AddressLimitOptions | null
  personConnections: number | null
  webhooks: Endpoint[]
  /** Null: there is none */
  assistant: SettledAssistant | null
  /** Null: messages carry no files */
  attachments: SettledAttachments | null
  /** Null: they may not write */
  visitors: { idleDays: number } | null
  look: MailLook
  template: MailTemplate | null
  /** Null: staff get no mails */
  staffMails: StaffMails | null
  /** Null: staff get none */
  push: { contact: string } | null
  /** Null: nothing is said about them */
  hours: Hours | null
}

/**
 * @param options `checkOptions` has seen them
 * @throws Error when one of them is invalid
 */
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
    assignOnReply = true,
    rating = true,
    words = english,
    notifyAfter = 300_000,
    trustProxy = 0,
    onError = console.error,
    clock = systemClock,
    allowedOrigins = [],
    bus = null,
    publisher = null,
    publish = 'hints',
    mailEvents = [],
    rateLimit = RATE,
    postWebhook = fetchPost,
    postPush = fetchPush,
  } = options
  const publicUrl = options.publicUrl.replace(/\/+$/, '')
  const basePath = readBasePath(options.basePath ?? new URL(publicUrl).pathname)
  // A host that lifts the limit on messages, for example for a load test, wants no other limits either
  const { addressLimits = rateLimit && ADDRESS_LIMITS, personConnections = rateLimit && MAX_PERSON_CONNECTIONS } =
    options
  const defaulted = {
    basePath,
    appName,
    assignOnReply,
    rating,
    words,
    notifyAfter,
    trustProxy,
    onError,
    clock,
    allowedOrigins,
    bus,
    publisher,
    publish,
    mailEvents,
    postWebhook,
    postPush,
  }
  if (options.serverless) checkServerless(options.serverless)
  const { pusherKey } = options
  if (pusherKey !== undefined && publisher?.service === 'pusher') {
    throw new Error('pusherKey and a publisher of Pusher Channels both answer at pusher/auth. Leave one of them out')
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
    hours: options.hours ? readHours(options.hours) : null,
    push: readPush(options.push ?? {}, publicUrl),
    publicUrl,
    rateLimit,
    addressLimits,
    personConnections,
    webhooks,
    assistant: options.assistant ? settleAssistant(options.assistant) : null,
    attachments: options.attachments ? settleAttachments(options.attachments, rateLimit !== null) : null,
    visitors: visitorsOf(options.visitors),
  }
}

function visitorsOf(option: DeskbellOptions['visitors'] = false): SettledOptions['visitors'] {
  if (option === false) return null
  const { idleDays = IDLE_DAYS } = option === true ? {} : option
  return { idleDays }
}

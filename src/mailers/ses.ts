import type { Mailer } from '../server/ports/mailer.ts'
import { awsSigned, isRegion, type AwsCredentials } from '../services/aws.ts'
import { REFERENCE } from './events/reference.ts'
import {
  excerpt,
  serviceMailer,
  textOf,
  type ServiceRefusal,
  type ServiceAnswer,
  type ServiceOptions,
  type ServiceRequest,
} from './http-service.ts'
import { asciiMailboxText } from './address-text.ts'
import { checkAwsCredentials } from '../services/credentials.ts'
import { serviceUrl } from '../services/service-url.ts'

export interface SesOptions extends ServiceOptions {
  /** Such as `eu-central-1` */
  region: string
  credentials: AwsCredentials
  /** The configuration set, which tells SES where events go. Default: that of the sender's identity */
  configurationSet?: string | undefined
  /** Default: `https://email.REGION.amazonaws.com` */
  url?: string | undefined
}

const SECOND = 1_000
/** AWS advises to wait up to ten minutes: https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html */
const QUOTA_PAUSE = 600 * SECOND
const RATE_PAUSE = SECOND

/** The names of errors, which the header `x-amzn-errortype` and the field `__type` have */
const REASONS: Record<string, string> = {
  AccountSuspendedException: 'the account may not send mails any more',
  SendingPausedException: 'sending is paused for the account or the configuration set',
  MailFromDomainNotVerifiedException: 'the MAIL FROM domain of the sender is not verified',
  UnrecognizedClientException: 'the access key is wrong, or the session token has run out',
  InvalidClientTokenId: 'the access key is wrong, or the session token has run out',
  InvalidSignatureException: 'the secret key is wrong, or the clock of this machine is',
  SignatureDoesNotMatch: 'the secret key is wrong, or the clock of this machine is',
  ExpiredTokenException: 'the session token has run out',
}
const PAUSES: Record<string, number> = {
  TooManyRequestsException: RATE_PAUSE,
  ThrottlingException: RATE_PAUSE,
  Throttling: RATE_PAUSE,
  LimitExceededException: QUOTA_PAUSE,
  AccountSuspendedException: QUOTA_PAUSE,
  SendingPausedException: QUOTA_PAUSE,
}

/**
 * Sends by Amazon SES, version 2 of its API (https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_SendEmail.html). Needs the
 * permission `ses:SendEmail`; `deskbell doctor` also uses `ses:GetAccount`, if it may.
 *
 * @throws Error when `from.address` is no e-mail address, `region` is no region, or `url` is none
 * @example sesMailer({ region: 'eu-central-1', credentials: fromNodeProviderChain(), from: { name: 'Example Support', address: 'support@example.com' } })
 */
export function sesMailer({ region, credentials, configurationSet, url, ...options }: SesOptions): Mailer {
  checkAwsCredentials('sesMailer', credentials)
  if (!isRegion(region)) throw new Error('The region of SES has a name such as eu-central-1')
  const api = serviceUrl(url ?? `https://email.${region}.amazonaws.com`)

  const signed = (method: 'GET' | 'POST', path: string, body?: string): Promise<ServiceRequest> =>
    awsSigned({
      method,
      url: `${api}/v2/email/${path}`,
      region,
      service: 'ses',
      credentials,
      headers: body === undefined ? {} : { 'content-type': 'application/json' },
      body,
    })

  return serviceMailer(
    {
      name: 'Amazon SES',
      sending(mail, from) {
        // SES gives a mail its own Message-ID
        const { 'Message-ID': _own, ...headers } = mail.headers
        const content = {
          FromEmailAddress: asciiMailboxText(from),
          Destination: { ToAddresses: [asciiMailboxText(mail.to)] },
          ...(mail.replyTo !== undefined && { ReplyToAddresses: [mail.replyTo] }),
          Content: {
            Simple: {
              Subject: utf8(mail.subject),
              Body: { Text: utf8(mail.text), Html: utf8(mail.html) },
              Headers: Object.entries(headers).map(([Name, Value]) => ({ Name, Value })),
            },
          },
          ...(mail.reference === undefined ? {} : { EmailTags: [{ Name: REFERENCE, Value: mail.reference }] }),
          ...(configurationSet === undefined ? {} : { ConfigurationSetName: configurationSet }),
        }
        return signed('POST', 'outbound-emails', JSON.stringify(content))
      },
      accepted: (answer) => textOf(answer, 'MessageId') !== '',
      refusal,
      signingIn: () => signed('GET', 'account'),
      signedIn(answer) {
        const { SendingEnabled, ProductionAccessEnabled } = answer.fields
        // The signature was right, and whoever may send need not be allowed to look
        if (errorOf(answer).startsWith('AccessDenied')) return null
        if (typeof SendingEnabled !== 'boolean')
          throw new Error(answer.status < 500 ? refusal(answer).reason : excerpt(answer))
        if (!SendingEnabled) throw new Error('sending is paused for the account')
        return ProductionAccessEnabled === false
          ? 'the account is in the sandbox: mails go to verified addresses alone'
          : null
      },
    },
    options,
  )
}

const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' })

/** Such as `MessageRejected`: the header may have more after a colon, the field a namespace before a `#` */
function errorOf(answer: ServiceAnswer): string {
  const type = answer.headers.get('x-amzn-errortype') ?? textOf(answer, '__type')
  return type.replace(/:.*$/s, '').replace(/^.*#/s, '')
}

function refusal(answer: ServiceAnswer): ServiceRefusal {
  const error = errorOf(answer)
  const text = textOf(answer, 'message') || textOf(answer, 'Message') || excerpt(answer)
  if (/not verified/i.test(text))
    return { reason: `the sender or, in the sandbox, the recipient is not verified (${text})` }
  const isQuota = /daily message quota/i.test(text)
  const pause = isQuota ? QUOTA_PAUSE : (PAUSES[error] ?? (answer.status === 429 ? RATE_PAUSE : undefined))
  const reason = isQuota
    ? 'the mails of the day are used up'
    : (REASONS[error] ?? (pause === RATE_PAUSE ? 'too many requests' : text))
  return { reason, ...(pause === undefined ? {} : { retryAfter: pause }) }
}

import { domainToASCII } from 'node:url'
import { oneLine } from '../protocol/one-line.ts'
import { causeOf } from '../services/cause-of.ts'
import { recipientOf } from './recipient.ts'
import { MailRefused, type Mail, type Mailer, type RefusedOptions } from '../server/ports/mailer.ts'
import { checkSender, type Sender } from './sender.ts'

/** What every mail service of this folder takes */
export interface ServiceOptions {
  /** Who the mails come from. The service must know the address or its domain as yours */
  from: Sender
  /** How long the service may take to answer, in milliseconds. Default: 30,000 */
  timeout?: number | undefined
}

export interface ServiceRequest {
  url: string
  method: 'GET' | 'POST'
  headers: Record<string, string>
  body?: string
}

export interface ServiceAnswer {
  status: number
  headers: Headers
  /** The fields of a JSON object; none for any other body */
  fields: Record<string, unknown>
  text: string
}

/** Why a service did not take a mail */
export interface ServiceRefusal extends RefusedOptions {
  /** In words: `deskbell why` shows it */
  reason: string
}

/** A mail service with an HTTP API: what differs from one to the other */
export interface MailService {
  /** As people know it */
  name: string
  /** The request that sends the mail. Called before the handover, so whatever it throws is certain */
  sending: (mail: Mail, from: Sender) => Promise<ServiceRequest>
  /** Whether an answer with a status of success is the service's own */
  accepted: (answer: ServiceAnswer) => boolean
  /** What an answer that refuses means. Undefined: the mail may be under way all the same */
  refusal: (answer: ServiceAnswer) => ServiceRefusal | undefined
  /** A request that needs the credentials and sends nothing */
  signingIn: () => Promise<ServiceRequest>
  /** What its answer says. @throws Error when mails would not be sent */
  signedIn: (answer: ServiceAnswer) => string | null
}

const TIMEOUT = 30_000
/** Characters of an unknown answer that a reason repeats */
const EXCERPT = 200

/**
 * A mailer over the API of a service. A mail was certainly not accepted when the service could not be reached, or answered with a
 * redirect or an error of the caller (3xx, 4xx). After an error of the server (5xx), a timeout, a broken connection or an answer that
 * is not the service's, nobody knows.
 * @throws Error when `from.address` is no e-mail address
 */
export function serviceMailer(service: MailService, { from, timeout = TIMEOUT }: ServiceOptions): Mailer {
  checkSender(from)
  const sender = { name: oneLine(from.name), address: asciiDomain(from.address) }
  return {
    handsOver: true,
    async send(mail, handover) {
      const request = await service.sending({ ...mail, to: asciiRecipient(mail) }, sender)
      await handover()
      const answer = await ask(request, timeout)
      if (isSuccess(answer)) {
        if (service.accepted(answer)) return
        throw new Error(`${service.name} was not who answered: ${excerpt(answer)}`)
      }
      const refusal = answer.status < 500 ? service.refusal(answer) : undefined
      if (!refusal) throw new Error(`${service.name} failed: ${excerpt(answer)}`)
      throw new MailRefused(`${service.name}: ${oneLine(refusal.reason)}`, refusal)
    },
    async verify() {
      const answer = await ask(await service.signingIn(), timeout)
      return service.signedIn(answer)
    },
  }
}

function asciiRecipient(mail: Mail): Mail['to'] {
  const { name, address } = recipientOf(mail)
  return { name, address: asciiDomain(address) }
}

/** Services want domains as DNS has them */
export function asciiDomain(address: string): string {
  const at = address.lastIndexOf('@')
  return address.slice(0, at + 1) + (domainToASCII(address.slice(at + 1)) || address.slice(at + 1))
}

/** @throws MailRefused when nothing was sent, Error when nobody knows */
async function ask({ url, ...request }: ServiceRequest, timeout: number): Promise<ServiceAnswer> {
  const response = await fetch(url, {
    ...request,
    // A connection that was kept open may be closed by the service just as the mail goes out
    headers: { accept: 'application/json', connection: 'close', ...request.headers },
    // Whoever answers with a redirect did not take the mail, and a second address is not to get it
    redirect: 'manual',
    signal: AbortSignal.timeout(timeout),
  }).catch((error: unknown) => {
    throw neverConnected(error)
      ? new MailRefused(causeOf(error), { cause: error })
      : new Error(causeOf(error), { cause: error })
  })
  const { status, headers } = response
  // The status alone says whether the mail was refused
  const text = await response.text().catch(() => '')
  return { status, headers, text, fields: fieldsOf(text) }
}

const isSuccess = ({ status }: ServiceAnswer): boolean => status >= 200 && status < 300

function fieldsOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

/** An answer in a few words, whoever gave it */
export const excerpt = ({ status, text }: ServiceAnswer): string =>
  oneLine(`${status} ${text.slice(0, EXCERPT)}${text.length > EXCERPT ? '…' : ''}`)

/** A field that may be anything; '' unless it is text */
export function textOf({ fields }: Pick<ServiceAnswer, 'fields'>, name: string): string {
  const value = fields[name]
  return typeof value === 'string' ? value : ''
}

interface SystemError {
  code?: string
  syscall?: string
}

/** Whether a request failed before a byte of it was sent: no address, no connection, or the wrong certificate */
function neverConnected(error: unknown): boolean {
  const { cause } = error as Error
  const errors = cause instanceof AggregateError ? (cause.errors as SystemError[]) : [(cause ?? {}) as SystemError]
  return errors.every(
    ({ code = '', syscall }) =>
      syscall === 'connect' || syscall === 'getaddrinfo' || code === 'UND_ERR_CONNECT_TIMEOUT' || /CERT/.test(code),
  )
}

import type { InboundOutcome } from '../ports/observer.ts'
import type { InboundMail } from './inbound-mail.ts'

/** Why a mail that a person wrote cannot join the chat. They get an answer that says so */
export type Refusal = Exclude<InboundOutcome, 'joined' | 'automatic' | 'forged'>

const AUTOMATIC_HEADERS = [
  'x-autoreply',
  'x-autorespond',
  'x-auto-response-suppress',
  'x-failed-recipients',
  'list-id',
  'list-unsubscribe',
]
const BULK = /^(bulk|junk|list|auto[_-]?reply)$/i
const MACHINES = /^(mailer-daemon|postmaster|no-?reply|do-?not-?reply)@/i

/**
 * Whether a program wrote the mail: an absence note, a delivery report, a mailing list, a mail of ours that came back. Nobody may
 * answer those, or two programs would write to each other for ever (RFC 3834 section 2).
 */
export function isAutomatic({ from, header }: InboundMail): boolean {
  const submitted = header('auto-submitted')[0] ?? 'no'
  return (
    from === '' ||
    MACHINES.test(from) ||
    !/^no\b/i.test(submitted) ||
    header('return-path').some((path) => path === '<>') ||
    header('precedence').some((value) => BULK.test(value)) ||
    header('content-type').some((type) => /^multipart\/report\b/i.test(type)) ||
    AUTOMATIC_HEADERS.some((name) => header(name).length > 0)
  )
}

/** Why nothing of the mail can be read; undefined: it is one that can */
export function unreadable({ header, attachments, text }: InboundMail): Refusal | undefined {
  const types = [...header('content-type').map((type) => type.toLowerCase()), ...attachments.map(({ type }) => type)]
  if (
    types.some((type) =>
      /^(multipart\/encrypted|application\/(x-)?pkcs7-mime.*enveloped|application\/pgp-encrypted)/.test(type),
    )
  )
    return 'encrypted'
  if (/^-----BEGIN PGP MESSAGE-----/m.test(text)) return 'encrypted'
  if (types.some((type) => type.startsWith('text/calendar'))) return 'invitation'
  return undefined
}

import type { InboundMailReader, MailInParts } from '../../server/ports/inbound-mail.ts'
import { checkCredentials } from '../../services/credentials.ts'
import { fieldsOf, listOf, parsed, textIn, textsOf, type Fields } from '../fields.ts'
import { standardWebhook } from '../proof/standard-webhook.ts'
import { safeUrl, serviceUrl } from '../../services/service-url.ts'
import { download } from './download.ts'
import { isAtDomain } from './recipients.ts'

export interface ResendInboundOptions {
  /** The signing secret of the webhook: `whsec_…` */
  secret: string
  /** An API key with full access: one that may only send cannot read mails */
  key: string
  /** Default: `https://api.resend.com` */
  url?: string | undefined
  /** How long Resend may be silent while it gives out a mail, in milliseconds. Default: 10,000 */
  timeout?: number | undefined
}

/**
 * Mails that Resend received (https://resend.com/docs/dashboard/receiving/introduction). Its webhook `email.received` says that there is one,
 * which is then read by the API.
 * @throws Error when the secret or the URL is none, or the key is missing
 * @example resendInbound({ secret: process.env.RESEND_INBOUND_SECRET, key: process.env.RESEND_KEY })
 */
export function resendInbound({ secret, key, url, timeout }: ResendInboundOptions): InboundMailReader {
  checkCredentials('resendInbound', { secret, key })
  const check = standardWebhook(secret)
  const api = serviceUrl(url ?? 'https://api.resend.com')
  // Without a User-Agent, Resend answers 403
  const headers = { authorization: `Bearer ${key}`, 'user-agent': 'deskbell', accept: 'application/json' }

  async function given(path: string): Promise<Fields> {
    const { status, body } = await download({ url: `${api}/emails/receiving/${path}`, method: 'GET', headers }, timeout)
    const text = new TextDecoder().decode(body)
    if (status !== 200) throw new Error(`Resend does not give out the mail ${path}: ${status} ${text.slice(0, 200)}`)
    return fieldsOf(JSON.parse(text))
  }

  async function contentOf(mail: string, attachment: string): Promise<Blob> {
    const { download_url } = await given(`${mail}/attachments/${encodeURIComponent(attachment)}`)
    return new Blob([await fileAt(String(download_url), timeout)])
  }

  return {
    name: 'resend',
    async read({ headers: signed, body, domain }) {
      const text = new TextDecoder().decode(body)
      check(signed, text)
      const event = fieldsOf(parsed(text))
      const data = fieldsOf(event['data'])
      if (event['type'] !== 'email.received') return undefined
      // The webhook tells of the mails of every domain of the account
      if (!recipientsOf(data).some(isAtDomain(domain))) return undefined
      const id = encodeURIComponent(textIn(data, 'email_id'))
      const mail = await given(`${id}?html_format=cid`)
      const recipients = recipientsOf(mail)
      const raw = textIn(fieldsOf(mail['raw']), 'download_url')
      return raw === ''
        ? partsOf(mail, recipients, (attachment) => contentOf(id, attachment))
        : { raw: await fileAt(raw, timeout), recipients, alignment: 'unknown' as const }
    },
  }
}

/** Its servers for files need no key: the URL is signed */
async function fileAt(text: string, timeout: number | undefined): Promise<Uint8Array<ArrayBuffer>> {
  const { href, host } = safeUrl(text)
  const { status, body } = await download({ url: href, method: 'GET', headers: {} }, timeout)
  if (status !== 200) throw new Error(`${host} does not give out a file of Resend: ${status}`)
  return body
}

const recipientsOf = (mail: Fields): string[] =>
  ['received_for', 'to', 'cc', 'bcc'].flatMap((name) => textsOf(mail[name]))

function partsOf(mail: Fields, recipients: string[], contentOf: (attachment: string) => Promise<Blob>): MailInParts {
  const html = textIn(mail, 'html')
  return {
    from: textIn(mail, 'from'),
    recipients,
    messageId: textIn(mail, 'message_id'),
    subject: textIn(mail, 'subject'),
    text: textIn(mail, 'text'),
    html,
    headers: Object.entries(fieldsOf(mail['headers'])).map(([name, value]) => [name, String(value)] as const),
    attachments: listOf(mail['attachments']).map((one) => ({
      type: textIn(one, 'content_type').toLowerCase(),
      name: textIn(one, 'filename'),
      contentId: textIn(one, 'content_id'),
      content: () => contentOf(textIn(one, 'id')),
    })),
    alignment: 'unknown',
  }
}

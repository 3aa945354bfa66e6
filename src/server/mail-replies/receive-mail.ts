// What comes of a mail that reached a reply address: a message of the chat, a mail that says why it is none, or nothing.
import { DeskbellError } from '../../protocol/errors.ts'
import { EMAIL_CLIENT_ID } from '../../protocol/by-email.ts'
import { base64url, sha256 } from '../bytes.ts'
import type { ServerCatalogue } from '../catalogue.ts'
import type { Core } from '../core.ts'
import { sendMessage } from '../messages/send.ts'
import type { Identity } from '../people/identity.ts'
import type { InboundOutcome } from '../ports/observer.ts'
import type { ChatRecord } from '../ports/store/chats.ts'
import type { InboundMail } from './inbound-mail.ts'
import { isAutomatic, unreadable, type Refusal } from './refusal.ts'
import type { ReplyAddresses, ReplyToken } from './reply-address.ts'
import { splitContent } from './split-content.ts'
import { writtenText } from './written-text.ts'

export interface ReceiveOptions {
  core: Core
  words: ServerCatalogue
  addresses: ReplyAddresses
  /** Begins to tell somebody why their mail is not in the chat. Never throws */
  tellRefusal: (to: InboundMail, why: Refusal) => void
}

/**
 * Takes in a mail. Whoever delivers one twice makes one message of it: its `Message-ID` is the `client_id`.
 * @throws DeskbellError `unavailable`: nothing was decided, and it is to be delivered again
 */
export async function receiveMail(mail: InboundMail, options: ReceiveOptions): Promise<void> {
  const outcome = await judge(mail, options)
  if (outcome !== 'joined' && outcome !== 'automatic' && outcome !== 'forged') options.tellRefusal(mail, outcome)
  options.core.observer?.inboundMail?.(outcome)
}

async function judge(mail: InboundMail, { core, words, addresses }: ReceiveOptions): Promise<InboundOutcome> {
  if (isAutomatic(mail)) return 'automatic'
  if (mail.alignment === 'fail') return 'forged'
  const token = mail.recipients.map((address) => addresses.read(address)).find((one) => one !== undefined)
  const chat = token && (await chatOf(token, { core, addresses }))
  if (!chat) return 'unknown'
  // The mail may have been forwarded, and with it the address
  const isTheirs = mail.from.toLowerCase() === chat.user_email.toLowerCase()
  if (!isTheirs && mail.alignment !== 'pass') return 'unknown'
  const why = unreadable(mail)
  if (why) return why
  const written = writtenText(mail.text) || writtenText(await textOf(mail.html))
  const names = mail.attachments.filter(isFile).map(({ name, type }) => name || type)
  if (written === '') return 'empty'
  const lines = [
    ...(isTheirs ? [] : [words.byMail.from(mail.from), '']),
    written,
    ...(names.length > 0 ? ['', words.byMail.left(names)] : []),
  ]
  const parts = splitContent(lines.join('\n').toWellFormed().replaceAll('\0', ''))
  if (!parts) return 'too_long'
  const clientId = await clientIdOf(mail)
  for (const [index, content] of parts.entries()) {
    await send(core, {
      sender: senderOf(chat),
      chat,
      content,
      clientId: `${clientId}${index === 0 ? '' : `.${index + 1}`}`,
    })
  }
  return 'joined'
}

async function textOf(html: string): Promise<string> {
  if (html === '') return ''
  const { htmlText } = await import('./html-text.ts')
  return htmlText(html)
}

async function chatOf(
  token: ReplyToken,
  { core, addresses }: Pick<ReceiveOptions, 'core' | 'addresses'>,
): Promise<ChatRecord | undefined> {
  const chat = await core.store.findChat(token.chatId)
  if (!chat || !(await addresses.isFor(token, chat))) return undefined
  if (!core.hostUsers) return chat
  // Their address may be another one by now
  await core.hostUsers.refresh([chat.user_id])
  return core.store.findChat(chat.id)
}

const senderOf = ({ user_id, user_email, user_name }: ChatRecord): Identity => ({
  id: user_id,
  role: 'user',
  email: user_email,
  name: user_name,
  expiresAt: null,
})

async function send(core: Core, outgoing: Parameters<typeof sendMessage>[1]): Promise<void> {
  try {
    await sendMessage(core, outgoing)
  } catch (error) {
    if (!(error instanceof DeskbellError)) throw error
    // The same mail, as another program read it
    if (error.code === 'conflict') return
    // Services give up a mail for which they get a 4xx
    if (error.code === 'rate_limited') throw new DeskbellError('unavailable', undefined, error.retryAfter)
    throw error
  }
}

/** What mail programs attach by themselves is no loss */
const isFile = ({ type }: InboundMail['attachments'][number]): boolean =>
  !/^application\/(pgp-(signature|keys)|(x-)?pkcs7-signature)$/.test(type)

/** What tells this mail from others: its `Message-ID`, or all that is in it */
async function clientIdOf({ messageId, from, subject, text, html, header }: InboundMail): Promise<string> {
  const identity = messageId || [from, subject, ...header('date'), text, html].join('\n')
  return `${EMAIL_CLIENT_ID}${base64url(await sha256(identity))}`
}

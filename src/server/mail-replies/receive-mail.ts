// What comes of a mail that reached a reply address: a message of the chat, a mail that says why it is none, or nothing.
import { DeskbellError } from '../../protocol/errors.ts'
import { EMAIL_CLIENT_ID } from '../../protocol/by-email.ts'
import { base64url, sha256 } from '../bytes.ts'
import type { ServerCatalogue } from '../catalogue.ts'
import type { Core } from '../core.ts'
import type { Uploads } from '../attachments/uploads.ts'
import { MAX_FILES } from '../../protocol/limits.ts'
import { sendMessage } from '../messages/send.ts'
import type { Identity } from '../people/identity.ts'
import { nextTurn } from '../ports/clock.ts'
import type { MailAttachment } from '../ports/inbound-mail.ts'
import type { InboundOutcome } from '../ports/observer.ts'
import type { ChatRecord } from '../ports/store/chats.ts'
import type { InboundMail } from './inbound-mail.ts'
import { isAutomatic, unreadable, type Refusal } from './refusal.ts'
import type { ReplyAddresses, ReplyToken } from './reply-address.ts'
import { storeFiles } from './mail-files.ts'
import { splitContent } from './split-content.ts'
import { writtenText } from './written-text.ts'

export interface ReceiveOptions {
  core: Core
  words: ServerCatalogue
  addresses: ReplyAddresses
  /** Null: messages carry no files */
  uploads: Uploads | null
  /** Begins to tell somebody why their mail is not in the chat. Never throws */
  tellRefusal: (to: InboundMail, why: Refusal) => void
  onError: (error: unknown) => void
}

/**
 * Takes in a mail. Whoever delivers one twice makes one message of it: its `Message-ID` is the `client_id`.
 * @throws DeskbellError `unavailable`: nothing was decided, and it is to be delivered again
 */
export async function receiveMail(mail: InboundMail, options: ReceiveOptions): Promise<void> {
  const outcome = await judge(mail, options)
  // A service may tell of mails to the account's other domains too, which are none of our business
  const isForUs = mail.recipients.some((address) => options.addresses.isHere(address))
  if (isForUs && outcome !== 'joined' && outcome !== 'automatic' && outcome !== 'forged')
    options.tellRefusal(mail, outcome)
  options.core.observer?.inboundMail?.(outcome)
}

async function judge(
  mail: InboundMail,
  { core, words, addresses, uploads, onError }: ReceiveOptions,
): Promise<InboundOutcome> {
  if (isAutomatic(mail)) return 'automatic'
  if (mail.alignment === 'fail') return 'forged'
  const token = mail.recipients.map((address) => addresses.read(address)).find((one) => one !== undefined)
  const chat = token && (await chatOf(token, { core, addresses }))
  if (!chat) return 'unknown'
  // The mail may have been forwarded, and with it the address
  const isTheirs = mail.from.toLowerCase() === chat.user_email.toLowerCase()
  if (!isTheirs && mail.alignment !== 'pass') return 'unknown'
  if (chat.blocked_at !== null) return 'blocked'
  const why = unreadable(mail)
  if (why) return why
  const written = writtenText(mail.text) || writtenText(await textOf(mail.html))
  const sender = senderOf(chat)
  const clientId = await clientIdOf(mail)
  const files = await filesOf(mail)
  if (written === '' && (!uploads || files.length === 0)) return 'empty'
  const given = [...(isTheirs ? [] : [words.byMail.from(mail.from), '']), written]
  if (!messagesOf(given)) return 'too_long'
  const { ids, left } = await storeFiles(files, { uploads, sender, chat, clientId, onError })
  if (written === '' && ids.length === 0) return 'empty'
  const parts = messagesOf([...given, ...(left.length > 0 ? ['', words.byMail.left(left)] : [])], ids)
  if (!parts) return 'too_long'
  try {
    for (const [index, part] of parts.entries())
      await sendMessage(core, { sender, chat, ...part, clientId: `${clientId}${index === 0 ? '' : `.${index + 1}`}` })
  } catch (error) {
    if (!(error instanceof DeskbellError) || error.code === 'unavailable') throw error
    // Services give up a mail for which they get a 4xx
    if (error.code === 'rate_limited') throw new DeskbellError('unavailable', undefined, error.retryAfter)
    await uploads?.discard(ids)
    // The same mail, as another program read it
    if (error.code !== 'conflict') throw error
  }
  return 'joined'
}

/** What the lines and the files become; undefined: it takes too many messages. The files are below the text */
function messagesOf(
  lines: string[],
  files: readonly string[] = [],
): { content: string; attachmentIds: string[] }[] | undefined {
  const parts = splitContent(lines.join('\n').toWellFormed().replaceAll('\0', '').trim())
  const last = parts?.pop()
  if (!parts || last === undefined) return undefined
  const carriers = Array.from({ length: Math.max(1, Math.ceil(files.length / MAX_FILES)) }, (_, index) => ({
    content: index === 0 ? last : '',
    attachmentIds: files.slice(index * MAX_FILES, (index + 1) * MAX_FILES),
  }))
  return [...parts.map((content) => ({ content, attachmentIds: [] })), ...carriers]
}

async function textOf(html: string): Promise<string> {
  if (html === '') return ''
  const { htmlText } = await import('./html-text.ts')
  await nextTurn()
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

/** Without what mail programs attach by themselves, and pictures of mails that are quoted */
async function filesOf({ html, attachments }: InboundMail): Promise<MailAttachment[]> {
  const files = attachments.filter(
    ({ type }) => !/^application\/(pgp-(signature|keys)|(x-)?pkcs7-signature)$/.test(type),
  )
  if (files.every(({ contentId }) => contentId === undefined)) return files
  const { writtenPictures } = await import('./html-text.ts')
  const written = writtenPictures(html)
  return files.filter(({ contentId }) => contentId === undefined || written.has(contentId))
}

/** What tells this mail from others: its `Message-ID`, or all that is in it */
async function clientIdOf({ messageId, from, subject, text, html, header }: InboundMail): Promise<string> {
  const identity = messageId || [from, subject, ...header('date'), text, html].join('\n')
  return `${EMAIL_CLIENT_ID}${base64url(await sha256(identity))}`
}

import { plainText } from '../../protocol/formatting/plain-text.ts'
import { oneLine } from '../../protocol/one-line.ts'
import type { SupportMessage } from '../../protocol/types.ts'
import { isVisitor } from '../../protocol/visitor.ts'
import { nameOf } from '../people/details.ts'
import { shortened } from '../people/shortened.ts'
import type { MailContent } from './mail-content.ts'
import type { MailLook } from './mail-look.ts'
import { previewLines } from './preview.ts'

/** What the standard mail says, in words: its HTML part and its text part show the same */
export interface Letter {
  locale: string
  appName: string
  look: MailLook
  subject: string
  /** Above it people answer by e-mail; null: they cannot */
  replyLine: string | null
  greeting: string
  intro: string
  messages: LetterMessage[]
  /** There are more than are shown; null: there are not */
  more: string | null
  /** Beside the subject in lists of mails */
  preheader: string
  open: LetterLink
  earlier: { heading: string; messages: LetterMessage[] }
  reason: string
  /** How to get no more of them; null: that is not up to the reader */
  stop: LetterLink | null
  id: string
}

export interface LetterLink {
  label: string
  inText: string
  url: string
}

export interface LetterMessage {
  from: string
  /** In the text part, before the message */
  wrote: string
  lines: string[]
}

/** Characters, as people count them, of a message that the mail is about, and of one that came before */
const SHOWN = 1_000
const SHOWN_BEFORE = 200

const filesOf = ({ attachments }: SupportMessage): string[] => attachments.map(({ name }) => `📎 ${name}`)

/** What was written, and the names of the files, which open in the chat */
function linesOf(message: SupportMessage, locale: string, length: number): string[] {
  const files = filesOf(message)
  return message.content === '' && files.length > 0
    ? files
    : [...previewLines(message.content, locale, length), ...files]
}

/** The same on one line, without the marks of its formatting */
function startOf(message: SupportMessage, locale: string): string {
  const written = plainText(previewLines(message.content, locale, SHOWN).join('\n')).split('\n')
  return shortened([...written, ...filesOf(message)].join(' ').trim(), SHOWN_BEFORE)
}

export function letterOf(content: MailContent): Letter {
  const { words, look, messages, count, id } = content
  const { locale, mail: say } = words
  const appName = oneLine(content.appName)
  const said = saidBy(content, appName)
  const fromOf = (message: SupportMessage): string =>
    message.sender_type === 'user' ? said.user : (nameOf(message.sender_name) ?? say.sender(appName))
  const told = (message: SupportMessage, length: number): LetterMessage => {
    const from = fromOf(message)
    return { from, wrote: say.wrote(from), lines: linesOf(message, locale, length) }
  }
  const shown = messages.map((message) => told(message, SHOWN))
  const newest = messages.at(-1)
  return {
    locale,
    appName,
    look,
    subject: said.subject,
    replyLine: said.replyLine,
    greeting: said.greeting,
    intro: said.intro,
    messages: shown,
    more: count > messages.length ? say.more(count - messages.length) : null,
    preheader: newest ? `${say.wrote(fromOf(newest))} ${startOf(newest, locale)}` : '',
    open: said.open,
    earlier: { heading: say.earlier, messages: content.before.map((message) => told(message, SHOWN_BEFORE)) },
    reason: said.reason,
    stop: said.stop,
    id,
  }
}

type Said = Pick<Letter, 'subject' | 'replyLine' | 'greeting' | 'intro' | 'open' | 'reason' | 'stop'> & {
  /** What the user of the chat is called */
  user: string
}

/** What the kinds of mails say differently */
function saidBy(content: MailContent, appName: string): Said {
  const { words, person, count, chatUrl } = content
  const name = nameOf(person.name)
  if (content.kind === 'reply') {
    const { mail: say } = words
    const { unsubscribeUrl } = content
    return {
      subject: say.subject(appName),
      replyLine: content.replyLine,
      greeting: say.greeting(name),
      intro: say.intro(count),
      user: say.you,
      open: { label: say.openChat, inText: say.openChatAt(chatUrl), url: chatUrl },
      reason: say.reason(appName),
      stop: { label: say.unsubscribe, inText: say.unsubscribeAt(unsubscribeUrl), url: unsubscribeUrl },
    }
  }
  if (content.kind === 'visitor') {
    const { mail: say, visitorMail } = words
    const { unsubscribeUrl } = content
    return {
      subject: say.subject(appName),
      replyLine: null,
      greeting: say.greeting(null),
      intro: visitorMail.intro,
      user: say.you,
      open: { label: say.openChat, inText: say.openChatAt(chatUrl), url: chatUrl },
      reason: visitorMail.reason(appName),
      stop: { label: say.unsubscribe, inText: say.unsubscribeAt(unsubscribeUrl), url: unsubscribeUrl },
    }
  }
  const { staffMail: say } = words
  const address = oneLine(person.email)
  const email = address !== '' && isVisitor(person.id) ? say.unverified(address) : address
  const user = name ?? (email || say.somebody)
  return {
    subject: say.subject(user),
    replyLine: null,
    greeting: words.mail.greeting(null),
    intro: say.intro(count),
    user: name !== null && email !== '' ? `${name} (${email})` : user,
    open: { label: say.openChat, inText: say.openChatAt(chatUrl), url: chatUrl },
    reason: say.reason(appName),
    stop: null,
  }
}

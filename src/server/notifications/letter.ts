import { oneLine } from '../../protocol/one-line.ts'
import type { SupportMessage } from '../../protocol/types.ts'
import { nameOf } from '../people/details.ts'
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
  open: { label: string; inText: string; url: string }
  earlier: { heading: string; messages: LetterMessage[] }
  reason: string
  stop: { label: string; inText: string; url: string }
  id: string
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

export function letterOf(content: MailContent): Letter {
  const { words, look, messages, count, chatUrl, unsubscribeUrl, replyLine, id } = content
  const { locale, mail: say } = words
  const appName = oneLine(content.appName)
  const told = (message: SupportMessage, length: number): LetterMessage => {
    const isTheirs = message.sender_type === 'user'
    const from = isTheirs ? say.you : (nameOf(message.sender_name) ?? say.sender(appName))
    return { from, wrote: say.wrote(from), lines: previewLines(message.content, locale, length) }
  }
  const shown = messages.map((message) => told(message, SHOWN))
  const newest = shown.at(-1)
  return {
    locale,
    appName,
    look,
    subject: say.subject(appName),
    replyLine,
    greeting: say.greeting(nameOf(content.person.name)),
    intro: say.intro(count),
    messages: shown,
    more: count > messages.length ? say.more(count - messages.length) : null,
    preheader: newest ? `${newest.wrote} ${newest.lines.join(' ').slice(0, SHOWN_BEFORE)}` : '',
    open: { label: say.openChat, inText: say.openChatAt(chatUrl), url: chatUrl },
    earlier: {
      heading: say.earlier,
      messages: content.before.map((message) => told(message, SHOWN_BEFORE)),
    },
    reason: say.reason(appName),
    stop: { label: say.unsubscribe, inText: say.unsubscribeAt(unsubscribeUrl), url: unsubscribeUrl },
    id,
  }
}

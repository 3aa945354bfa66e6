// One mail of each kind, with made-up words and people in it, in the look that is set: /dev/mailbox/preview.
import { composeRefusal } from '../server/mail-replies/refusal-mail.ts'
import { markerLine } from '../server/mail-replies/written-text.ts'
import type { MailContent, ReplyMailContent } from '../server/notifications/mail-content.ts'
import { standardMail } from '../server/notifications/standard-mail.ts'
import { server } from '../server/locales/en.ts'
import type { Mail } from '../server/ports/mailer.ts'
import type { SenderType, SupportMessage } from '../protocol/types.ts'
import { accounts } from './locales/accounts.en.ts'
import { composeLinkMail } from './accounts/mail.ts'
import type { StandaloneCatalogue } from './catalogue.ts'
import type { Settings } from './settings.ts'

export type Preview = Pick<Mail, 'to' | 'subject' | 'text' | 'html' | 'headers'> & { id: string }

/** Words for a mail that is not sent */
type Sample = StandaloneCatalogue['mailbox']['sample']

const AT = '2026-01-01T09:00:00.000Z'
const PERSON = { id: 'preview', email: 'preview@example.com' }

export async function previews(words: StandaloneCatalogue, settings: Settings): Promise<Preview[]> {
  const { appName, mailLook: look, publicUrl } = settings
  const say = words.mailbox.sample
  const to = { name: say.user, address: PERSON.email }
  const staff = { name: say.staff, address: 'staff@example.com' }
  const [hello, question] = [said('user', 1, say.hello, say), said('user', 2, say.question, say)]
  const [answer, more] = [said('admin', 3, say.answer, say), said('admin', 4, say.more, say)]
  const about = (messages: SupportMessage[], before: SupportMessage[]) => ({
    appName,
    look,
    words: server,
    person: { ...PERSON, name: say.user },
    messages,
    count: messages.length,
    before,
    chatUrl: `${publicUrl}/`,
    id: 'preview',
  })
  const reply = (messages: SupportMessage[], before: SupportMessage[], replyLine: string | null): ReplyMailContent => ({
    ...about(messages, before),
    kind: 'reply',
    unsubscribeUrl: `${publicUrl}/unsubscribe`,
    replyLine,
  })
  const ofChat = async (id: string, content: MailContent): Promise<Preview> => ({
    id,
    to: content.kind === 'waiting' ? staff : to,
    ...(await standardMail(content)),
    headers: {},
  })
  const ofAccount = async (id: string, subject: string, text: string, button: string): Promise<Preview> => ({
    id,
    ...(await composeLinkMail(accounts, { look, to: staff, subject, text, button, link: `${publicUrl}/` })),
  })
  const { mail } = accounts
  return Promise.all([
    ofChat('reply', reply([answer], [], null)),
    ofChat('replies', reply([answer, more], [hello, question], markerLine(server.byMail.marker))),
    ofChat('visitor', { ...about([], []), kind: 'visitor', unsubscribeUrl: `${publicUrl}/unsubscribe` }),
    ofChat('waiting', { ...about([hello, question], []), kind: 'waiting' }),
    composeRefusal({ from: PERSON.email, subject: say.hello, messageId: '' }, 'empty', {
      words: server,
      look,
      appName,
      home: `${publicUrl}/`,
    }).then((sent) => ({ id: 'refusal', ...sent })),
    ofAccount(
      'invitation',
      mail.invitationSubject(appName),
      mail.invitation(appName, say.staff),
      mail.invitationButton,
    ),
    ofAccount('reset', mail.resetSubject(appName), mail.reset(appName), mail.resetButton),
  ])
}

const said = (side: SenderType, seq: number, content: string, { user, staff }: Sample): SupportMessage => ({
  id: String(seq),
  seq,
  content,
  sender_type: side,
  sender_name: side === 'user' ? user : staff,
  client_id: null,
  read_at: null,
  attachments: [],
  created_at: AT,
})

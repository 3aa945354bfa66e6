// A batch of messages in one transaction.
import { messagePreview } from '../../protocol/preview.ts'
import type { SupportAttachment } from '../../protocol/attachments.ts'
import type { AppendOutcome, MessageStore, NewMessage } from '../../server/ports/store/messages.ts'
import type { AttachmentRecord } from '../../server/ports/store/attachments.ts'
import { INSERTED_COLUMNS, insertedMessage, MESSAGE_COLUMNS, messageOf, type MessageRow } from '../message-columns.ts'
import { ATTACHMENT_COLUMNS, takeAttachments } from '../rules/attachment.ts'
import { answersDue } from '../rules/answer.ts'
import {
  activitiesOf,
  advance,
  isOvertaken,
  isRefused,
  isSameMessage,
  isTheirChat,
  place,
  type Head,
} from '../rules/message.ts'
import { NOTIFICATION_KINDS, kindAbout } from '../rules/notification-kinds.ts'
import { countsOf, endWait, type Countable } from '../rules/numbers.ts'
import { happeningsOf } from '../rules/webhook.ts'
import { activityWriter } from './activity-writer.ts'
import { answerRequester } from './answers.ts'
import type { Database } from './database.ts'
import { numbersWriter } from './numbers.ts'
import { outboxWriter } from './outbox.ts'
import { tagMover } from './tag-writer.ts'

interface PlacedMessage extends Countable {
  sent: NewMessage
}

/** What a chat's row says, in this order */
const HEAD = [
  'user_id',
  'last_seq',
  'last_user_seq',
  'last_message_at',
  'archived_at',
  'assignee_id',
  'assignee_name',
  'blocked_at',
  'waiting_since',
  'assistant_off_at',
  'tags',
  'last_activity_seq',
  'last_activity_at',
] as const satisfies (keyof Head)[]
type ValuesOf<Columns extends readonly (keyof Head)[]> = { -readonly [At in keyof Columns]: Head[Columns[At]] }
type HeadRow = ValuesOf<typeof HEAD>

function headOf(row: HeadRow): Head {
  const [user_id, last_seq, last_user_seq, last_message_at, archived_at, assignee_id, assignee_name, ...more] = row
  const [blocked_at, waiting_since, assistant_off_at, tags, last_activity_seq, last_activity_at] = more
  const who = { user_id, assignee_id, assignee_name, blocked_at, archived_at, waiting_since, assistant_off_at, tags }
  return { ...who, last_seq, last_user_seq, last_message_at, last_activity_seq, last_activity_at, last: null }
}

/** Besides the last message nothing of the chat has changed, as with most messages */
const isOnlyMoved = (head: Head, before: Head): boolean =>
  head.archived_at === before.archived_at &&
  head.assignee_id === before.assignee_id &&
  head.assignee_name === before.assignee_name &&
  head.waiting_since === before.waiting_since &&
  head.assistant_off_at === before.assistant_off_at

/** The chats of a batch */
interface Chats {
  heads: Map<string, Head>
  /** As they were read */
  before: Map<string, Head>
}

export function append(db: Database): Pick<MessageStore, 'appendMessages'> {
  const head = db.prepareArrays<HeadRow>(`SELECT ${HEAD.join()} FROM support_chats WHERE id = ?`)
  const insert = db.prepare(`INSERT INTO support_messages (${INSERTED_COLUMNS.join()}, updated_at)
    VALUES (${INSERTED_COLUMNS.map((_, i) => `?${i + 1}`).join()}, ?${INSERTED_COLUMNS.indexOf('created_at') + 1})
    ON CONFLICT (chat_id, sender_id, sender_type, client_id) WHERE client_id IS NOT NULL DO NOTHING`)
  const sentBefore = db.prepare<MessageRow>(
    `SELECT ${MESSAGE_COLUMNS.join()} FROM support_messages WHERE chat_id = ? AND sender_id = ? AND sender_type = ? AND client_id = ?`,
  )
  const MOVED = `last_seq = ?2, last_user_seq = ?3, last_message_at = ?4, last_message_preview = ?5, last_message_sender = ?6, updated_at = ?4`
  // SQLite writes the entry of each index anew of which a column is set, also to what it was
  const moveOn = db.prepare(`UPDATE support_chats SET ${MOVED} WHERE id = ?1`)
  const change = db.prepare(`UPDATE support_chats SET ${MOVED}, archived_at = ?7, assignee_id = ?8, assignee_name = ?9,
    waiting_since = ?10, assistant_off_at = ?11 WHERE id = ?1`)
  const notifyBy = (table: string) =>
    db.prepare(`INSERT INTO ${table} (id, chat_id, state, due_at, created_at, updated_at)
    VALUES (?1, ?2, 'pending', ?3, ?4, ?4) ON CONFLICT (chat_id) WHERE state = 'pending' DO NOTHING`)
  const notify = {
    reply: notifyBy(NOTIFICATION_KINDS.reply.table),
    waiting: notifyBy(NOTIFICATION_KINDS.waiting.table),
  }

  const finished = db.prepare<AttachmentRecord>(
    `SELECT ${ATTACHMENT_COLUMNS.join()} FROM support_attachments WHERE id = ? AND type IS NOT NULL`,
  )
  const take = db.prepare('UPDATE support_attachments SET message_id = ?2, due_at = NULL WHERE id = ?1')

  const writeActivity = activityWriter(db)
  const writeNumbers = numbersWriter(db)
  const writeOutbox = outboxWriter(db)
  const moveTags = tagMover(db)
  const requestAnswers = answerRequester(db)

  function appendOne(sent: NewMessage, { heads, before }: Chats, placed: PlacedMessage[]): AppendOutcome {
    const { id, chat_id, notify_at } = sent
    let chat = heads.get(chat_id)
    if (!chat) {
      const row = head.get(chat_id)
      if (!row) return { kind: 'no_chat' }
      heads.set(chat_id, (chat = headOf(row)))
      before.set(chat_id, { ...chat })
    }
    if (!isTheirChat(sent, chat)) return { kind: 'no_chat' }
    if (isRefused(sent, chat)) return repeatOf(sent) ?? { kind: 'blocked' }
    const carried = carriedBy(sent)
    const message = place(sent, chat, carried ?? [])
    const row = insertedMessage(message, sent)
    const overtaken = isOvertaken(sent, chat)
    // A repeated message carries its files already
    if (!carried || overtaken || !insert.run(...INSERTED_COLUMNS.map((column) => row[column])))
      return repeatOf(sent) ?? { kind: overtaken ? 'overtaken' : 'no_attachment' }
    for (const attachmentId of sent.attachment_ids ?? []) take.run(attachmentId, id)
    if (notify_at !== null) notify[kindAbout(sent.sender_type)].run(id, chat_id, notify_at, message.created_at)
    placed.push({ sent, message, waited: endWait(chat, message, sent.hands_over), tags: chat.tags })
    const more = advance(chat, sent, message)
    for (const activity of activitiesOf(more)) writeActivity(chat_id, activity)
    return { kind: 'stored', message, ...more }
  }

  /** Once per chat and batch */
  function touch(id: string, head: Head, before: Head | undefined): void {
    const { last, last_seq, last_user_seq, last_message_at } = head
    if (!last) return
    const moved = [id, last_seq, last_user_seq, last_message_at, messagePreview(last), last.sender_type] as const
    if (before && isOnlyMoved(head, before)) moveOn.run(...moved)
    else {
      const { archived_at, assignee_id, assignee_name, waiting_since, assistant_off_at } = head
      change.run(...moved, archived_at, assignee_id, assignee_name, waiting_since, assistant_off_at)
    }
    if (head.tags !== null) moveTags(id)
  }

  /** Undefined: the sender has not used this client_id before */
  function repeatOf(sent: NewMessage): AppendOutcome | undefined {
    const known = sentBefore.get(sent.chat_id, sent.sender_id, sent.sender_type, sent.client_id)
    const before = known && messageOf(known)
    return before && (isSameMessage(before, sent) ? { kind: 'repeated', message: before } : { kind: 'conflict' })
  }

  function carriedBy(sent: NewMessage): SupportAttachment[] | undefined {
    const known = new Map<string, AttachmentRecord>()
    for (const id of sent.attachment_ids ?? []) {
      const row = finished.get(id)
      if (row) known.set(id, row)
    }
    return takeAttachments(sent, known)
  }

  return {
    appendMessages: async (batch, outbox, openTime) =>
      db.transaction(() => {
        const chats: Chats = { heads: new Map(), before: new Map() }
        const placed: PlacedMessage[] = []
        const outcomes = batch.map((sent) => appendOne(sent, chats, placed))
        for (const [id, head] of chats.heads) touch(id, head, chats.before.get(id))
        requestAnswers(answersDue(placed, chats.heads))
        writeNumbers(countsOf(placed, openTime))
        if (outbox) writeOutbox(happeningsOf(batch, outcomes), outbox)
        return outcomes
      }),
  }
}

// A batch of messages. What goes to one chat is one update of its document, or several where it is long.
import type { AppendOutcome, MessageStore, NewMessage } from '../../server/ports/store/messages.ts'
import type { OpenTime } from '../../server/ports/store/numbers.ts'
import type { Outbox } from '../../server/ports/store/outbox.ts'
import { insertedMessage } from '../message-columns.ts'
import { answersDue } from '../rules/answer.ts'
import { takeAttachments } from '../rules/attachment.ts'
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
import { kindAbout } from '../rules/notification-kinds.ts'
import { countsOf, endWait, type Countable } from '../rules/numbers.ts'
import { happeningsOf } from '../rules/webhook.ts'
import { addActivity, addCounts, addPending, ruled, setLast } from './chat-document.ts'
import { changeChat } from './chat-writer.ts'
import type { MongoDatabase } from './database.ts'
import type { ChatDoc, MessageDoc } from './documents.ts'
import { messageFrom } from './stored-messages.ts'
import { releaseFiles, takeFiles } from './taken-files.ts'
import { addWebhooks } from './outbox.ts'

/** Bytes that a message has of a file, at most */
const OF_A_FILE = 1_000
/** Messages, and bytes of them, that one update adds */
const MOST = { messages: 50, bytes: 128_000 }

export function append(db: MongoDatabase): Pick<MessageStore, 'appendMessages'> {
  /** Undefined: the sender has not used this client_id before */
  async function sentBefore(chat: ChatDoc, sent: NewMessage): Promise<MessageDoc | undefined> {
    const { client_id, sender_id, sender_type } = sent
    if (client_id === null) return undefined
    const isIt = (one: MessageDoc): boolean =>
      one.client_id === client_id && one.sender_id === sender_id && one.sender_type === sender_type
    const inDocument = chat.messages.find(isIt)
    if (inDocument || chat.messages[0]?.seq === 1) return inDocument
    const older = await db.collection('messages').findOne({ chat_id: chat._id, client_id, sender_id, sender_type })
    return older ?? undefined
  }

  function outcomeOfRepeat(before: MessageDoc, sent: NewMessage): AppendOutcome {
    const message = messageFrom(before)
    return isSameMessage(message, sent) ? { kind: 'repeated', message } : { kind: 'conflict' }
  }

  async function placeAll(
    chat: ChatDoc,
    batch: NewMessage[],
    openTime: OpenTime | undefined,
    outbox: Outbox | undefined,
  ): Promise<AppendOutcome[]> {
    const head: Head = { ...ruled(chat), last: null }
    const placed: (Countable & { sent: NewMessage })[] = []
    const outcomes: AppendOutcome[] = []
    for (const sent of batch) outcomes.push(await placeOne(chat, head, sent, placed))
    if (!head.last) return outcomes
    const { last, tags: _, ...moved } = head
    for (const key of HEAD_FIELDS) Object.assign(chat, { [key]: moved[key] })
    setLast(chat, last)
    chat.updated_at = last.created_at
    for (const { chat_id: __, ...answer } of answersDue(placed, new Map([[chat._id, head]]))) chat.answer = answer
    addCounts(chat, countsOf(placed, openTime))
    if (outbox) addWebhooks(chat, happeningsOf(batch, outcomes), outbox)
    return outcomes
  }

  async function placeOne(
    chat: ChatDoc,
    head: Head,
    sent: NewMessage,
    placed: (Countable & { sent: NewMessage })[],
  ): Promise<AppendOutcome> {
    if (!isTheirChat(sent, head)) return { kind: 'no_chat' }
    const before = await sentBefore(chat, sent)
    if (before) return outcomeOfRepeat(before, sent)
    if (chat.messages.some(({ id }) => id === sent.id)) throw new Error('A message with this id is stored already')
    const refusal = isRefused(sent, head) ? 'blocked' : isOvertaken(sent, head) ? 'overtaken' : undefined
    if (refusal) {
      // Somebody else was faster after it had them
      await releaseFiles(db, sent)
      return { kind: refusal }
    }
    const carried = takeAttachments(sent, await takeFiles(db, sent))
    if (!carried) {
      await releaseFiles(db, sent)
      return { kind: 'no_attachment' }
    }
    const message = place(sent, head, carried)
    const { chat_id: _, ...stored } = insertedMessage(message, sent)
    chat.messages.push({ ...stored, read_at: null })
    for (const { id } of carried) chat.effects.files.push({ id, message_id: sent.id })
    if (sent.notify_at !== null)
      addPending(chat, kindAbout(sent.sender_type), sent.id, sent.notify_at, message.created_at)
    placed.push({ sent, message, waited: endWait(head, message, sent.hands_over), tags: head.tags })
    const more = advance(head, sent, message)
    for (const activity of activitiesOf(more)) addActivity(chat, activity)
    return { kind: 'stored', message, ...more }
  }

  return {
    async appendMessages(batch, outbox, openTime) {
      const outcomes = new Map<NewMessage, AppendOutcome>()
      // Chats do not wait for each other
      const byChat = Map.groupBy(batch, ({ chat_id }) => chat_id)
      const works = [...byChat].map(async ([chatId, ofChat]) => {
        for (const part of partsOf(ofChat)) {
          const all = await changeChat(db, chatId, async (chat) => {
            const result = await placeAll(chat, part, openTime, outbox)
            return { changed: result.some(({ kind }) => kind === 'stored'), result }
          })
          part.forEach((sent, i) => outcomes.set(sent, all?.[i] ?? { kind: 'no_chat' }))
        }
      })
      const ended = await Promise.allSettled(works)
      const failed = ended.find((one) => one.status === 'rejected')
      if (failed) throw failed.reason
      return batch.map((sent) => outcomes.get(sent) ?? { kind: 'no_chat' })
    },
  }
}

const HEAD_FIELDS = [
  'last_seq',
  'last_user_seq',
  'last_message_at',
  'archived_at',
  'assignee_id',
  'assignee_name',
  'waiting_since',
  'assistant_off_at',
  'last_activity_seq',
  'last_activity_at',
] as const satisfies (keyof Head & keyof ChatDoc)[]

function partsOf(batch: NewMessage[]): NewMessage[][] {
  const parts: NewMessage[][] = [[]]
  let bytes = 0
  for (const sent of batch) {
    const size = Buffer.byteLength(sent.content) + (sent.attachment_ids?.length ?? 0) * OF_A_FILE
    const part = parts.at(-1)
    if (part && (part.length === 0 || (part.length < MOST.messages && bytes + size <= MOST.bytes))) {
      part.push(sent)
      bytes += size
    } else {
      parts.push([sent])
      bytes = size
    }
  }
  return parts
}

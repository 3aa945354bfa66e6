import type { AppendOutcome, MessageSlice, MessageStore, NewMessage, OpenTime, SupportMessage } from 'deskbell/core'
import { give, tell } from './activities.ts'
import { shownOf } from './attachments.ts'
import { count } from './numbers.ts'
import { unreadAfter, type Attachment, type Chat, type Row, type Tables } from './tables.ts'

export function messageFacet(tables: Tables): MessageStore {
  /** @throws Error for an id that is taken, and then nothing of the batch has been written */
  function checkIds(batch: NewMessage[]): void {
    const ids = new Set(batch.map(({ id }) => id))
    if (ids.size < batch.length || [...ids].some((id) => tables.messageIds.has(id)))
      throw new Error('A message with this id exists')
  }

  function append(given: NewMessage, openTime: OpenTime | undefined): AppendOutcome {
    const chat = tables.chats.get(given.chat_id)
    // A visitor whose chat went to an account
    const isStrange = given.sender_id.startsWith('visitor:') && given.sender_id !== chat?.user_id
    if (!chat || isStrange) return { kind: 'no_chat' }
    const before = given.client_id === null ? undefined : chat.messages.find((row) => hasSameClientId(row, given))
    if (before)
      return isSame(before.message, given) ? { kind: 'repeated', message: { ...before.message } } : { kind: 'conflict' }
    if (given.sender_type === 'user' && chat.blocked_at !== null) return { kind: 'blocked' }
    const overtaken =
      given.answers_seq !== undefined &&
      (chat.last_seq !== given.answers_seq || chat.assistant_off_at !== null || chat.archived_at !== null)
    if (overtaken) return { kind: 'overtaken' }
    const files = usable(given)
    if (!files) return { kind: 'no_attachment' }
    for (const file of files) Object.assign(file, { message_id: given.id, due_at: null })
    const message = messageOf(given, chat, files)
    const row = { message, sender_id: given.sender_id }
    chat.messages.push(row)
    count(tables, chat, row, { handsOver: given.hands_over, openTime })
    tables.messageIds.set(message.id, chat)
    chat.last_seq = message.seq
    chat.last_message_at = message.created_at
    const comesBack = given.sender_type === 'user' && chat.archived_at !== null
    const by = { at: message.created_at }
    const unarchived = comesBack ? tell(chat, { kind: 'unarchived', body: { by_message: true } }, by) : null
    if (given.sender_type === 'user') {
      chat.last_user_seq = message.seq
      if (chat.archived_at !== null && (chat.assistant_off_at ?? '') <= chat.archived_at) chat.assistant_off_at = null
      chat.archived_at = null
    }
    const handsOver = given.hands_over === true && chat.assistant_off_at === null
    if (handsOver || (given.sender_type === 'admin' && !given.automated)) chat.assistant_off_at ??= message.created_at
    if (given.answer_at !== undefined && chat.assistant_off_at === null)
      tables.answers.set(chat.id, { seq: message.seq, claim: 0, due_at: given.answer_at })
    const taker = { id: given.sender_id, name: given.sender_name }
    const takes = given.takes_chat === true && given.sender_type === 'admin' && chat.assignee_id === null
    const taken = takes ? give(chat, taker, { ...by, actor: taker, byReply: true }) : null
    if (given.notify_at !== null) schedule(given, chat, given.notify_at, message.created_at)
    const stored = { kind: 'stored', message: { ...message }, unarchived, taken } as const
    if (!handsOver) return stored
    return { ...stored, handed_over: tell(chat, { kind: 'handed_over', body: { by: 'assistant' } }, by) }
  }

  /** Undefined: one of the files is not there, or not the sender's */
  function usable({ attachment_ids = [], chat_id, sender_id, sender_type }: NewMessage): Attachment[] | undefined {
    const files = attachment_ids.flatMap((id) => {
      const row = tables.attachments.get(id)
      const isTheirs = row?.sender_id === sender_id && row.sender_type === sender_type && row.chat_id === chat_id
      return isTheirs && row.type !== null && row.message_id === null ? row : []
    })
    return new Set(files).size === attachment_ids.length ? files : undefined
  }

  /** A chat has at most one notification of a kind that is pending */
  function schedule({ id, sender_type }: NewMessage, { id: chat_id }: Chat, due_at: string, updated_at: string): void {
    const kind = sender_type === 'admin' ? 'reply' : 'waiting'
    if (tables.notifications.some((o) => o.kind === kind && o.chat_id === chat_id && o.state === 'pending')) return
    const nothing = { claim: 0, refusals: 0, reason: null, address: null, after_seq: 0, up_to_seq: 0 }
    const untold = { delivery: null, delivery_at: null, delivery_reason: null }
    tables.notifications.push({ kind, id, chat_id, state: 'pending', due_at, updated_at, ...nothing, ...untold })
  }

  return {
    async appendMessages(batch, _outbox, openTime) {
      checkIds(batch)
      return tables.open && batch.map((given) => append(given, openTime))
    },

    async messages(chatId, range) {
      const all = tables.open.chats.get(chatId)?.messages.map(({ message }) => ({ ...message })) ?? []
      if ('before' in range) {
        const older = all.slice(0, range.before - 1)
        return { messages: older.slice(-range.limit), has_more: older.length > range.limit }
      }
      const newer = 'after' in range ? all.slice(range.after) : all.filter((one) => one.created_at > range.since)
      return { messages: newer.slice(0, range.limit), has_more: newer.length > range.limit } satisfies MessageSlice
    },

    async markRead(chatId, reader, upTo, at) {
      const chat = tables.open.chats.get(chatId)
      if (!chat) return { up_to_seq: 0, moved: false }
      const already = reader === 'user' ? chat.user_read_seq : chat.admin_viewed_seq
      const target = Math.min(upTo ?? chat.last_seq, chat.last_seq)
      if (already >= target) return { up_to_seq: already, moved: false }
      for (const { message } of chat.messages.slice(already, target))
        if (message.sender_type !== reader) message.read_at ??= at
      if (reader === 'user') Object.assign(chat, { user_read_seq: target, user_read_at: at })
      else Object.assign(chat, { admin_viewed_seq: target, admin_viewed_at: at })
      return { up_to_seq: target, moved: true }
    },

    countUnread: async (chatId) => unreadOf(tables.open.chats.get(chatId)).length,
    newestUnread: async (chatId) => unreadOf(tables.open.chats.get(chatId)).at(-1),
  }
}

const unreadOf = (chat: Chat | undefined): SupportMessage[] =>
  chat ? unreadAfter(chat, chat.user_read_seq, 'admin') : []

const hasSameClientId = ({ message, sender_id }: Row, given: NewMessage): boolean =>
  message.client_id === given.client_id && sender_id === given.sender_id && message.sender_type === given.sender_type

const isSame = ({ content, attachments }: SupportMessage, given: NewMessage): boolean =>
  content === given.content && attachments.map(({ id }) => id).join() === (given.attachment_ids ?? []).join()

function messageOf(given: NewMessage, { last_seq, last_message_at: last }: Chat, files: Attachment[]): SupportMessage {
  const { id, content, sender_type, sender_name, client_id, created_at } = given
  // Strictly ascending, also when the clock goes back
  const time = last === null || created_at > last ? created_at : new Date(Date.parse(last) + 1).toISOString()
  const attachments = files.map((file) => ({ ...shownOf(file), url: '' }))
  const written = { content, sender_type, sender_name, client_id, attachments }
  const more = given.automated ? ({ automated: true } as const) : {}
  return { id, seq: last_seq + 1, ...written, read_at: null, created_at: time, ...more }
}

import type { NotificationKind, VisitorStore } from 'deskbell/core'
import { give, moveActivities, tell } from './activities.ts'
import { inOrder } from './tags.ts'
import { moveAttachments } from './attachments.ts'
import type { Chat, Notification, Tables } from './tables.ts'

const KINDS = ['reply', 'waiting'] as const

export function mergeFacet(tables: Tables): Pick<VisitorStore, 'mergeVisitor'> {
  const ofChat = <Row extends { chat_id: string }>(rows: Row[], { id }: Chat): Row[] =>
    rows.filter(({ chat_id }) => chat_id === id)
  const drop = <Row>(rows: Row[], isGone: (row: Row) => boolean): void => {
    rows.splice(0, rows.length, ...rows.filter((row) => !isGone(row)))
  }
  const isOpen = ({ state }: Notification): boolean => ['pending', 'claimed', 'sending'].includes(state)

  function moveMessages(theirs: Chat, own: Chat): void {
    const last = Date.parse(own.last_message_at ?? '')
    for (const { message, sender_id } of theirs.messages.splice(0)) {
      const { sender_type, client_id } = message
      const sender = sender_type === 'user' ? own.user_id : sender_id
      const isTaken = own.messages.some(
        (row) =>
          row.sender_id === sender && row.message.sender_type === sender_type && row.message.client_id === client_id,
      )
      const after = new Date(last + message.seq).toISOString()
      message.created_at = message.created_at > after ? message.created_at : after
      message.client_id = isTaken ? null : client_id
      message.seq = own.messages.length + 1
      own.messages.push({ message, sender_id: sender })
      tables.messageIds.set(message.id, own)
    }
  }

  const ofKind = (kind: NotificationKind, chat: Chat): Notification[] =>
    ofChat(tables.notifications, chat).filter((one) => one.kind === kind)

  function moveMails(kind: NotificationKind, theirs: Chat, own: Chat, n: number, at: string): void {
    const waiting = ofKind(kind, theirs).filter(({ state }) => state === 'pending' || state === 'claimed')
    drop(tables.notifications, (one) => waiting.includes(one))
    for (const one of ofKind(kind, theirs)) {
      if (one.state === 'sending')
        Object.assign(one, {
          state: 'uncertain',
          reason: 'the sender was lost before the provider answered',
          updated_at: at,
        })
      Object.assign(one, { chat_id: own.id, after_seq: one.after_seq + n, up_to_seq: one.up_to_seq + n })
    }
    const [first] = waiting
    if (!first) return
    const pending = ofKind(kind, own).find(({ state }) => state === 'pending')
    const [due_at = at] = [first, ...(pending ? [pending] : [])].map((one) => one.due_at).toSorted()
    if (pending) pending.due_at = due_at
    else
      tables.notifications.push({
        kind,
        id: crypto.randomUUID(),
        chat_id: own.id,
        state: 'pending',
        due_at,
        updated_at: at,
        claim: 0,
        refusals: 0,
        reason: null,
        address: null,
        delivery: null,
        delivery_at: null,
        delivery_reason: null,
        after_seq: 0,
        up_to_seq: 0,
      })
  }

  function moveWebhooks(theirs: Chat, own: Chat, n: number): void {
    const moved = ofChat(tables.webhooks, theirs)
    const busy = new Set(
      ofChat(tables.webhooks, own).flatMap(({ endpoint, due_at }) => (due_at === null ? [] : endpoint)),
    )
    drop(tables.webhooks, (one) => moved.includes(one))
    for (const one of moved) {
      if (one.due_at !== null && busy.has(one.endpoint)) Object.assign(one, { state: 'pending', due_at: null })
      Object.assign(one, { chat_id: own.id, seq: one.seq === null ? null : one.seq + n })
    }
    tables.webhooks.push(...moved)
  }

  function append(theirs: Chat, own: Chat, at: string): void {
    const n = own.last_seq
    const lastReply = own.messages.findLast(({ message }) => message.sender_type === 'admin')?.message.seq ?? 0
    const isReplied = theirs.messages.some(({ message }) => message.sender_type === 'admin')
    const waits = [own.waiting_since, theirs.waiting_since].filter((since) => since !== null).toSorted()
    own.waiting_since = isReplied ? theirs.waiting_since : (waits[0] ?? null)
    const unmailed = KINDS.filter((kind) => !ofKind(kind, own).some(isOpen))
    moveMessages(theirs, own)
    moveAttachments(tables, theirs.id, own.id, own.user_id)
    moveActivities(theirs, own)
    for (const kind of KINDS) moveMails(kind, theirs, own, n, at)
    moveWebhooks(theirs, own, n)
    const answer = tables.answers.get(theirs.id)
    for (const { id } of theirs.last_seq > 0 ? [own, theirs] : [theirs]) tables.answers.delete(id)
    if (answer) tables.answers.set(own.id, { seq: n + answer.seq, claim: 0, due_at: at })
    own.assistant_off_at = assistantOff(own, theirs)
    const newer = (a: string | null, b: string | null) => ((a ?? '') > (b ?? '') ? a : b)
    if (own.user_read_seq >= lastReply && theirs.user_read_seq > 0)
      Object.assign(own, {
        user_read_seq: n + theirs.user_read_seq,
        user_read_at: newer(own.user_read_at, theirs.user_read_at),
      })
    if (own.admin_viewed_seq >= own.last_user_seq && theirs.admin_viewed_seq > 0)
      Object.assign(own, {
        admin_viewed_seq: n + theirs.admin_viewed_seq,
        admin_viewed_at: newer(own.admin_viewed_at, theirs.admin_viewed_at),
      })
    for (const kind of unmailed) if (theirs.notified[kind] > 0) own.notified[kind] = n + theirs.notified[kind]
    if (theirs.last_user_seq > 0) own.last_user_seq = n + theirs.last_user_seq
    if (theirs.last_seq > 0 && theirs.archived_at === null && own.archived_at !== null) {
      own.archived_at = null
      tell(own, { kind: 'unarchived', body: { by_message: true } }, { at })
    }
    keepAssignee(own, own, theirs, at)
    keepBlock(own, own, theirs, at)
    const added = theirs.tags.filter((tag) => !own.tags.includes(tag))
    own.tags = inOrder([...own.tags, ...theirs.tags])
    if (added.length > 0) tell(own, { kind: 'tagged', body: { added, removed: [] } }, { at })
    if ((theirs.rating?.rated_at ?? '') > (own.rating?.rated_at ?? ''))
      Object.assign(own, { rating: theirs.rating, ratedFor: theirs.ratedFor })
    own.last_seq = own.messages.length
    own.last_message_at = own.messages.at(-1)?.message.created_at ?? null
    tables.chats.delete(theirs.id)
  }

  /** Who has the visitor's chat, or else who had the account's */
  function keepAssignee(chat: Chat, own: Chat, theirs: Chat, at: string): void {
    if (own.assignee_id === theirs.assignee_id) return
    const { assignee_id: id, assignee_name: name } = theirs.assignee_id === null ? own : theirs
    give(chat, id === null ? null : { id, name }, { at })
  }

  /** A person who answers in one of them has both, unless that conversation had ended */
  const assistantOff = (own: Chat, theirs: Chat): string | null =>
    theirs.assistant_off_at ?? (own.archived_at === null ? own.assistant_off_at : null)

  /** Whoever was blocked as one of the two stays blocked */
  function keepBlock(chat: Chat, own: Chat, theirs: Chat, at: string): void {
    const isSame = (own.blocked_at === null) === (theirs.blocked_at === null)
    chat.blocked_at = own.blocked_at ?? theirs.blocked_at
    if (!isSame) tell(chat, { kind: 'blocked', body: {} }, { at })
  }

  return {
    async mergeVisitor(visitorId, userId, at) {
      const [theirs, own] = [tables.open.chatOf.get(visitorId), tables.chatOf.get(userId)]
      if (!theirs || (theirs.last_seq === 0 && theirs.activities.length === 0) || !tables.people.has(userId))
        return undefined
      for (const table of [tables.people, tables.unsubscribed, tables.chatOf]) table.delete(visitorId)
      if (own?.last_seq) {
        append(theirs, own, at)
        return { chat_id: own.id, gone_chat_id: theirs.id }
      }
      if (own) {
        drop(tables.webhooks, ({ chat_id }) => chat_id === own.id)
        moveActivities(own, theirs)
        keepAssignee(theirs, own, theirs, at)
        keepBlock(theirs, own, theirs, at)
        theirs.assistant_off_at = assistantOff(own, theirs)
        theirs.tags = inOrder([...theirs.tags, ...own.tags])
        tables.chats.delete(own.id)
      }
      theirs.user_id = userId
      moveAttachments(tables, theirs.id, theirs.id, userId)
      if (own) moveAttachments(tables, own.id, theirs.id, userId)
      for (const row of theirs.messages) if (row.message.sender_type === 'user') row.sender_id = userId
      tables.chatOf.set(userId, theirs)
      return { chat_id: theirs.id, gone_chat_id: own?.id ?? null }
    },
  }
}

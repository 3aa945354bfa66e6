import {
  isEmailAddress,
  TYPED_EVERY,
  type ClaimedNotifications,
  type DueNotification,
  type NotificationClaim,
  type NotificationKind,
  type SenderType,
  type NotificationStore,
  type Store,
  type SupportActivity,
  type SupportMessage,
} from 'deskbell/core'
import { tell } from './activities.ts'
import { deliveryFacet } from './deliveries.ts'
import { newEpoch, unreadAfter, type Chat, type Notification, type Tables } from './tables.ts'

type NotificationFacet = NotificationStore & Pick<Store, 'renewEpoch'>

export function notificationFacet(tables: Tables): NotificationFacet {
  const deliveries = deliveryFacet(tables)
  function chatOf({ chat_id }: Notification): Chat {
    const chat = tables.chats.get(chat_id)
    if (!chat) throw new Error(`There is no chat ${chat_id}`)
    return chat
  }
  /** They are of one kind and chat */
  const inQueue = (a: Notification, b: Notification): boolean => a.kind === b.kind && a.chat_id === b.chat_id
  const isUnderWay = ({ state }: Notification): boolean => state === 'claimed' || state === 'sending'
  /** In order of time. What came while a mail of its chat is on its way waits for what becomes of that */
  const open = (kind: NotificationKind): Notification[] =>
    tables.notifications
      .filter(
        (one) =>
          one.kind === kind &&
          (isUnderWay(one) ||
            (one.state === 'pending' && !tables.notifications.some((o) => inQueue(o, one) && isUnderWay(o)))),
      )
      .toSorted((a, b) => (a.due_at < b.due_at ? -1 : Number(a.due_at > b.due_at)))
  const held = ({ kind, id, claim }: NotificationClaim): Notification | undefined =>
    tables.notifications.find((one) => one.kind === kind && one.id === id && one.claim === claim)
  /** The user has read up to here; or staff have viewed it, or written after it */
  const seen = (chat: Chat, kind: NotificationKind): number =>
    kind === 'reply'
      ? chat.user_read_seq
      : Math.max(
          chat.admin_viewed_seq,
          ...chat.messages
            .filter(({ message }) => message.sender_type === 'admin')
            .filter(({ message }) => !message.automated || chat.assistant_off_at === null)
            .map(({ message }) => message.seq),
        )
  const unmailedAfter = (chat: Chat, kind: NotificationKind): number => Math.max(seen(chat, kind), chat.notified[kind])
  /** Why no mail is sent, whatever is unread */
  const emailOf = ({ user_id }: Chat): string => tables.people.get(user_id)?.email ?? ''
  function obstacle(chat: Chat, kind: NotificationKind): string | null {
    if (kind === 'waiting') return chat.archived_at === null ? null : 'archived'
    if (!isEmailAddress(emailOf(chat))) return 'no_address'
    const isUnwanted = isVisitor(chat) && tables.typed.get(emailOf(chat))?.unsubscribed_at !== undefined
    if (tables.unsubscribed.has(chat.user_id) || isUnwanted) return 'unsubscribed'
    const block = tables.blocks.get(emailOf(chat))
    if (block && block.unblocked_at === null) return block.kind
    return chat.archived_at === null ? null : 'archived'
  }
  /** When the address that a visitor typed may get a mail about them */
  function turn({ kind, id }: Notification, chat: Chat): string {
    const last = tables.typed.get(emailOf(chat))
    const isFree = kind === 'waiting' || !isVisitor(chat) || last?.mailed_at === undefined || last.mail_id === id
    return isFree ? '' : later(last.mailed_at ?? '', TYPED_EVERY)
  }
  const written = (by: SenderType, chat: Chat, after: number, upTo: number): SupportMessage[] =>
    chat.messages
      .slice(after, upTo)
      .map(({ message }) => message)
      .filter(({ sender_type }) => sender_type === by)

  /** The pending one of the same kind and chat, which is taken away */
  function takePending(of: Notification): Notification | undefined {
    const index = tables.notifications.findIndex((one) => inQueue(one, of) && one.state === 'pending')
    return index < 0 ? undefined : tables.notifications.splice(index, 1)[0]
  }

  /** Due again, together with what has come since */
  function reopen(one: Notification, due_at: string, updated_at: string): void {
    const newer = takePending(one)
    Object.assign(one, { state: 'pending', updated_at, due_at: newer && newer.due_at < due_at ? newer.due_at : due_at })
  }

  /** Tells staff how a mail to the user ended */
  function ended(one: Notification, at: string): SupportActivity | null {
    const { address, state, reason } = one
    if (address === null) return null
    const what =
      state === 'sent'
        ? ({ kind: 'mail_sent', body: { address } } as const)
        : ({ kind: 'mail_failed', body: { address, reason, uncertain: state === 'uncertain' } } as const)
    return tell(chatOf(one), what, { at })
  }

  function decide(one: Notification, at: string, delay: number, lease: number): DueNotification | undefined {
    if (one.state === 'sending') {
      Object.assign(one, {
        state: 'uncertain',
        reason: 'the sender was lost before the provider answered',
        updated_at: at,
      })
      return undefined
    }
    if (one.state === 'claimed') takePending(one)
    const chat = chatOf(one)
    const { kind } = one
    const unread = unreadAfter(chat, unmailedAfter(chat, kind), sideOf(kind))
    const [oldest, newest] = [unread[0], unread.at(-1)]
    const reason = obstacle(chat, kind)
    if (reason !== null || !oldest || !newest) {
      const covered = { after_seq: chat.notified[kind], up_to_seq: chat.last_seq }
      Object.assign(one, { state: 'skipped', reason: reason ?? 'read', updated_at: at, ...covered })
      return undefined
    }
    const comesOfAge = later(oldest.created_at, delay)
    if (comesOfAge > at) {
      Object.assign(one, { state: 'pending', due_at: comesOfAge, refusals: 0, reason: null, updated_at: at })
      return undefined
    }
    if (turn(one, chat) > at) {
      Object.assign(one, { state: 'pending', due_at: turn(one, chat), refusals: 0, reason: null, updated_at: at })
      return undefined
    }
    const user = tables.people.get(chat.user_id)
    if (!user) throw new Error(`There is no person ${chat.user_id}`)
    const person = { id: user.id, email: user.email, name: user.name }
    Object.assign(one, {
      state: 'claimed',
      claim: one.claim + 1,
      due_at: later(at, lease),
      // A new reply gets as many tries as any other
      refusals: one.up_to_seq < newest.seq ? 0 : one.refusals,
      after_seq: unmailedAfter(chat, kind),
      up_to_seq: newest.seq,
      address: kind === 'reply' ? person.email : null,
      updated_at: at,
    } satisfies Partial<Notification>)
    const { id, chat_id, claim, refusals } = one
    const { page_url } = user
    const assignee = chat.assignee_id === null ? null : { id: chat.assignee_id, name: chat.assignee_name }
    return { kind, id, chat_id, claim, refusals, person, message: newest, unread: unread.length, assignee, page_url }
  }

  return {
    async claimNotifications({ kind, at, delay, lease, limit, online }) {
      const claimed: ClaimedNotifications = { due: [], lost: [] }
      const isLookedAt = (one: Notification): boolean => {
        const { assignee_id: id } = chatOf(one)
        return online === undefined || (id !== null && !online.includes(id))
      }
      while (tables.open && claimed.due.length < limit) {
        const one = open(kind).find(isLookedAt)
        if (!one || one.due_at > at) break
        const due = decide(one, at, delay, lease)
        if (due) claimed.due.push(due)
        if (one.state === 'uncertain') {
          const message_id = chatOf(one).messages[one.up_to_seq - 1]?.message.id ?? ''
          const activity = ended(one, at)
          claimed.lost.push({ chat_id: one.chat_id, message_id, reason: one.reason ?? '', activity })
        }
      }
      return claimed
    },

    async handOverNotification(claim, at, lease) {
      const one = tables.open && held(claim)
      if (one?.state !== 'claimed') return false
      const chat = chatOf(one)
      const { kind } = one
      const told = written(sideOf(kind), chat, one.after_seq, one.up_to_seq)
      const unread = told.filter(({ seq }) => seq > seen(chat, kind))
      const reason = obstacle(chat, kind) ?? (unread.length === 0 ? 'read' : null)
      if (reason !== null) {
        Object.assign(one, { state: 'skipped', reason, updated_at: at })
        return false
      }
      if (unread.length < told.length || turn(one, chat) > at) {
        reopen(one, at, at)
        return false
      }
      Object.assign(one, { state: 'sending', due_at: later(at, lease), updated_at: at })
      chat.notified[kind] = one.up_to_seq
      if (kind === 'reply' && isVisitor(chat))
        tables.typed.set(emailOf(chat), { ...tables.typed.get(emailOf(chat)), mail_id: one.id, mailed_at: at })
      return true
    },

    async settleNotification(claim, outcome, at) {
      const one = tables.open && held(claim)
      // When it was given up as uncertain, only good news is still of use
      if (!one || !(isUnderWay(one) || (one.state === 'uncertain' && outcome.state === 'sent'))) return undefined
      if (outcome.state === 'sent' || outcome.state === 'uncertain') {
        const reason = outcome.state === 'sent' ? null : outcome.reason
        Object.assign(one, { state: outcome.state, reason, updated_at: at })
        return { activity: ended(one, at) }
      }
      if (one.state === 'sending') chatOf(one).notified[one.kind] = one.after_seq
      if (outcome.state === 'failed' || outcome.limited !== true) one.refusals++
      one.reason = outcome.reason
      if (outcome.state === 'retry') reopen(one, outcome.retry_at, at)
      else Object.assign(one, { state: 'failed', updated_at: at })
      return { activity: one.state === 'failed' ? ended(one, at) : null }
    },

    nextNotification: async (kind) => (tables.open && open(kind)[0])?.due_at,

    async explainNotification(messageId) {
      const chat = tables.open.messageIds.get(messageId)
      const message = chat?.messages.find((row) => row.message.id === messageId)?.message
      if (!chat || !message) return undefined
      const of = message.sender_type === 'admin' ? 'reply' : 'waiting'
      const covers = ({ kind, state, after_seq, up_to_seq }: Notification): boolean =>
        kind === of &&
        (state === 'pending' ? chat.notified[of] < message.seq : after_seq < message.seq && message.seq <= up_to_seq)
      const [first] = tables.notifications
        .filter((one) => one.chat_id === chat.id && covers(one))
        .toReversed()
        .toSorted(
          (a, b) => rank(a) - rank(b) || (a.updated_at > b.updated_at ? -1 : Number(a.updated_at < b.updated_at)),
        )
      const { sender_type, read_at } = message
      const unsubscribed_at = tables.unsubscribed.get(chat.user_id) ?? null
      const mail_block = await deliveries.mailBlock(emailOf(chat))
      const answered = written('admin', chat, message.seq, chat.last_seq).length > 0
      const email = emailOf(chat)
      const account = {
        sender_type,
        read_at,
        answered,
        email,
        archived_at: chat.archived_at,
        unsubscribed_at,
        mail_block,
      }
      if (!first) return { ...account, notification: undefined }
      const { kind: _kind, id: _id, chat_id: _chat, claim: _claim, after_seq, up_to_seq, ...record } = first
      const count = written(sender_type, chat, after_seq, up_to_seq).length
      return { ...account, notification: { ...record, replies: count } }
    },

    async renewEpoch() {
      tables.open.epoch = newEpoch()
      for (const one of tables.notifications)
        if (isUnderWay(one) || one.state === 'pending')
          Object.assign(one, {
            state: 'skipped',
            reason: 'restored',
            updated_at: new Date().toISOString(),
            up_to_seq: chatOf(one).last_seq,
          })
      return tables.epoch
    },
  }
}

const ORDER = ['sending', 'sent', 'uncertain', 'claimed', 'pending', 'skipped', 'failed'] as const
/** The ones that told come before those that may, and those before the ones that do not */
const rank = ({ state }: Notification): number => Math.max(2, Math.min(5, ORDER.indexOf(state)))

const isVisitor = ({ user_id }: Chat): boolean => user_id.startsWith('visitor:')

/** Whose messages it is about */
const sideOf = (kind: NotificationKind): SenderType => (kind === 'reply' ? 'admin' : 'user')

const later = (at: string, ms: number): string => new Date(Date.parse(at) + ms).toISOString()

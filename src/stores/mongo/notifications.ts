// The delayed e-mail: reads rows and facts, and writes what rules/notification.ts decides.
import type { SupportActivity } from '../../protocol/activity.ts'
import type {
  ClaimedNotifications,
  ClaimQuery,
  NotificationKind,
  NotificationStore,
} from '../../server/ports/store/notifications.ts'
import { queuesByKind, type NotificationQueue } from '../notification-queues.ts'
import { placeMail } from '../rules/activity.ts'
import { mailEnd } from '../rules/mail-activity.ts'
import { NOTIFICATION_KINDS } from '../rules/notification-kinds.ts'
import {
  decideClaim,
  decideHandover,
  decideOutcome,
  LOST,
  MAX_LOOKED_AT,
  turnAt,
  unmailedAfter,
  type MailedMessages,
  type NotificationChange,
  type NotificationRow,
  type Turn,
  type UnreadMessages,
} from '../rules/notification.ts'
import { addActivity, dueMail } from './chat-document.ts'
import { changeChat, doWhatIsLeft } from './chat-writer.ts'
import type { MongoDatabase } from './database.ts'
import type { ChatDoc, MailDoc } from './documents.ts'
import { chatOfClaim, mailIn, rowOf } from './mail-rows.ts'
import { messageAt, messageFrom, messagesAfter } from './stored-messages.ts'
import { notificationAccount } from './notification-account.ts'

export function notifications(db: MongoDatabase): NotificationStore {
  return { ...notificationAccount(db), ...queuesByKind((kind) => queue(db, kind)) }
}

const ofOthers = ({ online }: ClaimQuery) => (online ? { assignee_id: { $nin: [null, ...online] } } : {})

const isLookedAt = ({ assignee_id: id }: ChatDoc, { online }: ClaimQuery): boolean =>
  online === undefined || (id !== null && !online.includes(id))

/** The notifications of one kind */
function queue(db: MongoDatabase, kind: NotificationKind): NotificationQueue {
  const { sender, notified } = NOTIFICATION_KINDS[kind]
  const chats = db.collection('chats')
  const due = `${kind}_due_at` as const

  async function unreadOf(chat: ChatDoc, row: NotificationRow): Promise<UnreadMessages> {
    const unread = (await messagesAfter(db, chat, sender, unmailedAfter(row))).filter(({ read_at }) => read_at === null)
    const newest = unread.at(-1)
    return { count: unread.length, oldest: unread[0]?.created_at ?? null, newest: newest && messageFrom(newest) }
  }

  async function toldOf(chat: ChatDoc, { after_seq, up_to_seq, seen_seq }: NotificationRow): Promise<MailedMessages> {
    const mailed = (await messagesAfter(db, chat, sender, after_seq)).filter(({ seq }) => seq <= up_to_seq)
    return { mailed: mailed.length, unread: mailed.filter(({ seq }) => seq > seen_seq).length }
  }

  /** @returns the activity of it */
  function write(
    chat: ChatDoc,
    mail: MailDoc,
    row: NotificationRow,
    change: NotificationChange,
  ): SupportActivity | null {
    const what = mailEnd(row, change)
    const { fields, replacesPending, notifiedSeq } = change
    if (replacesPending) chat.mails[kind] = chat.mails[kind].filter((one) => one === mail || one.state !== 'pending')
    Object.assign(mail, fields)
    if (notifiedSeq !== undefined) chat[notified] = notifiedSeq
    if (!what) return null
    const activity = placeMail(chat, what, fields.updated_at)
    addActivity(chat, activity)
    return activity
  }

  const claimIn = (chatId: string, query: ClaimQuery): Promise<ClaimedNotifications | undefined> =>
    changeChat(db, chatId, async (chat) => {
      const claimed: ClaimedNotifications = { due: [], lost: [] }
      const mail = dueMail(chat.mails[kind])
      const row =
        mail && mail.due_at <= query.at && isLookedAt(chat, query) ? await rowOf(db, chat, kind, mail) : undefined
      if (!mail || !row) return { changed: false, result: claimed }
      const decision = decideClaim(row, await unreadOf(chat, row), query)
      const message = await messageAt(db, chat, row.up_to_seq)
      const activity = write(chat, mail, row, decision.change)
      if (decision.due) claimed.due.push(decision.due)
      if (decision.change.fields.state === 'uncertain')
        claimed.lost.push({ chat_id: chat._id, message_id: message?.id ?? '', reason: LOST, activity })
      return { changed: true, result: claimed }
    })

  /** @returns whether it is this mail's turn at its address, which is then taken */
  const takeTurn = ({ address, over }: Turn, mail_id: string, mailed_at: string): Promise<boolean> =>
    db.change('typed_addresses', address, (known) => {
      const isFree = known === undefined || (known.mailed_at ?? '') <= over || known.mail_id === mail_id
      if (!isFree) return { result: false }
      const unsubscribed_at = known?.unsubscribed_at ?? null
      return { doc: { _id: address, mail_id, mailed_at, unsubscribed_at }, result: true }
    })

  return {
    async claim(query) {
      await doWhatIsLeft(db)
      const claimed: ClaimedNotifications = { due: [], lost: [] }
      for (let looked = 0; looked < MAX_LOOKED_AT && claimed.due.length < query.limit; looked++) {
        const next = chats.find({ [due]: { $lte: query.at }, ...ofOthers(query) }).project<{ _id: string }>({ _id: 1 })
        const [chat] = await next
          .sort({ [due]: 1 })
          .limit(1)
          .toArray()
        if (!chat) break
        const more = await claimIn(chat._id, query)
        claimed.due.push(...(more?.due ?? []))
        claimed.lost.push(...(more?.lost ?? []))
      }
      return claimed
    },

    async handOver(claim, at, lease) {
      const chatId = await chatOfClaim(db, claim)
      if (chatId === undefined) return false
      const isTaken = await changeChat(db, chatId, async (chat) => {
        const mail = await mailIn(db, chat, kind, claim.id)
        const row = mail && (await rowOf(db, chat, kind, mail))
        if (!mail || !row) return { changed: false, result: false }
        let change = decideHandover(row, claim, await toldOf(chat, row), at, lease)
        const turn = change?.fields.state === 'sending' ? turnAt(row, at) : undefined
        if (turn && !(await takeTurn(turn, claim.id, at))) change = turn.otherwise
        if (!change) return { changed: false, result: false }
        write(chat, mail, row, change)
        return { changed: true, result: change.fields.state === 'sending' }
      })
      return isTaken ?? false
    },

    async settle(claim, outcome, at) {
      const chatId = await chatOfClaim(db, claim)
      if (chatId === undefined) return undefined
      return changeChat(db, chatId, async (chat) => {
        const mail = await mailIn(db, chat, kind, claim.id)
        const row = mail && (await rowOf(db, chat, kind, mail))
        const change = row && decideOutcome(row, claim, outcome, at)
        if (!mail || !row || !change) return { changed: false, result: undefined }
        return { changed: true, result: { activity: write(chat, mail, row, change) } }
      })
    },

    async next() {
      const [chat] = await chats
        .find({ [due]: { $ne: null } })
        .project<Pick<ChatDoc, typeof due>>({ [due]: 1 })
        .sort({ [due]: 1 })
        .limit(1)
        .toArray()
      return chat?.[due] ?? undefined
    },
  }
}

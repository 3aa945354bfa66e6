// A visitor's chat goes to an account. All of it is one transaction, so that it happens once or not at all.
import type { NotificationKind } from '../../server/ports/store/notifications.ts'
import type { VisitorStore } from '../../server/ports/store/visitors.ts'
import { placeTagged, placeUnarchivedByMessage, type ActivityHead } from '../rules/activity.ts'
import {
  assigneeOf,
  assistantOffOf,
  blockOf,
  earliest,
  isTooLong,
  isUntouched,
  MERGEABLE_COLUMNS,
  mergedActivity,
  mergedChat,
  placeMerged,
  type MergeableChat,
  type Merging,
} from '../rules/merge.ts'
import { LOST } from '../rules/notification.ts'
import { NOTIFICATION_KINDS } from '../rules/notification-kinds.ts'
import { activityWriter } from './activity-writer.ts'
import type { Database } from './database.ts'
import { hasSearchIndex } from './search-index.ts'
import { mergedTags, tagChange, tagsOf } from '../rules/tags.ts'
import { tagWriter } from './tag-writer.ts'

export function merge(db: Database): Pick<VisitorStore, 'mergeVisitor'> {
  const isUser = db.prepare('SELECT 1 FROM support_users WHERE id = ?')
  const chatOf = db.prepare<MergeableChat>(`SELECT ${MERGEABLE_COLUMNS.join()} FROM support_chats WHERE user_id = ?`)
  const dropUser = db.prepare('DELETE FROM support_users WHERE id = ?')
  const dropTags = db.prepare('DELETE FROM support_tags WHERE chat_id = ?')
  const dropChat = db.prepare('DELETE FROM support_chats WHERE id = ?')
  const dropWebhooks = db.prepare('DELETE FROM support_webhooks WHERE chat_id = ?')
  const giveChat =
    db.prepare(`UPDATE support_chats SET user_id = ?2, last_activity_seq = ?3, last_activity_at = ?4, assignee_id = ?5, assignee_name = ?6, blocked_at = ?7, updated_at = ?8,
    assistant_off_at = ?9
    WHERE id = ?1`)
  const giveMessages = db.prepare(
    "UPDATE support_messages SET sender_id = ?2 WHERE chat_id = ?1 AND sender_type = 'user'",
  )
  const lastReply = db.prepare<{ seq: number | null }>(
    "SELECT max(seq) AS seq FROM support_messages WHERE chat_id = ? AND sender_type = 'admin'",
  )

  const repliesTo = (chatId: string): number => lastReply.get(chatId)?.seq ?? 0

  // The same client_id of the same sender in both chats
  const forgetTaken = db.prepare(`UPDATE support_messages SET client_id = NULL WHERE chat_id = ?1 AND EXISTS (
    SELECT 1 FROM support_messages o WHERE o.chat_id = ?2 AND o.sender_type = support_messages.sender_type
    AND o.client_id = support_messages.client_id
    AND o.sender_id = CASE support_messages.sender_type WHEN 'user' THEN ?3 ELSE support_messages.sender_id END)`)
  const moveMessages = db.prepare(`UPDATE support_messages SET chat_id = ?2, seq = seq + ?3,
    sender_id = CASE sender_type WHEN 'user' THEN ?4 ELSE sender_id END,
    created_at = max(created_at, strftime('%Y-%m-%dT%H:%M:%fZ', ?5, (seq / 1000.0) || ' seconds')) WHERE chat_id = ?1`)

  // Files that no message carries keep no client_id: the other chat may have it
  const moveAttachments = db.prepare(`UPDATE support_attachments SET chat_id = ?2, client_id = NULL,
    sender_id = CASE sender_type WHEN 'user' THEN ?3 ELSE sender_id END WHERE chat_id = ?1`)

  // What the account's chat asked is answered no more: there is a newer message. Who answers the visitor's begins anew
  const dropAnswer = db.prepare('DELETE FROM support_answers WHERE chat_id = ?')
  const moveAnswer = db.prepare(
    'UPDATE support_answers SET chat_id = ?2, seq = seq + ?3, claim = 0, due_at = ?4 WHERE chat_id = ?1',
  )

  const moveActivities = activityMover(db)
  const writeActivity = activityWriter(db)
  const writeTags = tagWriter(db)

  function tell(id: string, head: ActivityHead, merging: Merging): void {
    for (const activity of placeMerged(head, merging)) writeActivity(id, activity)
  }

  const mails = { reply: mailsOf(db, 'reply'), waiting: mailsOf(db, 'waiting') }

  const endpoints = db.prepare<{ endpoint: string; last: number; busy: number }>(`SELECT DISTINCT w.endpoint,
    coalesce((SELECT max(o.position) FROM support_webhooks o WHERE o.chat_id = ?2 AND o.endpoint = w.endpoint), 0) AS last,
    EXISTS (SELECT 1 FROM support_webhooks o WHERE o.chat_id = ?2 AND o.endpoint = w.endpoint AND o.due_at IS NOT NULL) AS busy
    FROM support_webhooks w WHERE w.chat_id = ?1`)
  const hold = db.prepare(
    "UPDATE support_webhooks SET state = 'pending', due_at = NULL WHERE chat_id = ? AND endpoint = ? AND due_at IS NOT NULL",
  )
  const moveWebhooks = db.prepare(
    'UPDATE support_webhooks SET chat_id = ?3, position = position + ?4, seq = seq + ?5 WHERE chat_id = ?1 AND endpoint = ?2',
  )

  const setChat = db.prepare(`UPDATE support_chats SET last_seq = ?2, last_user_seq = ?3, last_message_at = ?4,
    last_message_preview = ?5, last_message_sender = ?6, archived_at = ?7, user_read_seq = ?8, user_read_at = ?9,
    admin_viewed_seq = ?10, admin_viewed_at = ?11, notified_seq = ?12, staff_notified_seq = ?13, last_activity_seq = ?14,
    last_activity_at = ?15, assignee_id = ?16, assignee_name = ?17,
    rating_score = ?18, rating_comment = ?19, rated_at = ?20, blocked_at = ?21, waiting_since = ?22, updated_at = ?23,
    assistant_off_at = ?24 WHERE id = ?1`)

  function appendChat(theirs: MergeableChat, own: MergeableChat, at: string): void {
    const n = own.last_seq
    const has_open_mail = { reply: mails.reply.isOpen(own.id), waiting: mails.waiting.isOpen(own.id) }
    const replied = { last_admin_seq: repliesTo(own.id), theirs_has_reply: repliesTo(theirs.id) > 0 }
    const now = mergedChat(own, theirs, { ...replied, has_open_mail })

    forgetTaken.run(theirs.id, own.id, own.user_id)
    moveMessages.run(theirs.id, own.id, n, own.user_id, own.last_message_at)
    if (hasSearchIndex(db))
      db.prepare('UPDATE support_messages_order SET chat_id = ?2, seq = seq + ?3 WHERE chat_id = ?1').run(
        theirs.id,
        own.id,
        n,
      )

    moveAttachments.run(theirs.id, own.id, own.user_id)
    if (theirs.last_seq > 0) dropAnswer.run(own.id)
    moveAnswer.run(theirs.id, own.id, n, at)
    moveActivities(theirs, own)
    for (const queue of [mails.reply, mails.waiting]) queue.move(theirs, own, at)

    for (const { endpoint, last, busy } of endpoints.all(theirs.id, own.id)) {
      if (busy === 1) hold.run(theirs.id, endpoint)
      moveWebhooks.run(theirs.id, endpoint, own.id, last, n)
    }

    const marks = [now.user_read_seq, now.user_read_at, now.admin_viewed_seq, now.admin_viewed_at] as const
    const last = [now.last_message_at, now.last_message_preview, now.last_message_sender, now.archived_at] as const
    setChat.run(
      own.id,
      now.last_seq,
      now.last_user_seq,
      ...last,
      ...marks,
      now.notified_seq,
      now.staff_notified_seq,
      now.last_activity_seq,
      now.last_activity_at,
      now.assignee_id,
      now.assignee_name,
      now.rating_score,
      now.rating_comment,
      now.rated_at,
      now.blocked_at,
      now.waiting_since,
      at,
      now.assistant_off_at,
    )
    // The visitor's messages brought it back
    if (own.archived_at !== null && now.archived_at === null) writeActivity(own.id, placeUnarchivedByMessage(now, at))
    tell(own.id, now, { own, theirs, at })
    dropTags.run(theirs.id)
    const tags = mergedTags(own.tags, theirs.tags)
    writeTags(own.id, tags, at)
    const changed = tagChange(tagsOf(own.tags), tags)
    if (changed) writeActivity(own.id, placeTagged(now, changed, { at, actor: null }))
    dropChat.run(theirs.id)
  }

  return {
    mergeVisitor: (visitorId, userId, at) =>
      db.transaction(() => {
        const theirs = chatOf.get(visitorId)
        if (!theirs || isUntouched(theirs) || !isUser.get(userId)) return undefined
        const own = chatOf.get(userId)
        if (own && own.last_seq > 0) {
          if (isTooLong(theirs)) return undefined
          appendChat(theirs, own, at)
          dropUser.run(visitorId)
          return { chat_id: own.id, gone_chat_id: theirs.id }
        }
        if (own) {
          dropWebhooks.run(own.id)
          moveActivities(own, theirs)
          dropTags.run(own.id)
          writeTags(theirs.id, mergedTags(theirs.tags, own.tags), at)
          dropChat.run(own.id)
        }
        const head = own ? { ...theirs, ...mergedActivity(theirs, own), ...assigneeOf(own, theirs) } : theirs
        giveChat.run(
          theirs.id,
          userId,
          head.last_activity_seq,
          head.last_activity_at,
          head.assignee_id,
          head.assignee_name,
          own ? blockOf(own, theirs) : theirs.blocked_at,
          at,
          own ? assistantOffOf(own, theirs) : theirs.assistant_off_at,
        )
        if (own) tell(theirs.id, head, { own, theirs, at })
        giveMessages.run(theirs.id, userId)
        moveAttachments.run(theirs.id, theirs.id, userId)
        if (own) moveAttachments.run(own.id, theirs.id, userId)
        dropUser.run(visitorId)
        return { chat_id: theirs.id, gone_chat_id: own?.id ?? null }
      }),
  }
}

/** @returns lets the activity of a chat follow that of another one, whose head is moved on by the caller */
function activityMover(db: Database): (from: MergeableChat, to: MergeableChat) => void {
  const forgetTaken = db.prepare(`UPDATE support_activities SET client_id = NULL WHERE chat_id = ?1 AND EXISTS (
    SELECT 1 FROM support_activities o WHERE o.chat_id = ?2 AND o.actor_id = support_activities.actor_id
    AND o.client_id = support_activities.client_id)`)
  const move = db.prepare(`UPDATE support_activities SET chat_id = ?2, seq = seq + ?3, created_at = max(created_at,
    coalesce(strftime('%Y-%m-%dT%H:%M:%fZ', ?4, (seq / 1000.0) || ' seconds'), created_at)) WHERE chat_id = ?1`)
  return (from, to) => {
    forgetTaken.run(from.id, to.id)
    move.run(from.id, to.id, to.last_activity_seq, to.last_activity_at)
  }
}

/** The notifications of one kind */
function mailsOf(db: Database, kind: NotificationKind) {
  const { table } = NOTIFICATION_KINDS[kind]
  const open = db.prepare<{ due_at: string; state: string }>(
    `SELECT due_at, state FROM ${table} WHERE chat_id = ? AND state IN ('pending', 'claimed', 'sending')`,
  )
  const dropOpen = db.prepare(`DELETE FROM ${table} WHERE chat_id = ? AND state IN ('pending', 'claimed')`)
  const lose = db.prepare(
    `UPDATE ${table} SET state = 'uncertain', reason = ?2, updated_at = ?3 WHERE chat_id = ?1 AND state = 'sending'`,
  )
  const give = db.prepare(
    `UPDATE ${table} SET chat_id = ?2, after_seq = after_seq + ?3, up_to_seq = up_to_seq + ?3 WHERE chat_id = ?1`,
  )
  const notify = db.prepare(`INSERT INTO ${table} (id, chat_id, state, due_at, created_at, updated_at)
    VALUES (?1, ?2, 'pending', ?3, ?4, ?4) ON CONFLICT (chat_id) WHERE state = 'pending' DO UPDATE SET due_at = ?3`)
  return {
    isOpen: (chatId: string): boolean => open.get(chatId) !== undefined,
    move(theirs: MergeableChat, own: MergeableChat, at: string): void {
      // While theirs is being sent, its worker holds it
      const waiting = open.all(theirs.id).filter(({ state }) => state !== 'sending')
      const pending = open.all(own.id).filter(({ state }) => state === 'pending')
      dropOpen.run(theirs.id)
      lose.run(theirs.id, LOST, at)
      give.run(theirs.id, own.id, own.last_seq)
      if (waiting.length === 0) return
      const due = [...waiting, ...pending].map(({ due_at }) => due_at)
      notify.run(crypto.randomUUID(), own.id, earliest(due) ?? at, at)
    },
  }
}

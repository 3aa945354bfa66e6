import type {
  ErasedOnly,
  Erasure,
  PersonalChat,
  PersonalData,
  PersonalDataStore,
  PersonalMail,
} from '../../server/ports/store/personal-data.ts'
import { withAttributes } from '../attributes-text.ts'
import { CHAT_HEADER } from '../../server/ports/mailer.ts'
import { NOTIFICATION_KINDS } from '../rules/notification-kinds.ts'
import { ratingFrom, type RatingColumns } from '../rules/rating.ts'
import { ERASED_AT_ONCE, isKept, ownsAddress } from '../rules/erasure.ts'
import { GONE_ATTACHMENT } from './attachments.ts'
import type { Database } from './database.ts'
import { deliveries } from './deliveries.ts'
import { unindexing } from './search-index.ts'

export function personalData(db: Database): PersonalDataStore {
  const known = deliveries(db)
  const user = db.prepare<
    Omit<PersonalData['user'], 'attributes'> & { attributes: string | null }
  >(`SELECT id, email, name,
    created_at AS first_seen_at, last_seen_at, page_url, attributes, unsubscribed_at FROM support_users WHERE id = ?`)
  const chat = db.prepare<
    Omit<PersonalChat, 'rating'> & RatingColumns
  >(`SELECT id, created_at, last_seq AS message_count, user_read_seq, user_read_at,
    admin_viewed_seq, admin_viewed_at, rating_score, rating_comment, rated_at, blocked_at FROM support_chats WHERE user_id = ?`)
  const mails = db.prepare<PersonalMail>(`SELECT CASE state WHEN 'sent' THEN 'sent' ELSE 'uncertain' END AS state,
    updated_at AS at, address, after_seq, up_to_seq, delivery FROM support_notifications
    WHERE chat_id = ? AND state IN ('sending', 'sent', 'uncertain') ORDER BY updated_at, id`)

  const erasable = db.prepare<{ archived_at: string | null; last_seq: number; last_activity_seq: number }>(
    'SELECT archived_at, last_seq, last_activity_seq FROM support_chats WHERE id = ?',
  )

  const oldest = db.prepare<{ seq: number }>('SELECT seq FROM support_messages WHERE chat_id = ? ORDER BY seq LIMIT ?')
  const dropMessages = db.prepare('DELETE FROM support_messages WHERE chat_id = ? AND seq <= ?')
  const oldestActivity = db.prepare<{ seq: number }>('SELECT min(seq) AS seq FROM support_activities WHERE chat_id = ?')
  const dropActivities = db.prepare('DELETE FROM support_activities WHERE chat_id = ? AND seq < ?')
  const addresses = db.prepare<{ address: string }>(`SELECT address FROM support_notifications WHERE chat_id = ?1
    UNION SELECT email AS address FROM support_users WHERE id = ?2`)
  // The `mailbox:` mailer keeps a few mails, while something is tried out: to the person, and to staff about them
  const dropMailbox =
    db.prepare(`DELETE FROM support_mails WHERE json_extract(mail, '$.to.address') IN (SELECT value FROM
    json_each(?1)) OR json_extract(mail, '$.headers."${CHAT_HEADER}"') = ?2`)
  const dropNotifications = Object.values(NOTIFICATION_KINDS).map(({ table }) =>
    db.prepare(`DELETE FROM ${table} WHERE chat_id = ?`),
  )
  // A visitor whose chat became this person's may have typed the other addresses, and what stops mails there is their owner's
  const dropBlock = db.prepare(`DELETE FROM support_mail_blocks
    WHERE address = (SELECT email FROM support_users WHERE id = ?)`)
  // Whose owner wants no mails there goes on to get none
  const dropTyped = db.prepare(`DELETE FROM support_typed_addresses
    WHERE address IN (SELECT value FROM json_each(?)) AND unsubscribed_at IS NULL`)
  const dropWebhooks = db.prepare('DELETE FROM support_webhooks WHERE chat_id = ?')
  const dropTags = db.prepare('DELETE FROM support_tags WHERE chat_id = ?')
  const dropAnswer = db.prepare('DELETE FROM support_answers WHERE chat_id = ?')
  const dropAttachments = db.prepare(`UPDATE support_attachments SET ${GONE_ATTACHMENT} WHERE chat_id = ?`)
  const dropChat = db.prepare('DELETE FROM support_chats WHERE id = ?')
  const dropUser = db.prepare('DELETE FROM support_users WHERE id = ?')
  const dropAlone = db.prepare(
    'DELETE FROM support_users WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM support_chats WHERE user_id = ?1)',
  )

  function eraseSome(chatId: string, userId: string): { messages: number; isDone: boolean } {
    // First, so that none of them is sent while the messages go
    dropWebhooks.run(chatId)
    const rows = oldest.all(chatId, ERASED_AT_ONCE)
    dropMessages.run(chatId, rows.at(-1)?.seq ?? 0)
    const activities = dropActivities.run(chatId, (oldestActivity.get(chatId)?.seq ?? 0) + ERASED_AT_ONCE)
    dropAttachments.run(chatId)
    const isDone = rows.length < ERASED_AT_ONCE && activities < ERASED_AT_ONCE
    if (isDone) {
      const known = addresses.all(chatId, userId).flatMap(({ address }) => address || [])
      const own = JSON.stringify(ownsAddress(userId) ? known : [])
      dropMailbox.run(own, chatId)
      if (ownsAddress(userId)) dropBlock.run(userId)
      else dropTyped.run(JSON.stringify(known))
      for (const statement of dropNotifications) statement.run(chatId)
      dropTags.run(chatId)
      dropAnswer.run(chatId)
      dropChat.run(chatId)
      dropUser.run(userId)
    }
    return { messages: rows.length, isDone }
  }

  async function eraseWithChat(
    chat_id: string,
    userId: string,
    only: ErasedOnly | undefined,
  ): Promise<Erasure | undefined> {
    const unindex = unindexing(db, chat_id)
    const stays = (): boolean => isKept(only, erasable.get(chat_id))
    while (!(await db.transaction(() => stays() || unindex()))) await othersTurn()
    for (let messages = 0; ; await othersTurn()) {
      const erased = await db.transaction(() => {
        if (stays()) return undefined
        // Those that came meanwhile
        while (!unindex());
        return eraseSome(chat_id, userId)
      })
      if (!erased) return undefined
      messages += erased.messages
      if (erased.isDone) return { chat_id, messages }
    }
  }

  async function erase(userId: string, only?: ErasedOnly): Promise<Erasure | undefined> {
    const own = chat.get(userId)
    if (own) return eraseWithChat(own.id, userId, only)
    if (isKept(only, undefined)) return undefined
    const isErased = await db.transaction(() => dropAlone.run(userId) > 0)
    if (isErased) return { chat_id: null, messages: 0 }
    // The chat may have been opened just now
    return user.get(userId) ? erase(userId, only) : undefined
  }

  return {
    async personalData(userId) {
      const found = user.get(userId)
      if (!found) return undefined
      const own = chat.get(userId)
      return {
        user: withAttributes(found),
        chat: own ? withRating(own) : null,
        mail_block: await known.mailBlock(found.email),
        mails: own ? mails.all(own.id) : [],
      }
    },

    erasePerson: erase,
  }
}

const withRating = ({
  rating_score,
  rating_comment,
  rated_at,
  ...chat
}: Omit<PersonalChat, 'rating'> & RatingColumns) => ({
  ...chat,
  rating: ratingFrom({ rating_score, rating_comment, rated_at }),
})

/** Milliseconds between two transactions: other processes that wait for the lock look for it every few milliseconds */
const PAUSE = 20
const othersTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PAUSE))

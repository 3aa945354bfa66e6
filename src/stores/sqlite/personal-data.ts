import type {
  Erasure,
  PersonalChat,
  PersonalData,
  PersonalDataStore,
  PersonalMail,
} from '../../server/ports/store/personal-data.ts'
import { withAttributes } from '../attributes-text.ts'
import { CHAT_HEADER } from '../../server/ports/mailer.ts'
import { NOTIFICATION_KINDS } from '../rules/notification-kinds.ts'
import { ERASED_AT_ONCE } from '../rules/erasure.ts'
import type { Database } from './database.ts'
import { deliveries } from './deliveries.ts'
import { unindexing } from './search-index.ts'

export function personalData(db: Database): PersonalDataStore {
  const known = deliveries(db)
  const user = db.prepare<
    Omit<PersonalData['user'], 'attributes'> & { attributes: string | null }
  >(`SELECT id, email, name,
    created_at AS first_seen_at, last_seen_at, page_url, attributes, unsubscribed_at FROM support_users WHERE id = ?`)
  const chat = db.prepare<PersonalChat>(`SELECT id, created_at, last_seq AS message_count, user_read_seq, user_read_at,
    admin_viewed_seq, admin_viewed_at FROM support_chats WHERE user_id = ?`)
  const mails = db.prepare<PersonalMail>(`SELECT CASE state WHEN 'sent' THEN 'sent' ELSE 'uncertain' END AS state,
    updated_at AS at, address, after_seq, up_to_seq, delivery FROM support_notifications
    WHERE chat_id = ? AND state IN ('sending', 'sent', 'uncertain') ORDER BY updated_at, id`)

  const oldest = db.prepare<{ seq: number }>('SELECT seq FROM support_messages WHERE chat_id = ? ORDER BY seq LIMIT ?')
  const dropMessages = db.prepare('DELETE FROM support_messages WHERE chat_id = ? AND seq <= ?')
  const addresses = db.prepare<{ address: string }>(`SELECT address FROM support_notifications WHERE chat_id = ?1
    UNION SELECT email AS address FROM support_users WHERE id = ?2`)
  // The `mailbox:` mailer keeps a few mails, while something is tried out: to the person, and to staff about them
  const dropMailbox =
    db.prepare(`DELETE FROM support_mails WHERE json_extract(mail, '$.to.address') IN (SELECT value FROM
    json_each(?1)) OR json_extract(mail, '$.headers."${CHAT_HEADER}"') = ?2`)
  const dropNotifications = Object.values(NOTIFICATION_KINDS).map(({ table }) =>
    db.prepare(`DELETE FROM ${table} WHERE chat_id = ?`),
  )
  const dropBlocks = db.prepare('DELETE FROM support_mail_blocks WHERE address IN (SELECT value FROM json_each(?))')
  const dropWebhooks = db.prepare('DELETE FROM support_webhooks WHERE chat_id = ?')
  const dropChat = db.prepare('DELETE FROM support_chats WHERE id = ?')
  const dropUser = db.prepare('DELETE FROM support_users WHERE id = ?')
  const dropAlone = db.prepare(
    'DELETE FROM support_users WHERE id = ?1 AND NOT EXISTS (SELECT 1 FROM support_chats WHERE user_id = ?1)',
  )

  /** @returns how many messages; less than ERASED_AT_ONCE when everything is gone */
  function eraseSome(chatId: string, userId: string): number {
    // First, so that none of them is sent while the messages go
    dropWebhooks.run(chatId)
    const rows = oldest.all(chatId, ERASED_AT_ONCE)
    dropMessages.run(chatId, rows.at(-1)?.seq ?? 0)
    if (rows.length < ERASED_AT_ONCE) {
      const known = addresses.all(chatId, userId).map(({ address }) => address)
      dropBlocks.run(JSON.stringify(known.filter(Boolean)))
      dropMailbox.run(JSON.stringify(known.filter(Boolean)), chatId)
      for (const statement of dropNotifications) statement.run(chatId)
      dropChat.run(chatId)
      dropUser.run(userId)
    }
    return rows.length
  }

  async function eraseWithChat(chat_id: string, userId: string): Promise<Erasure> {
    const unindex = unindexing(db, chat_id)
    while (!(await db.transaction(unindex))) await othersTurn()
    for (let messages = 0; ; await othersTurn()) {
      const erased = await db.transaction(() => {
        // Those that came meanwhile
        while (!unindex());
        return eraseSome(chat_id, userId)
      })
      messages += erased
      if (erased < ERASED_AT_ONCE) return { chat_id, messages }
    }
  }

  async function erase(userId: string): Promise<Erasure | undefined> {
    const own = chat.get(userId)
    if (own) return eraseWithChat(own.id, userId)
    const isErased = await db.transaction(() => dropAlone.run(userId) > 0)
    if (isErased) return { chat_id: null, messages: 0 }
    // The chat may have been opened just now
    return user.get(userId) ? erase(userId) : undefined
  }

  return {
    async personalData(userId) {
      const found = user.get(userId)
      if (!found) return undefined
      const own = chat.get(userId)
      return {
        user: withAttributes(found),
        chat: own ?? null,
        mail_block: await known.mailBlock(found.email),
        mails: own ? mails.all(own.id) : [],
      }
    },

    erasePerson: erase,
  }
}

/** Milliseconds between two transactions: other processes that wait for the lock look for it every few milliseconds */
const PAUSE = 20
const othersTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, PAUSE))

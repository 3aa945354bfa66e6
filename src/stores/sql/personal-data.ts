import { sql, type Transaction } from 'kysely'
import type { ErasedOnly, Erasure, PersonalDataStore } from '../../server/ports/store/personal-data.ts'
import { withAttributes } from '../attributes-text.ts'
import { NOTIFICATION_KINDS } from '../rules/notification-kinds.ts'
import { ratingFrom } from '../rules/rating.ts'
import { ERASED_AT_ONCE, isKept, ownsAddress } from '../rules/erasure.ts'
import { GONE } from './attachments.ts'
import type { SqlDatabase } from './database.ts'
import { deliveries } from './deliveries.ts'
import type { Tables } from './tables.ts'

type Trx = Transaction<Tables>

/** What one transaction of an erasure did */
interface Step extends Erasure {
  isDone: boolean
}

export function personalData(database: SqlDatabase): PersonalDataStore {
  const { db, engine, transaction } = database
  const known = deliveries(database)
  const chatOf = (from: Pick<Trx, 'selectFrom'>, userId: string) =>
    from.selectFrom('support_chats').where('user_id', '=', userId)

  /** The user's row first, so that nobody opens a chat for them meanwhile; then the chat's, as every write to a chat does */
  async function eraseSome(trx: Trx, userId: string, only: ErasedOnly | undefined): Promise<Step | undefined> {
    const users = trx.selectFrom('support_users').where('id', '=', userId)
    const user = await users
      .select('email')
      .modifyEnd(sql`for update`)
      .executeTakeFirst()
    if (!user) return undefined
    const chat = await chatOf(trx, userId)
      .select(['id', 'archived_at', 'last_seq', 'last_activity_seq'])
      .modifyEnd(sql`for update`)
      .executeTakeFirst()
    if (isKept(only, chat)) return undefined
    // First, so that none of them is sent while the messages go
    if (chat) await trx.deleteFrom('support_webhooks').where('chat_id', '=', chat.id).execute()
    if (chat) await engine.words?.eraseOldest(trx, chat.id, ERASED_AT_ONCE)
    const messages = chat ? await eraseOldest(trx, 'support_messages', chat.id) : 0
    const activities = chat ? await eraseOldest(trx, 'support_activities', chat.id) : 0
    if (chat) await trx.updateTable('support_attachments').set(GONE).where('chat_id', '=', chat.id).execute()
    const isDone = messages < ERASED_AT_ONCE && activities < ERASED_AT_ONCE
    if (isDone) {
      await eraseByAddress(trx, { id: userId, email: user.email }, chat?.id)
      if (chat) {
        for (const { table } of Object.values(NOTIFICATION_KINDS))
          await trx.deleteFrom(table).where('chat_id', '=', chat.id).execute()
        await trx.deleteFrom('support_tags').where('chat_id', '=', chat.id).execute()
        await trx.deleteFrom('support_answers').where('chat_id', '=', chat.id).execute()
        await trx.deleteFrom('support_chats').where('id', '=', chat.id).execute()
      }
      await trx.deleteFrom('support_users').where('id', '=', userId).execute()
    }
    return { chat_id: chat?.id ?? null, messages, isDone }
  }

  /** seq has no holes, so a range of it bounds how many there are */
  async function eraseOldest(
    trx: Trx,
    table: 'support_messages' | 'support_activities',
    chatId: string,
  ): Promise<number> {
    const all = trx.selectFrom(table).where('chat_id', '=', chatId)
    const first = await all.select('seq').orderBy('seq').limit(1).executeTakeFirst()
    if (!first) return 0
    const { numDeletedRows } = await trx
      .deleteFrom(table)
      .where('chat_id', '=', chatId)
      .where('seq', '<', first.seq + ERASED_AT_ONCE)
      .executeTakeFirst()
    return Number(numDeletedRows)
  }

  /** Mails that the `mailbox:` mailer keeps, and blocks, know their person by the address alone, and those to staff know the chat */
  async function eraseByAddress(
    trx: Trx,
    { id, email }: { id: string; email: string },
    chatId: string | undefined,
  ): Promise<void> {
    const mails = trx.selectFrom('support_notifications').where('chat_id', '=', chatId ?? null)
    const known = await mails.select('address').where('address', 'is not', null).distinct().execute()
    const addresses = [email, ...known.map(({ address }) => address ?? '')].filter(Boolean)
    if (addresses.length > 0 && !ownsAddress(id)) {
      // Whose owner wants no mails there goes on to get none
      const typed = trx.deleteFrom('support_typed_addresses').where('address', 'in', addresses)
      await typed.where('unsubscribed_at', 'is', null).execute()
    } else if (addresses.length > 0) {
      await trx.deleteFrom('support_mails').where(engine.mailAddress, 'in', addresses).execute()
      // A visitor whose chat became this person's may have typed the others, and what stops mails there is their owner's
      await trx.deleteFrom('support_mail_blocks').where('address', '=', email).execute()
    }
    if (chatId !== undefined) await trx.deleteFrom('support_mails').where(engine.mailChat, '=', chatId).execute()
  }

  return {
    async personalData(userId) {
      const row = await db
        .selectFrom('support_users')
        .select(['id', 'email', 'name', 'created_at as first_seen_at', 'last_seen_at', 'page_url', 'attributes'])
        .select('unsubscribed_at')
        .where('id', '=', userId)
        .executeTakeFirst()
      if (!row) return undefined
      const user = withAttributes(row)
      const mail_block = await known.mailBlock(user.email)
      const found = await chatOf(db, userId)
        .select(['id', 'created_at', 'last_seq as message_count', 'user_read_seq', 'user_read_at'])
        .select(['admin_viewed_seq', 'admin_viewed_at', 'rating_score', 'rating_comment', 'rated_at', 'blocked_at'])
        .executeTakeFirst()
      if (!found) return { user, chat: null, mail_block, mails: [] }
      const { rating_score, rating_comment, rated_at, ...rest } = found
      const chat = { ...rest, rating: ratingFrom({ rating_score, rating_comment, rated_at }) }
      const mails = await db
        .selectFrom('support_notifications')
        .select(['state', 'updated_at as at', 'address', 'after_seq', 'up_to_seq', 'delivery'])
        .where('chat_id', '=', chat.id)
        .where('state', 'in', ['sending', 'sent', 'uncertain'])
        .orderBy('updated_at')
        .orderBy('id')
        .execute()
      return {
        user,
        chat,
        mail_block,
        mails: mails.map(({ state, address, ...mail }) => ({
          ...mail,
          state: state === 'sent' ? 'sent' : 'uncertain',
          address: address ?? '',
        })),
      }
    },

    async erasePerson(userId, only) {
      let erasure: Erasure | undefined
      for (;;) {
        const step = await transaction((trx) => eraseSome(trx, userId, only))
        if (!step) return only ? undefined : erasure
        const { isDone, chat_id, messages } = step
        erasure = { chat_id, messages: messages + (erasure?.messages ?? 0) }
        if (isDone) return erasure
      }
    },
  }
}

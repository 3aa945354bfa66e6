import { sql, type Transaction } from 'kysely'
import type { Erasure, PersonalDataStore } from '../../server/ports/store/personal-data.ts'
import { withAttributes } from '../attributes-text.ts'
import { NOTIFICATION_KINDS } from '../rules/notification-kinds.ts'
import { ERASED_AT_ONCE } from '../rules/erasure.ts'
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
  async function eraseSome(trx: Trx, userId: string): Promise<Step | undefined> {
    const users = trx.selectFrom('support_users').where('id', '=', userId)
    const user = await users
      .select('email')
      .modifyEnd(sql`for update`)
      .executeTakeFirst()
    if (!user) return undefined
    const chat = await chatOf(trx, userId)
      .select('id')
      .modifyEnd(sql`for update`)
      .executeTakeFirst()
    // First, so that none of them is sent while the messages go
    if (chat) await trx.deleteFrom('support_webhooks').where('chat_id', '=', chat.id).execute()
    const messages = chat ? await eraseMessages(trx, chat.id) : 0
    const isDone = messages < ERASED_AT_ONCE
    if (isDone) {
      await eraseByAddress(trx, user.email, chat?.id)
      if (chat) {
        for (const { table } of Object.values(NOTIFICATION_KINDS))
          await trx.deleteFrom(table).where('chat_id', '=', chat.id).execute()
        await trx.deleteFrom('support_chats').where('id', '=', chat.id).execute()
      }
      await trx.deleteFrom('support_users').where('id', '=', userId).execute()
    }
    return { chat_id: chat?.id ?? null, messages, isDone }
  }

  /** The oldest ones. seq has no holes, so a range of it bounds how many there are */
  async function eraseMessages(trx: Trx, chatId: string): Promise<number> {
    const all = trx.selectFrom('support_messages').where('chat_id', '=', chatId)
    const first = await all.select('seq').orderBy('seq').limit(1).executeTakeFirst()
    if (!first) return 0
    const { numDeletedRows } = await trx
      .deleteFrom('support_messages')
      .where('chat_id', '=', chatId)
      .where('seq', '<', first.seq + ERASED_AT_ONCE)
      .executeTakeFirst()
    return Number(numDeletedRows)
  }

  /** Mails that the `mailbox:` mailer keeps, and blocks, know their person by the address alone, and those to staff know the chat */
  async function eraseByAddress(trx: Trx, email: string, chatId: string | undefined): Promise<void> {
    const mails = trx.selectFrom('support_notifications').where('chat_id', '=', chatId ?? null)
    const known = await mails.select('address').where('address', 'is not', null).distinct().execute()
    const addresses = [email, ...known.map(({ address }) => address ?? '')].filter(Boolean)
    if (addresses.length > 0) {
      await trx.deleteFrom('support_mails').where(engine.mailAddress, 'in', addresses).execute()
      await trx.deleteFrom('support_mail_blocks').where('address', 'in', addresses).execute()
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
      const chat = await chatOf(db, userId)
        .select(['id', 'created_at', 'last_seq as message_count', 'user_read_seq', 'user_read_at'])
        .select(['admin_viewed_seq', 'admin_viewed_at'])
        .executeTakeFirst()
      if (!chat) return { user, chat: null, mail_block, mails: [] }
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

    async erasePerson(userId) {
      let erasure: Erasure | undefined
      for (;;) {
        const step = await transaction((trx) => eraseSome(trx, userId))
        if (!step) return erasure
        const { isDone, chat_id, messages } = step
        erasure = { chat_id, messages: messages + (erasure?.messages ?? 0) }
        if (isDone) return erasure
      }
    },
  }
}

import { sql, type Transaction } from 'kysely'
import type { MailBlock } from '../../protocol/types.ts'
import type { DeliveryStore } from '../../server/ports/store/deliveries.ts'
import { blockOf, decideMailEvent, isNewBlock } from '../rules/mail-event.ts'
import { placeMail } from '../rules/activity.ts'
import { mailNews } from '../rules/mail-activity.ts'
import { isUuid } from '../rules/request-values.ts'
import { writeActivities } from './activity-writer.ts'
import type { SqlDatabase } from './database.ts'
import type { Tables } from './tables.ts'

export function deliveries({ db, engine, transaction, insist }: SqlDatabase): DeliveryStore {
  async function block(trx: Transaction<Tables>, address: string, stop: MailBlock): Promise<boolean> {
    const rows = trx.selectFrom('support_mail_blocks').where('address', '=', address)
    const known = await rows
      .select(['at', 'unblocked_at'])
      .modifyEnd(sql`for update`)
      .executeTakeFirst()
    if (!isNewBlock(stop, known)) return false
    const values = { ...stop, at: engine.time(stop.at) }
    if (known)
      await trx
        .updateTable('support_mail_blocks')
        .set({ ...values, unblocked_at: null })
        .where('address', '=', address)
        .execute()
    else
      await trx
        .insertInto('support_mail_blocks')
        .values({ address, ...values })
        // Another node may be told the same at this moment
        .modifyEnd(engine.onConflictDoNothing({ columns: ['address'], anyColumn: 'address' }))
        .execute()
    return true
  }

  return {
    async recordMailEvent(event, at) {
      if (!isUuid(event.reference)) return undefined
      const known = await db
        .selectFrom('support_notifications')
        .select('chat_id')
        .where('id', '=', event.reference)
        .executeTakeFirst()
      if (!known) return undefined
      return transaction(async (trx) => {
        // As everything that happens to a chat, it locks the chat first
        const chat = await trx
          .selectFrom('support_chats')
          .select(['last_activity_seq', 'last_activity_at'])
          .where('id', '=', known.chat_id)
          .modifyEnd(engine.lock)
          .executeTakeFirst()
        const row = await trx
          .selectFrom('support_notifications')
          .select(['chat_id', 'state', 'address', 'reason', 'delivery', 'delivery_at'])
          .where('id', '=', event.reference)
          .modifyEnd(sql`for update`)
          .executeTakeFirst()
        const fields = row && decideMailEvent(row, event, at)
        if (!row || !fields) return undefined
        const reason = fields.state === row.state ? row.reason : null
        await trx
          .updateTable('support_notifications')
          .set({ ...fields, reason, delivery_at: engine.time(fields.delivery_at) })
          .where('id', '=', event.reference)
          .execute()
        const stop = blockOf(fields)
        if (row.address !== null && stop) await block(trx, row.address, stop)
        const { chat_id } = row
        const what = mailNews(row, fields)
        // The chat may have gone to an account meanwhile
        const activity = chat && what && chat_id === known.chat_id ? placeMail(chat, what, at) : null
        if (activity) await writeActivities(trx, engine, [{ chat_id, activity }])
        return { chat_id, activity }
      })
    },

    blockMail: (address, { at: told, ...stop }, at) =>
      transaction((trx) => block(trx, address, { ...stop, at: told < at ? told : at })),

    async mailBlock(address) {
      const row = await db
        .selectFrom('support_mail_blocks')
        .select(['kind', 'at', 'reason'])
        .where('address', '=', address)
        .where('unblocked_at', 'is', null)
        .executeTakeFirst()
      return row ?? null
    },

    async unblockMail(address, at) {
      const { numUpdatedRows } = await insist(() =>
        db
          .updateTable('support_mail_blocks')
          .set({ unblocked_at: engine.time(at) })
          .where('address', '=', address)
          .where('unblocked_at', 'is', null)
          .executeTakeFirst(),
      )
      return numUpdatedRows > 0
    },
  }
}

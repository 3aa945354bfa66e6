import { sql, type Transaction } from 'kysely'
import type { DeliveryStore } from '../../server/ports/store/deliveries.ts'
import { blocks, decideMailEvent, type DeliveryFields } from '../rules/mail-event.ts'
import { isUuid } from '../rules/request-values.ts'
import type { SqlDatabase } from './database.ts'
import type { Tables } from './tables.ts'

export function deliveries({ db, engine, transaction, insist }: SqlDatabase): DeliveryStore {
  async function block(trx: Transaction<Tables>, address: string, fields: DeliveryFields): Promise<void> {
    const rows = trx.selectFrom('support_mail_blocks').where('address', '=', address)
    const known = await rows
      .select(['at', 'unblocked_at'])
      .modifyEnd(sql`for update`)
      .executeTakeFirst()
    if (!blocks(fields, known) || fields.delivery === 'delivered') return
    const values = { kind: fields.delivery, at: engine.time(fields.delivery_at), reason: fields.delivery_reason }
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
        .execute()
  }

  return {
    async recordMailEvent(event, at) {
      if (!isUuid(event.reference)) return undefined
      return transaction(async (trx) => {
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
        if (row.address !== null) await block(trx, row.address, fields)
        return row.chat_id
      })
    },

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

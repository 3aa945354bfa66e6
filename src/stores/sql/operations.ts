import type { StoreOperations } from '../../server/ports/store/operations.ts'
import { NOTIFICATION_KINDS } from '../rules/notification-kinds.ts'
import type { SqlDatabase } from './database.ts'
import { newEpoch } from './migrations/epoch.ts'

type Operations = Pick<StoreOperations, 'epoch' | 'ping' | 'renewEpoch'>

export async function operations({ db, engine, transaction }: SqlDatabase): Promise<Operations> {
  const stored = db.selectFrom('support_meta').where('name', '=', 'epoch')
  const { value: epoch } = await stored.select('value').executeTakeFirstOrThrow()
  return {
    epoch,
    ping: () => stored.select(['value as epoch', engine.now.as('time')]).executeTakeFirstOrThrow(),
    async renewEpoch() {
      const value = newEpoch()
      await transaction(async (trx) => {
        await trx.updateTable('support_meta').set({ value }).where('name', '=', 'epoch').execute()
        // They may have been sent after the state that was restored: a lost mail is better than a second one
        for (const { table } of Object.values(NOTIFICATION_KINDS)) {
          await trx
            .updateTable(table)
            .set((eb) => ({
              state: 'skipped',
              reason: 'restored',
              updated_at: engine.time(new Date().toISOString()),
              up_to_seq: eb.selectFrom('support_chats as c').select('c.last_seq').whereRef('c.id', '=', 'chat_id'),
            }))
            .where('state', 'in', ['pending', 'claimed', 'sending'])
            .execute()
        }
        // What was ended or used up after that state would be good again
        await trx.deleteFrom('support_staff_sessions').execute()
        await trx.deleteFrom('support_staff_links').execute()
        await trx.deleteFrom('support_push_subscriptions').execute()
      })
      return value
    },
  }
}

import type { Store } from '../../server/ports/store/store.ts'
import type { SqlDatabase } from './database.ts'
import { newEpoch } from './migrations/epoch.ts'

type Incarnation = Pick<Store, 'epoch' | 'ping' | 'renewEpoch'>

export async function incarnation({ db, engine, transaction }: SqlDatabase): Promise<Incarnation> {
  const stored = db.selectFrom('support_meta').where('name', '=', 'epoch')
  const { value: epoch } = await stored.select('value').executeTakeFirstOrThrow()
  return {
    epoch,
    ping: () => stored.select(['value as epoch', engine.now.as('time')]).executeTakeFirstOrThrow(),
    async renewEpoch() {
      const value = newEpoch()
      await transaction(async (trx) => {
        await trx.updateTable('support_meta').set({ value }).where('name', '=', 'epoch').execute()
        // Some of them may have gone out since the state that the database is back in: one lost mail is better than two
        await trx
          .updateTable('support_notifications')
          .set((eb) => ({
            state: 'skipped',
            reason: 'restored',
            updated_at: engine.time(new Date().toISOString()),
            up_to_seq: eb.selectFrom('support_chats as c').select('c.last_seq').whereRef('c.id', '=', 'chat_id'),
          }))
          .where('state', 'in', ['pending', 'claimed', 'sending'])
          .execute()
      })
      return value
    },
  }
}

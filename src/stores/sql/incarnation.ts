import type { Store } from '../../server/ports/store.ts'
import type { SqlDatabase } from './database.ts'
import { newEpoch } from './migrations/epoch.ts'

type Incarnation = Pick<Store, 'epoch' | 'ping' | 'renewEpoch'>

export async function incarnation({ db, engine, insist }: SqlDatabase): Promise<Incarnation> {
  const stored = db.selectFrom('support_meta').where('name', '=', 'epoch')
  const { value: epoch } = await stored.select('value').executeTakeFirstOrThrow()
  return {
    epoch,
    ping: () => stored.select(['value as epoch', engine.now.as('time')]).executeTakeFirstOrThrow(),
    async renewEpoch() {
      const value = newEpoch()
      await insist(() => db.updateTable('support_meta').set({ value }).where('name', '=', 'epoch').execute())
      return value
    },
  }
}

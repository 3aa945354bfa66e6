import { sql } from 'kysely'
import type { PushStore } from '../../server/ports/store/push.ts'
import type { SqlDatabase } from './database.ts'

const COLUMNS = ['id', 'staff_id', 'session_id', 'endpoint', 'p256dh', 'auth', 'renewed_at'] as const
const KEYS = 'push_keys'

export function push({ db, engine, insist, transaction }: SqlDatabase): PushStore {
  const replaced = engine.onConflictUpdate(['id'], (inserted) =>
    sql.join(COLUMNS.filter((name) => name !== 'id').map((name) => sql`${sql.ref(name)} = ${inserted(name)}`)),
  )
  return {
    async pushKeys(made) {
      const kept = engine.onConflictDoNothing({ columns: ['name'], anyColumn: 'name' })
      await insist(() => db.insertInto('support_meta').values({ name: KEYS, value: made }).modifyEnd(kept).execute())
      const { value } = await db
        .selectFrom('support_meta')
        .select('value')
        .where('name', '=', KEYS)
        .executeTakeFirstOrThrow()
      return value
    },
    savePushSubscription: ({ renewed_at, ...subscription }, most) =>
      transaction(async (trx) => {
        // Those who come at once wait for each other here: else each would count without the others
        const lock = trx.selectFrom('support_meta').select('name').where('name', '=', 'epoch')
        await lock.modifyEnd(engine.lock).execute()
        const row = { ...subscription, renewed_at: engine.time(renewed_at) }
        await trx.insertInto('support_push_subscriptions').values(row).modifyEnd(replaced).execute()
        const own = await trx
          .selectFrom('support_push_subscriptions')
          .select('id')
          .where('staff_id', '=', row.staff_id)
          .orderBy('renewed_at', 'desc')
          .orderBy('id')
          .execute()
        const tooMany = own.slice(most).map(({ id }) => id)
        if (tooMany.length > 0) await trx.deleteFrom('support_push_subscriptions').where('id', 'in', tooMany).execute()
      }),
    pushSubscriptions: (since) =>
      db
        .selectFrom('support_push_subscriptions')
        .select(COLUMNS)
        .where('renewed_at', '>=', engine.time(since))
        .execute(),
    async removePushSubscriptions(which) {
      let remove = db.deleteFrom('support_push_subscriptions')
      for (const [name, value] of Object.entries(which))
        remove = remove.where(sql.ref<string>(name), '=', value as string)
      await insist(() => remove.execute())
    },
    async sweepPushSubscriptions(before) {
      await insist(() =>
        db.deleteFrom('support_push_subscriptions').where('renewed_at', '<', engine.time(before)).execute(),
      )
    },
  }
}

import { sql, type RawBuilder } from 'kysely'
import { isoTime } from '../../server/ports/clock.ts'
import type { AllowanceStore } from '../../server/ports/store/allowances.ts'
import type { SqlDatabase } from './database.ts'

export function allowances({ db, engine, insist, transaction }: SqlDatabase): AllowanceStore {
  return {
    changeAllowances: (ids, change) =>
      transaction(async (trx) => {
        const put = (used_until: number[], end: RawBuilder<unknown>) =>
          trx
            .insertInto('support_staff_allowances')
            .values(ids.map((id, i) => ({ id, used_until: engine.time(isoTime(used_until[i] ?? 0)) })))
            .modifyEnd(end)
            .execute()
        // A row that is not there cannot be locked
        await put([], engine.onConflictDoNothing({ columns: ['id'], anyColumn: 'id' }))
        const rows = await trx
          .selectFrom('support_staff_allowances')
          .select(['id', 'used_until'])
          .where('id', 'in', ids)
          .orderBy('id')
          .modifyEnd(engine.lock)
          .execute()
        const known = new Map(rows.map(({ id, used_until }) => [id, Date.parse(used_until)]))
        const next = change(ids.map((id) => known.get(id) ?? 0))
        if (next)
          await put(
            next,
            engine.onConflictUpdate(['id'], (put) => sql`used_until = ${put('used_until')}`),
          )
      }),
    async sweepAllowances(now) {
      await insist(() =>
        db.deleteFrom('support_staff_allowances').where('used_until', '<=', engine.time(now)).execute(),
      )
    },
  }
}

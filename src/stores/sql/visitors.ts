import { sql } from 'kysely'
import type { VisitorStore } from '../../server/ports/store/visitors.ts'
import { idleOf, VISITORS_FROM, VISITORS_TO } from '../rules/visitors.ts'
import type { SqlDatabase } from './database.ts'
import { merge } from './merge.ts'

export function visitors(database: SqlDatabase): VisitorStore {
  const { db, engine, insist } = database
  const typed = (address: string) => db.selectFrom('support_typed_addresses').where('address', '=', address)
  return {
    ...merge(database),
    async unsubscribeTyped(address, at) {
      const set = engine.onConflictUpdate(
        ['address'],
        (inserted) => sql`unsubscribed_at = ${inserted('unsubscribed_at')}`,
      )
      const row = { address, unsubscribed_at: engine.time(at) }
      await insist(() => db.insertInto('support_typed_addresses').values(row).modifyEnd(set).execute())
    },
    async resubscribeTyped(address) {
      const change = { unsubscribed_at: null }
      await insist(() => db.updateTable('support_typed_addresses').set(change).where('address', '=', address).execute())
    },
    async typedUnsubscribedAt(address) {
      return (await typed(address).select('unsubscribed_at').executeTakeFirst())?.unsubscribed_at ?? null
    },
    async forgetTyped(before) {
      await insist(() =>
        db
          .deleteFrom('support_typed_addresses')
          .where('unsubscribed_at', 'is', null)
          .where((e) => e.or([e('mailed_at', 'is', null), e('mailed_at', '<', engine.time(before))]))
          .execute(),
      )
    },
    async idleVisitors(query) {
      const seen = await db
        .selectFrom('support_users as u')
        .leftJoin('support_chats as c', 'c.user_id', 'u.id')
        .select(['u.id', 'u.last_seen_at', 'c.last_message_at'])
        .where('u.id', '>', query.after > VISITORS_FROM ? query.after : VISITORS_FROM)
        .where('u.id', '<', VISITORS_TO)
        .orderBy('u.id')
        .limit(query.limit)
        .execute()
      return idleOf(seen, query)
    },
  }
}

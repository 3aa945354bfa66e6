import { sql } from 'kysely'
import type { RetentionStore } from '../../server/ports/store/retention.ts'
import { oldOf } from '../rules/retention.ts'
import type { SqlDatabase } from './database.ts'
import type { Tables } from './tables.ts'

export function retention({ db, engine }: SqlDatabase): RetentionStore {
  return {
    async oldArchive(query) {
      const { recency } = engine
      const chats = db
        .selectFrom(sql.table<Tables['support_chats']>('support_chats').as<'c'>(engine.chatsInOrder))
        .select(['c.id', 'c.user_id', 'c.archived_at', 'c.last_message_at'])
        .where(engine.isArchived(true))
        .where(recency.exists)
        // A literal: with a parameter, PostgreSQL would not know how few rows are wanted, and plan the page anew each time
        .limit(sql.lit(query.limit))
      const archive = recency.order.reduce((sorted, by) => sorted.orderBy(by), chats).orderBy('c.id')
      if (!query.after) return oldOf(await archive.execute(), query)
      const { key, id } = query.after
      const at = engine.time(key)
      const rest = archive
        .where(recency.from(at))
        .where((e) => e.or([e('c.last_message_at', '>', at), e('c.id', '>', id)]))
      return oldOf(await rest.execute(), query)
    },
  }
}

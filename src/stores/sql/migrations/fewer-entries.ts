// Without partial indexes, that of unread messages has an entry for every message, which moves when it is read. Unread messages come after
// the read mark of the chat, where the table itself has them beside each other.
import type { SchemaEngine } from '../schema-engine.ts'
import type { MigrationStatement } from './statement.ts'

const TABLE = 'support_messages'
const INDEX = 'support_messages_unread'

export function fewerEntries({ compiler, hasPartialIndexes, leftovers }: SchemaEngine): MigrationStatement[] {
  if (hasPartialIndexes) return []
  // In an empty database, the table is still to be made
  const unless = leftovers && `${leftovers.column(TABLE, 'id')} and not exists (${leftovers.index(TABLE, INDEX)})`
  return [{ ...compiler.schema.dropIndex(INDEX).on(TABLE).compile(), unless }]
}

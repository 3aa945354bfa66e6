// The tables of search. They are made when search is asked for, since every stored message pays for them.
import { sql, type CompiledQuery } from 'kysely'
import { addColumn } from '../../sql/migrations/add-column.ts'
import type { MigrationStatement } from '../../sql/migrations/statement.ts'
import type { SchemaEngine } from '../../sql/schema-engine.ts'

/** Bits of a message's number within its block: a block has 65,536 messages, and the words of one block fit into memory */
export const BLOCK_BITS = 16

/** Characters (code points) of a word that are indexed */
export const MAX_WORD = 64

export function searchTables(engine: SchemaEngine): MigrationStatement[] {
  const { schema } = engine.compiler
  const { uuid, word, integer } = engine.types
  const chats = 'support_chats'
  const behind = 'support_chats_behind'
  const end = engine.tableEnd ?? sql``
  const made = (table: string, statement: CompiledQuery): MigrationStatement => ({
    ...statement,
    unless: engine.leftovers?.column(table, 'n'),
  })
  return [
    // The order in which messages were indexed, which is that in which they came
    made(
      'support_search_messages',
      schema
        .createTable('support_search_messages')
        .addColumn('n', integer as never, (c) => c.notNull().autoIncrement().primaryKey())
        .addColumn('id', uuid as never, (c) => c.notNull())
        .addUniqueConstraint('support_search_messages_id', ['id'])
        .modifyEnd(end)
        .compile(),
    ),
    // Stored block by block: what is written lies together, and each block can be searched by itself
    made(
      'support_search_words',
      schema
        .createTable('support_search_words')
        .addColumn('block', sql`smallint` as never, (c) => c.notNull())
        .addColumn('word', word as never, (c) => c.notNull())
        .addColumn('n', integer as never, (c) => c.notNull())
        .addPrimaryKeyConstraint('support_search_words_key', ['block', 'word', 'n'])
        .modifyEnd(end)
        .compile(),
    ),
    addColumn(engine, { table: chats, name: 'indexed_seq', type: integer, default: sql.lit(0) }),
    {
      ...schema
        .alterTable(chats)
        .addColumn('is_behind', sql`smallint` as never, (c) =>
          c.generatedAlwaysAs(sql`last_seq > indexed_seq`).stored(),
        )
        .compile(),
      unless: engine.leftovers?.column(chats, 'is_behind'),
    },
    {
      ...schema.alterTable(chats).addIndex(behind).columns(['is_behind', 'id']).compile(),
      unless: engine.leftovers?.index(chats, behind),
    },
  ]
}

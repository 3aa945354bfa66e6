// One list of migrations for every engine. Each brings the schema from version n to n + 1, and none is edited once it was released: the
// next is added, and `LATEST` counts it. Nodes of the version before go on writing while it runs and until they are replaced. So a
// new column has a default or may be null, and a column is dropped one release after the last that used it.
//
// A second one, in a file of its own:
//
//   export const ratings = (engine: SchemaEngine): MigrationStatement[] => [
//     addColumn(engine, { table: 'support_chats', name: 'rating', type: engine.types.integer }),
//     ...addIndex(engine, {
//       table: 'support_chats',
//       name: 'support_chats_rated',
//       columns: ['last_message_at', 'id'],
//       where: sql`rating is not null`,
//       // For engines without partial indexes
//       generated: { is_rated: { type: sql`smallint`, as: sql`rating is not null` } },
//       otherwise: ['is_rated', 'last_message_at', 'id'],
//     }),
//   ]
//
// test/stores/upgrading.test.ts then brings the frozen databases of test/fixtures up to date on every engine.
import { sql, type CompiledQuery } from 'kysely'
import type { SchemaEngine } from '../schema-engine.ts'
import { accounts } from './accounts.ts'
import { activities } from './activities.ts'
import { answers } from './answers.ts'
import { assignees } from './assignees.ts'
import { attachments } from './attachments.ts'
import { attributes } from './attributes.ts'
import { blocks } from './blocks.ts'
import { fewerEntries } from './fewer-entries.ts'
import { fewerPages } from './fewer-pages.ts'
import { first } from './first.ts'
import { staffMails } from './staff-mails.ts'
import type { MigrationStatement } from './statement.ts'
import { mailsOff } from './mails-off.ts'
import { mailDeliveries } from './mail-deliveries.ts'
import { staffAllowances } from './staff-allowances.ts'
import { staffIdentities } from './staff-identities.ts'
import { names } from './names.ts'
import { numbers } from './numbers.ts'
import { oneEntryAChat } from './one-entry-a-chat.ts'
import { peopleAnswer } from './people-answer.ts'
import { push } from './push.ts'
import { ratings } from './ratings.ts'
import { replies } from './replies.ts'
import { createTable } from './table.ts'
import { tags } from './tags.ts'
import { typedAddresses } from './typed-addresses.ts'
import { uncountedFiles } from './uncounted-files.ts'
import { updatesInPlace } from './updates-in-place.ts'
import { waiting } from './waiting.ts'
import { webhooks } from './webhooks.ts'

export type Migration = (engine: SchemaEngine) => MigrationStatement[]

export const MIGRATIONS: readonly Migration[] = [
  first,
  attributes,
  webhooks,
  accounts,
  staffAllowances,
  staffIdentities,
  staffMails,
  mailDeliveries,
  activities,
  typedAddresses,
  replies,
  assignees,
  mailsOff,
  tags,
  attachments,
  numbers,
  ratings,
  blocks,
  answers,
  names,
  waiting,
  peopleAnswer,
  push,
  uncountedFiles,
  fewerPages,
  updatesInPlace,
  fewerEntries,
  oneEntryAChat,
]

/** What is left to run from `version` on. Each migration ends with the record that it was applied. */
export function pendingMigrations(
  engine: SchemaEngine,
  version: number,
  migrations: readonly Migration[] = MIGRATIONS,
): MigrationStatement[] {
  const { integer, time } = engine.types
  const table = createTable(engine, {
    name: 'support_migrations',
    columns: (t) =>
      t
        .addColumn('version', integer as never, (c) => c.primaryKey().notNull())
        .addColumn('applied_at', time as never, (c) => c.notNull()),
  })
  const steps = migrations
    .slice(version)
    .flatMap((migration, i) => [...migration(engine), record(engine, version + i + 1)])
  return [...(version === 0 ? table : []), ...steps].map(withoutParameters)
}

const record = ({ compiler, now }: SchemaEngine, version: number): CompiledQuery =>
  compiler
    .insertInto('support_migrations')
    .values({ version: sql.lit(version), applied_at: now })
    .compile()

function withoutParameters(statement: MigrationStatement): MigrationStatement {
  if (statement.parameters.length > 0) throw new Error(`A migration with parameters: ${statement.sql}`)
  return statement
}

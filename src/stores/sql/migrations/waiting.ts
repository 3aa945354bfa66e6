// The chats in which somebody waits, in the order of since when.
import { sql } from 'kysely'
import type { SchemaEngine } from '../schema-engine.ts'
import { addIndex } from './add-index.ts'
import type { MigrationStatement } from './statement.ts'

export const waiting = (engine: SchemaEngine): MigrationStatement[] =>
  addIndex(engine, {
    table: 'support_chats',
    name: 'support_chats_waiting',
    columns: ['waiting_since', 'id'],
    where: sql`archived_at is null and waiting_since is not null`,
    otherwise: ['is_archived', 'waiting_since', 'id'],
  })

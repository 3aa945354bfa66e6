// A chat as it is found by its id or its user. What a message to it needs is read with it where the engine can write by that.
import type { ChatRecord } from '../../server/ports/store/chats.ts'
import type { SqlDatabase } from './database.ts'
import { headOf } from './read-head.ts'

const COLUMNS = [
  'id',
  'user_id',
  'last_seq',
  'archived_at',
  'last_activity_seq',
  'assignee_id',
  'assignee_name',
  'blocked_at',
  'assistant_off_at',
  'user_read_seq',
  'user_read_at',
  'admin_viewed_seq',
  'admin_viewed_at',
] as const
/** The rest of what an append reads */
const OF_HEAD = ['last_user_seq', 'last_message_at', 'tags', 'waiting_since', 'last_activity_at'] as const

export function chatRecords({ db, engine, remembered }: SqlDatabase) {
  const chats = db.selectFrom('support_chats as c').innerJoin('support_users as u', 'u.id', 'c.user_id')
  const records = chats
    .select(COLUMNS.map((column) => `c.${column}` as const))
    .select(['u.email as user_email', 'u.name as user_name'])
  const withHead = engine.unchanged && records.select(OF_HEAD.map((column) => `c.${column}` as const))

  async function find(by: 'c.id' | 'c.user_id', value: string): Promise<ChatRecord | undefined> {
    if (!withHead) return records.where(by, '=', value).executeTakeFirst()
    const row = await withHead.where(by, '=', value).executeTakeFirst()
    if (!row) return undefined
    remembered.put(headOf(row))
    return pick(row, [...COLUMNS, 'user_email', 'user_name'])
  }

  return { records, find }
}

const pick = <Row, Column extends keyof Row>(row: Row, columns: readonly Column[]) =>
  Object.fromEntries(columns.map((column) => [column, row[column]])) as Pick<Row, Column>

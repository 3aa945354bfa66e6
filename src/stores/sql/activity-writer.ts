import { sql, type Transaction } from 'kysely'
import type { SupportActivity } from '../../protocol/activity.ts'
import { ACTIVITY_COLUMNS, activityRow, type ActivityRow } from '../rules/activity.ts'
import type { Engine } from './engine.ts'
import type { Tables } from './tables.ts'
import { writeOf, type Kind, type Write } from './write.ts'

export interface ActivityOfChat {
  chat_id: string
  activity: SupportActivity
}

type Row = ActivityRow & { chat_id: string }

const KINDS: Record<keyof Row, Kind> = {
  chat_id: 'uuid',
  id: 'uuid',
  seq: 'integer',
  kind: 'word',
  actor_id: 'person',
  actor_name: 'text',
  body: 'text',
  client_id: 'word',
  created_at: 'time',
}
const INSERTED = sql.raw(['chat_id', ...ACTIVITY_COLUMNS].join(', '))
const INSERTED_OF_A = sql.raw(['chat_id', ...ACTIVITY_COLUMNS].map((column) => `a.${column}`).join(', '))

const rowsOf = (engine: Engine, placed: ActivityOfChat[]): Row[] =>
  placed.map(({ chat_id, activity }) => {
    const row = activityRow(activity)
    return { ...row, chat_id, created_at: engine.time(row.created_at) }
  })

/** What inserts activities that were placed, those of one chat in their order. @returns no statement where there is none */
export function insertActivities(engine: Engine, placed: ActivityOfChat[]): Write[] {
  if (placed.length === 0) return []
  const statement: Write['statement'] = (given) =>
    sql`insert into ${sql.table('support_activities')} (${INSERTED}) select ${INSERTED_OF_A} from ${given}`
  return [writeOf<Row>({ key: 'activities', name: 'a', kinds: KINDS, rows: rowsOf(engine, placed), statement })]
}

/** Inserts activities, and moves the chats on; in the transaction of what they tell of, which holds the locks */
export async function writeActivities(
  trx: Transaction<Tables>,
  engine: Engine,
  placed: ActivityOfChat[],
): Promise<void> {
  if (placed.length === 0) return
  const column = (name: string, value: string) => sql`${engine.target(name)} = ${sql.ref(`a.${value}`)}`
  const set = sql.join([column('last_activity_seq', 'seq'), column('last_activity_at', 'created_at')])
  // The last one of each chat
  const ends = rowsOf(engine, [...new Map(placed.map((one) => [one.chat_id, one])).values()])
  const statements = [
    ...insertActivities(engine, placed),
    engine.updateFrom(
      sql`${sql.table('support_chats')} as c`,
      engine.rows<Row>('a', KINDS, ends),
      sql`c.id = a.chat_id`,
      set,
    ),
  ]
  await engine.runAll(trx, statements)
}

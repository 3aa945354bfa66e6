// Indexes what was written while nobody kept the index: before search was asked for, by a process that was not asked to search, in a chat
// that was merged into another. Each step is a transaction, and the nodes take turns. It locks the chats whose messages it indexes, as
// every write to a chat does, so that no message is erased between being read and being indexed.
import { sql, type Transaction } from 'kysely'
import type { SupportMessage } from '../../../protocol/types.ts'
import { StoreUnavailable } from '../../../server/ports/store/store-unavailable.ts'
import type { SqlDatabase } from '../../sql/database.ts'
import type { Tables } from '../../sql/tables.ts'
import { forgetErased } from './forget-erased.ts'
import { firstPortion } from './portions.ts'
import { indexing, NUMBERS } from './word-index.ts'

type Trx = Transaction<Tables>
/** `others`: another node has the turn */
type Step = 'done' | 'nothing' | 'others'

interface Unindexed {
  id: string
  chat_id: string
  seq: number
  length: number
}

/** Messages of a step that goes through all, in the order in which they came */
const STEP = 500
/** Chats of a step, and messages of each: writers of these chats wait meanwhile */
const CHATS = 100
const OF_CHAT = 20
/** How often in a row a step of a start may fail because others hold a chat for too long */
const TRIES = 10
/** Between two looks at whether it is this node's turn (ms) */
const PAUSE = 50

const CHAT_TABLE = sql.table('support_chats')
const MESSAGES = sql.table('support_messages')
const COLUMNS = sql`m.id, m.chat_id, m.seq, char_length(m.content) as length`

export interface CatchUp {
  /** Until nothing is missing */
  all(): Promise<void>
  /** One step, unless another node has the turn */
  some(): Promise<Step>
}

export function catchUp(database: SqlDatabase): CatchUp {
  const { db, engine, transaction } = database

  /** The lock is a row that every database has, and that is read without a lock elsewhere */
  const inTurn = (work: (trx: Trx) => Promise<Step>): Promise<Step> =>
    transaction(async (trx) => {
      const row = trx.selectFrom('support_meta').select('value').where('name', '=', 'epoch')
      const turn = await row.modifyEnd(sql`for update skip locked`).executeTakeFirst()
      return turn ? work(trx) : 'others'
    })

  const lockChats = async (trx: Trx, ids: string[]) => {
    const columns = ['id', 'last_seq', 'indexed_seq'] as const
    type Row = { id: string; last_seq: number; indexed_seq: number }
    return engine.lockChats<Row>(trx, [...columns], ids)
  }

  /** @param messages of locked chats. Those that were erased, or moved to another chat, meanwhile are left out */
  async function index(trx: Trx, messages: Unindexed[]): Promise<void> {
    const wanted = engine.rows<Pick<Unindexed, 'id' | 'chat_id'>>('k', { id: 'uuid', chat_id: 'uuid' }, messages)
    const { rows } = await sql<Pick<SupportMessage, 'id' | 'content'>>`select m.id, m.content from ${wanted}
      straight_join ${MESSAGES} as m on m.id = k.id and m.chat_id = k.chat_id order by m.id`.execute(trx)
    for (const statement of indexing(engine, rows)) await statement.execute(trx)
  }

  /** Those after the last one that is indexed */
  const next = (): Promise<Step> =>
    inTurn(async (trx) => {
      const { rows } = await sql<Unindexed>`select ${COLUMNS} from ${MESSAGES} as m
        left join ${NUMBERS} as o on o.id = m.id
        where m.id > coalesce((select max(id) from ${NUMBERS}), '') and o.id is null order by m.id limit ${STEP}`.execute(
        trx,
      )
      if (rows.length === 0) return 'nothing'
      const step = firstPortion(rows, ({ length }) => length)
      await lockChats(trx, [...new Set(step.map(({ chat_id }) => chat_id))].sort())
      await index(trx, step)
      return 'done'
    })

  async function behind(): Promise<string[]> {
    const { rows } = await sql<{ id: string }>`select id from ${CHAT_TABLE} where is_behind = 1
      order by id limit ${CHATS}`.execute(db)
    return rows.map(({ id }) => id)
  }

  async function some(): Promise<Step> {
    const ids = await behind()
    if (ids.length === 0) return 'nothing'
    return inTurn(async (trx) => {
      const chats = await lockChats(trx, ids)
      const ranges = chats.map(({ id, last_seq, indexed_seq }) => ({
        id,
        before: indexed_seq,
        last: Math.min(last_seq, indexed_seq + OF_CHAT),
      }))
      const rangesTable = (rows: typeof ranges) =>
        engine.rows('i', { id: 'uuid', before: 'integer', last: 'integer' }, rows)
      const { rows: missing } = await sql<Unindexed>`select ${COLUMNS} from ${rangesTable(ranges)}
        straight_join ${MESSAGES} as m on m.chat_id = i.id and m.seq > i.before and m.seq <= i.last
        left join ${NUMBERS} as o on o.id = m.id where o.id is null order by m.chat_id, m.seq`.execute(trx)
      const step = firstPortion(missing, ({ length }) => length)
      await index(trx, step)
      const left = missing[step.length]
      const moved = ranges
        .filter(({ id }) => !left || id <= left.chat_id)
        .map((range) => (range.id === left?.chat_id ? { ...range, last: left.seq - 1 } : range))
      const c = sql`${CHAT_TABLE} as c`
      await engine.updateFrom(c, rangesTable(moved), sql`c.id = i.id`, sql`c.indexed_seq = i.last`).execute(trx)
      return 'done'
    })
  }

  async function repeat(step: () => Promise<Step>): Promise<void> {
    for (let failures = 0; ;) {
      try {
        const outcome = await step()
        if (outcome === 'nothing') return
        if (outcome === 'others') await new Promise((resolve) => setTimeout(resolve, PAUSE))
        failures = 0
      } catch (error) {
        failures++
        if (!(error instanceof StoreUnavailable) || failures === TRIES) throw error
      }
    }
  }

  return {
    some,
    async all() {
      if ((await behind()).length === 0) return
      await repeat(next)
      await repeat(some)
      await forgetErased(database)
    },
  }
}

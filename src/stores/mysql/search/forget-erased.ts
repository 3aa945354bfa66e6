// Deletes what the index has of messages that are gone: a process of an older version erases a person without knowing of the index.
import { sql } from 'kysely'
import type { SqlDatabase } from '../../sql/database.ts'
import { BLOCK_BITS } from './tables.ts'
import { NUMBERS, WORDS } from './word-index.ts'

/** Numbers that are looked at together */
const STEP = 10_000
/** Messages that are forgotten together: one look through their blocks */
const AT_ONCE = 500
/** Words that are deleted by a statement */
const MAX_WORDS = 10_000

export async function forgetErased({ db, engine, transaction }: SqlDatabase): Promise<void> {
  const { rows: ends } = await sql<{ first: number | null; last: number | null }>`select min(n) as first, max(n) as last
    from ${NUMBERS}`.execute(db)
  const { first, last } = ends[0] ?? {}
  if (first == null || last == null) return
  for (let from = first; from <= last;) {
    const gone = await goneOf(from)
    for (const [block, numbers] of byBlock(gone)) await forget(block, numbers)
    if (gone.length < AT_ONCE) from += STEP
  }

  async function goneOf(from: number): Promise<number[]> {
    const { rows } = await sql<{ n: number }>`select o.n from ${NUMBERS} as o
      left join ${sql.table('support_messages')} as m on m.id = o.id
      where o.n >= ${from} and o.n < ${from + STEP} and m.id is null order by o.n limit ${AT_ONCE}`.execute(db)
    return rows.map(({ n }) => n)
  }

  /** The numbers last, so that what is broken off begins anew */
  async function forget(block: number, numbers: number[]): Promise<void> {
    const list = sql.join(numbers.map((n) => sql.lit(n)))
    for (let count = MAX_WORDS; count === MAX_WORDS;) {
      // Found without locks, which the whole block would have
      const { rows } = await sql<{ word: string; n: number }>`select word, n from ${WORDS}
        where block = ${block} and n in (${list}) limit ${MAX_WORDS}`.execute(db)
      const words = engine.rows('k', { word: 'word', n: 'integer' }, rows)
      await transaction((trx) =>
        sql`delete d from ${words} straight_join ${WORDS} as d
          on d.block = ${block} and d.word = k.word and d.n = k.n`.execute(trx),
      )
      count = rows.length
    }
    await transaction((trx) => sql`delete from ${NUMBERS} where n in (${list})`.execute(trx))
  }
}

const byBlock = (numbers: number[]): Map<number, number[]> => Map.groupBy(numbers, (n) => n >>> BLOCK_BITS)

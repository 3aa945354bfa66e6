// The index that search needs: made once, on a table that nodes go on writing to, by one node at a time.
import type { Line } from '../../sql/line.ts'
import type { SlowStep } from '../../sql/migrator.ts'
import type { Naming } from '../../sql/naming.ts'

/** Ours among the advisory locks of a database; not that of migrations, whose transactions the index would wait for */
const LOCK = 0x6465_736c
/** How often a node looks whether another one is done (ms) */
const LOOK_EVERY = 500

/**
 * The words of a message. What PostgreSQL's parser would make one word of (addresses, hosts, paths, numbers with a sign) is taken
 * apart first, or `4312` would not find `INV-4312`, nor `example` `ada@example.com`.
 */
export const WORDS = `to_tsvector('simple', translate(content, '-+./:@_<&~', '          '))`

/** How much of an id, which begins with a time (UUIDv7), names the 50 days, and the three days, that a message is of */
export const PERIODS = [4, 5] as const
/** No word of a message can be it: it has lost its @ */
export const period = (id: string, length: number): string => `@${id.slice(0, length)}`

/** What is indexed: the words and the periods, so that the messages of a period with a word are found without reading those of all others */
export const INDEXED = `(${WORDS} || array_to_tsvector(array[${PERIODS.map((n) => `'@' || left(id::text, ${n})`).join()}]))`

export function searchIndex({ prefix = '', schema }: Naming): SlowStep {
  const inSchema = schema === undefined ? '' : `"${schema}".`
  const name = `${prefix}support_messages_search`
  const table = `${inSchema}"${prefix}support_messages"`

  async function pending(line: Line): Promise<string[]> {
    const { rows } = await line.run(
      `select i.indisvalid::int as is_valid from pg_index i join pg_class c on c.oid = i.indexrelid
      join pg_namespace n on n.oid = c.relnamespace
      where c.relname = '${name}' and n.nspname = ${schema === undefined ? 'current_schema()' : `'${schema}'`}`,
      [],
    )
    const [found] = rows as { is_valid: number }[]
    if (found?.is_valid === 1) return []
    // Half an index is what a build leaves that was broken off. It is kept up by every append and serves nobody
    const leftover = found ? [`drop index concurrently if exists ${inSchema}"${name}"`] : []
    return [...leftover, `create index concurrently "${name}" on ${table} using gin (${INDEXED})`]
  }

  return {
    pending,
    async run(line) {
      if ((await pending(line)).length === 0) return
      // Asked again and again: who waited for the lock within a statement would hold up the build, which waits for all statements
      while (!(await tryLock(line))) {
        if ((await pending(line)).length === 0) return
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY))
      }
      await line.exec('SET statement_timeout = 0; SET lock_timeout = 0')
      for (const statement of await pending(line)) await line.exec(statement)
      await line.exec(`RESET statement_timeout; RESET lock_timeout; SELECT pg_advisory_unlock(${LOCK})`)
    },
  }
}

async function tryLock(line: Line): Promise<boolean> {
  const { rows } = await line.run(`select pg_try_advisory_lock(${LOCK})::int as is_ours`, [])
  return (rows as { is_ours: number }[])[0]?.is_ours === 1
}

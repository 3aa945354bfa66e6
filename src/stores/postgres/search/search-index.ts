// The index that search needs. One node makes it, while nodes go on writing to the table.
import type { PooledConnection } from '../../sql/connection-pool.ts'
import type { SlowStep } from '../../sql/migrator.ts'
import type { Naming } from '../../sql/naming.ts'

/** Our number among the advisory locks of a database; not that of migrations, whose transactions the index would wait for */
const LOCK = 0x6465_736c
/** How often a node checks whether another one is done (ms) */
const LOOK_EVERY = 500

/**
 * The words of a message. What PostgreSQL's parser takes for one word (addresses, hosts, paths, numbers with a sign) is split first,
 * or `4312` would not find `INV-4312`, nor `example` `ada@example.com`.
 */
export const WORDS = `to_tsvector('simple', translate(content, '-+./:@_<&~', '          '))`

/** The digits of an id that name a message's period: ids begin with a time (UUIDv7), 4 digits mean 50 days, and 5 digits three days */
export const PERIODS = [4, 5] as const
/** A period's word in the index. It begins with @, which no word of a message does. */
export const period = (id: string, length: number): string => `@${id.slice(0, length)}`

/** What is indexed: words and periods, so that the matches of one period are found without reading all others */
export const INDEXED = `(${WORDS} || array_to_tsvector(array[${PERIODS.map((n) => `'@' || left(id::text, ${n})`).join()}]))`

export function searchIndex({ prefix = '', schema }: Naming): SlowStep {
  const inSchema = schema === undefined ? '' : `"${schema}".`
  const name = `${prefix}support_messages_search`
  const table = `${inSchema}"${prefix}support_messages"`

  async function pending(connection: PooledConnection): Promise<string[]> {
    const { rows } = await connection.run(
      `select i.indisvalid::int as is_valid from pg_index i join pg_class c on c.oid = i.indexrelid
      join pg_namespace n on n.oid = c.relnamespace
      where c.relname = '${name}' and n.nspname = ${schema === undefined ? 'current_schema()' : `'${schema}'`}`,
      [],
    )
    const [found] = rows as { is_valid: number }[]
    if (found?.is_valid === 1) return []
    // A build that was interrupted leaves an invalid index, which every append maintains and no query uses
    const leftover = found ? [`drop index concurrently if exists ${inSchema}"${name}"`] : []
    return [...leftover, `create index concurrently "${name}" on ${table} using gin (${INDEXED})`]
  }

  return {
    pending,
    async run(connection) {
      if ((await pending(connection)).length === 0) return
      // Polls: a statement that waits for the lock would block the build, which waits for all statements
      while (!(await tryLock(connection))) {
        if ((await pending(connection)).length === 0) return
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY))
      }
      await connection.exec('SET statement_timeout = 0; SET lock_timeout = 0')
      for (const statement of await pending(connection)) await connection.exec(statement)
      await connection.exec(`RESET statement_timeout; RESET lock_timeout; SELECT pg_advisory_unlock(${LOCK})`)
    },
  }
}

async function tryLock(connection: PooledConnection): Promise<boolean> {
  const { rows } = await connection.run(`select pg_try_advisory_lock(${LOCK})::int as is_ours`, [])
  return (rows as { is_ours: number }[])[0]?.is_ours === 1
}

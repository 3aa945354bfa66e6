// PgBouncer in front of a PostgreSQL, in transaction mode: a client gets a connection to the database for each transaction, and the
// next one mostly another.
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { mustHaveAll } from '../databases.ts'
import { aptInstall, findProgram, runServer, temporaryFolder, userNamed, type DatabaseServer } from './process.ts'
import { freePort } from '../ports.ts'

const pgbouncer = (): string | undefined => findProgram(['pgbouncer'])

/**
 * Undefined when there is none on the machine and none can be installed.
 *
 * @param database a URL; the same one through the pooler is the result's
 * @param more lines of its settings
 */
export async function startPgbouncer(database: string, ...more: string[]): Promise<DatabaseServer | undefined> {
  const program = pgbouncer() ?? (aptInstall('pgbouncer') ? pgbouncer() : undefined)
  if (program === undefined) return undefined
  const { hostname, port: databasePort, username, password, pathname } = new URL(database)
  const user = userNamed('postgres')
  const dir = temporaryFolder('pgbouncer', user)
  const port = await freePort()
  const file = join(dir, 'pgbouncer.ini')
  // It takes no empty ones
  const value = (name: string, text: string): string =>
    text === '' ? '' : ` ${name}='${decodeURIComponent(text).replaceAll("'", "''")}'`
  const settings = [
    '[databases]',
    `* = host=${hostname} port=${databasePort || '5432'}${value('user', username)}${value('password', password)}`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = any',
    'pool_mode = transaction',
    // Fewer than clients, so that each is used by all
    'default_pool_size = 8',
    'max_client_conn = 400',
    ...more,
  ]
  writeFileSync(file, settings.join('\n'))
  return runServer({
    command: program,
    args: [file],
    dir,
    user,
    url: `postgres://${username}@127.0.0.1:${port}${pathname}`,
    // What asks it to stop at once differs between its versions, and it has nothing to lose
    stopSignal: 'SIGKILL',
    async ping() {
      const socket = connect(port, '127.0.0.1')
      await once(socket, 'connect')
      socket.destroy()
    },
  })
}

/** One in front of a test's database; undefined where there is none, which is a failure where all must be there */
export async function pgbouncerBefore({ url }: { url: string }): Promise<DatabaseServer | undefined> {
  const pooler = await startPgbouncer(url)
  if (pooler) return pooler
  const missing = 'No PgBouncer for tests: apt-get install pgbouncer'
  if (mustHaveAll()) throw new Error(missing)
  console.warn(`${missing}. What needs it is skipped.`)
  return undefined
}

// A PostgreSQL server of one's own, on a free port and a temporary folder.
import { execFileSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { Client } from 'pg'
import {
  aptInstall,
  CONNECT_TIME,
  findProgram,
  foldersOf,
  quickPlace,
  runServer,
  temporaryFolder,
  userNamed,
  type DatabaseServer,
} from './process.ts'
import { freePort } from '../ports.ts'

/** Debian keeps each version's programs in a folder of its own, outside PATH */
const initdb = (): string | undefined =>
  findProgram(
    ['initdb'],
    foldersOf('/usr/lib/postgresql')
      .sort((a, b) => Number(b.split('/').at(-1)) - Number(a.split('/').at(-1)))
      .map((version) => join(version, 'bin')),
  )

/**
 * Undefined when there is no PostgreSQL on the machine and none can be installed.
 * @param isDurable false: what was committed need not outlive the machine, only the process, and nothing waits for the disk
 */
export async function startPostgres({ isDurable = true } = {}): Promise<DatabaseServer | undefined> {
  const program = initdb() ?? (aptInstall('postgresql') ? initdb() : undefined)
  if (program === undefined) return undefined
  const user = userNamed('postgres')
  const dir = temporaryFolder('postgres', user, isDurable ? undefined : quickPlace())
  const data = join(dir, 'data')
  execFileSync(program, ['-D', data, '-U', 'deskbell', '-A', 'trust', '-E', 'UTF8', '--locale=C.UTF-8', '--no-sync'], {
    ...user,
    cwd: dir,
    stdio: 'ignore',
  })
  const port = await freePort()
  const url = `postgres://deskbell@127.0.0.1:${port}/postgres`
  return runServer({
    command: join(dirname(program), 'postgres'),
    args: ['-D', data, '-p', `${port}`, '-k', dir, '-c', 'listen_addresses=127.0.0.1', '-c', 'max_connections=200'],
    dir,
    user,
    url,
    stopSignal: 'SIGINT',
    ping: () => onPostgres(url, 'SELECT 1'),
  })
}

export async function onPostgres(url: string, sql: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIME })
  await client.connect()
  try {
    await client.query(sql)
  } finally {
    await client.end()
  }
}

/** Locks a chat's row in a transaction of its own until the returned function is called */
export async function holdChatOnPostgres(url: string, prefix: string, chatId: string): Promise<() => Promise<void>> {
  const client = new Client({ connectionString: url })
  await client.connect()
  await client.query('BEGIN')
  await client.query(`SELECT 1 FROM ${prefix}support_chats WHERE id = $1 FOR UPDATE`, [chatId])
  return () => client.end()
}

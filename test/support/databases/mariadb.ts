// A MariaDB server of one's own, on a free port and a temporary folder.
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { createConnection } from 'mysql2/promise'
import {
  aptInstall,
  findProgram,
  freePort,
  isRoot,
  runServer,
  temporaryFolder,
  userNamed,
  type DatabaseServer,
} from './process.ts'

const mariadbd = (): string | undefined => findProgram(['mariadbd'])

/** Undefined when there is no MariaDB on the machine and none can be installed */
export async function startMariadb(): Promise<DatabaseServer | undefined> {
  const program = mariadbd() ?? (aptInstall('mariadb-server') ? mariadbd() : undefined)
  const installer = findProgram(['mariadb-install-db'])
  if (program === undefined || installer === undefined) return undefined
  const user = userNamed('mysql')
  const dir = temporaryFolder('mariadb', user)
  const data = join(dir, 'data')
  const runsAs = isRoot ? ['--user=mysql'] : []
  execFileSync(
    installer,
    ['--no-defaults', `--datadir=${data}`, '--auth-root-authentication-method=normal', ...runsAs],
    { cwd: dir, stdio: 'ignore' },
  )
  const port = await freePort()
  const url = `mysql://root@127.0.0.1:${port}/test`
  return runServer({
    command: program,
    args: [
      '--no-defaults',
      `--datadir=${data}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${join(dir, 'socket')}`,
      `--pid-file=${join(dir, 'pid')}`,
      '--max-connections=300',
    ],
    dir,
    user,
    url,
    stopSignal: 'SIGTERM',
    ping: () => onMysql(url, 'SELECT 1'),
  })
}

export async function onMysql(url: string, sql: string): Promise<void> {
  const connection = await createConnection({ uri: url, connectTimeout: 5_000 })
  try {
    await connection.query(sql)
  } finally {
    await connection.end()
  }
}

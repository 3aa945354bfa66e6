// A MariaDB or MySQL server of one's own, on a free port and a temporary folder. Which one, in this order: DESKBELL_TEST_MYSQLD (a
// program of either), MariaDB or MySQL on the machine, Debian's, which is MariaDB.
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createConnection } from 'mysql2/promise'
import {
  aptInstall,
  CONNECT_TIME,
  findProgram,
  isRoot,
  quickPlace,
  runServer,
  temporaryFolder,
  userNamed,
  type DatabaseServer,
} from './process.ts'
import { freePort } from '../ports.ts'

const find = (): string | undefined => process.env['DESKBELL_TEST_MYSQLD'] || findProgram(['mariadbd', 'mysqld'])

/**
 * Undefined when there is neither on the machine and none can be installed.
 * @param isDurable false: what was committed need not outlive the machine, only the process, and nothing waits for the disk
 */
export async function startMysql({ isDurable = true } = {}): Promise<DatabaseServer | undefined> {
  const program = find() ?? (aptInstall('mariadb-server') ? find() : undefined)
  if (program === undefined) return undefined
  const isMariadb = /mariadb/i.test(execFileSync(program, ['--version'], { encoding: 'utf8' }))
  const maker = isMariadb ? findProgram(['mariadb-install-db']) : program
  if (maker === undefined) return undefined
  const user = userNamed('mysql')
  const dir = temporaryFolder('mysql', user, isDurable ? undefined : quickPlace())
  const data = join(dir, 'data')
  const runsAs = isRoot ? ['--user=mysql'] : []
  const bare = isMariadb ? '--auth-root-authentication-method=normal' : '--initialize-insecure'
  execFileSync(maker, ['--no-defaults', bare, `--datadir=${data}`, ...runsAs], { cwd: dir, stdio: 'ignore' })
  // MySQL makes none by itself
  const first = join(dir, 'first.sql')
  writeFileSync(first, 'CREATE DATABASE IF NOT EXISTS test;\n')
  const port = await freePort()
  const url = `mysql://root@127.0.0.1:${port}/test`
  return runServer({
    command: program,
    args: [
      '--no-defaults',
      `--datadir=${data}`,
      // Each deletes what the others have in the common one when it starts
      `--tmpdir=${dir}`,
      `--port=${port}`,
      '--bind-address=127.0.0.1',
      `--socket=${join(dir, 'socket')}`,
      `--pid-file=${join(dir, 'pid')}`,
      `--init-file=${first}`,
      '--max-connections=300',
      // Seconds: on a busy machine, whoever connects may be slow to say the next word
      '--connect-timeout=120',
      ...(isDurable ? [] : HASTY),
      // Folders and ports that others may have
      ...(isMariadb ? [] : ['--secure-file-priv=NULL', '--loose-mysqlx=OFF']),
    ],
    dir,
    user,
    url,
    stopSignal: 'SIGTERM',
    ping: () => onMysql(url, 'SELECT 1'),
  })
}

const HASTY = [
  '--innodb-flush-log-at-trx-commit=2',
  '--innodb-doublewrite=0',
  '--innodb-flush-method=nosync',
  '--sync-binlog=0',
  '--skip-log-bin',
]

/** @param sql may be several statements */
export async function onMysql(url: string, sql: string): Promise<void> {
  const connection = await createConnection({ uri: url, connectTimeout: CONNECT_TIME, multipleStatements: true })
  try {
    await connection.query(sql)
  } finally {
    await connection.end()
  }
}

/** Locks a chat's row in a transaction of its own until the returned function is called */
export async function holdChatOnMysql(url: string, prefix: string, chatId: string): Promise<() => Promise<void>> {
  const connection = await createConnection(url)
  await connection.query('START TRANSACTION')
  await connection.query(`SELECT 1 FROM ${prefix}support_chats WHERE id = ? FOR UPDATE`, [chatId])
  return () => connection.end()
}

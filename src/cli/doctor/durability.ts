// Whether a commit survives a crash of the database server: acknowledged messages depend on it.
import { isMongodb } from '../../standalone/server-url.ts'
import { ask, isPostgres } from './ask.ts'
import { note, ok, wrong, type Finding } from './finding.ts'

const CHECK = 'durability'
const LOSES = 'a crash of the database loses messages that were acknowledged'

/** On SQLite and MongoDB, Deskbell itself asks for what durability needs */
export async function checkDurability(url: string): Promise<Finding[]> {
  if (url.startsWith('sqlite:') || isMongodb(url)) return []
  return [isPostgres(url) ? await ofPostgres(url) : await ofMysql(url)]
}

async function ofPostgres(url: string): Promise<Finding> {
  const [row] = await ask(
    url,
    `select current_setting('fsync') as fsync, current_setting('synchronous_commit') as synchronous_commit`,
  )
  const off = Object.entries(row as Record<string, string>).filter(([, value]) => value === 'off')
  if (off.length === 0) return ok(CHECK, 'Commits are on its disk (fsync, synchronous_commit)')
  const names = off.map(([name]) => name)
  return wrong(CHECK, `Off: ${names.join(', ')}; ${LOSES}. Set ${names.map((name) => `${name} = on`).join(', ')}`)
}

async function ofMysql(url: string): Promise<Finding> {
  const [row] = await ask(
    url,
    'select @@innodb_flush_log_at_trx_commit as flush_log, @@log_bin as log_bin, @@sync_binlog as sync_binlog',
  )
  const { flush_log, log_bin, sync_binlog } = row as Record<string, unknown>
  // 3 is a value of MariaDB's, and as safe
  if (Number(flush_log) !== 1 && Number(flush_log) !== 3)
    return wrong(
      CHECK,
      `innodb_flush_log_at_trx_commit is ${String(flush_log)}: ${LOSES}. Set innodb_flush_log_at_trx_commit = 1`,
    )
  if (Number(log_bin) === 1 && Number(sync_binlog) !== 1)
    return note(
      CHECK,
      `sync_binlog is ${String(sync_binlog)}: after a crash, replicas may lack what was acknowledged. Set sync_binlog = 1`,
    )
  return ok(CHECK, 'Commits are on its disk (innodb_flush_log_at_trx_commit)')
}

import { connectMysql, mysqlConnectionPool } from '../../stores/mysql/pool.ts'
import { connectPostgres, postgresConnectionPool } from '../../stores/postgres/pool.ts'

export const isPostgres = (url: string): boolean => /^postgres(ql)?:/.test(url)

/** A query to PostgreSQL or MySQL that is not part of the Store port. @returns rows, with booleans as the driver gives them */
export async function ask(url: string, statement: string): Promise<unknown[]> {
  const pool = isPostgres(url)
    ? postgresConnectionPool(await connectPostgres(url), true, false)
    : mysqlConnectionPool(await connectMysql(url.replace(/^mariadb:/, 'mysql:')), true)
  try {
    const connection = await pool.acquire()
    try {
      return (await connection.run(statement, [])).rows
    } finally {
      connection.release()
    }
  } finally {
    await pool.close()
  }
}

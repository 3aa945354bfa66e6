import { connectMysql, mysqlLines } from '../../stores/mysql/pool.ts'
import { connectPostgres, postgresLines } from '../../stores/postgres/pool.ts'

export const isPostgres = (url: string): boolean => /^postgres(ql)?:/.test(url)

/** A query to PostgreSQL or MySQL that is not part of the Store port. @returns rows, with booleans as the driver gives them */
export async function ask(url: string, statement: string): Promise<unknown[]> {
  const lines = isPostgres(url)
    ? postgresLines(await connectPostgres(url), true, false)
    : mysqlLines(await connectMysql(url.replace(/^mariadb:/, 'mysql:')), true)
  try {
    const line = await lines.borrow()
    try {
      return (await line.run(statement, [])).rows
    } finally {
      line.release()
    }
  } finally {
    await lines.close()
  }
}

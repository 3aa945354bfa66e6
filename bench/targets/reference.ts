// A target that is not Deskbell: its people and chats are made beforehand, and it reads where they are from the variable DATABASE.
import { join } from 'node:path'
import { freePort } from '../../test/support/ports.ts'
import type { Dialect } from '../driver/dialects/dialect.ts'
import { chatIdOf, staffTokenOf, userTokenOf } from '../references/chat-ids.ts'
import { seedMysql } from '../references/mysql.ts'
import { seedPostgres } from '../references/postgres.ts'
import { seedSqlite } from '../references/sqlite.ts'
import type { DatabaseKind, Ground, Launch, Target } from './target.ts'

export interface Reference {
  name: string
  title: string
  database: DatabaseKind
  command: string
  args: string[]
  dialect: Dialect
  socketPath: string
  /** It has `GET /support_chat` */
  hasRest: boolean
  keepsOrder: boolean
  /** Of the server that keeps the app's connections; the app then has a port of its own */
  program?: string
  missing?: () => string | undefined
}

export function referenceTarget(reference: Reference): Target {
  const { name, title, database, keepsOrder, missing = () => undefined } = reference
  return {
    name,
    title,
    database,
    isDeskbell: false,
    keepsOrder,
    missing,
    async prepare(ground) {
      const storedIn = await seed(database, ground)
      return launch(reference, ground, storedIn)
    },
  }
}

async function seed(database: DatabaseKind, { folder, databaseUrl, users, staff }: Ground): Promise<string | null> {
  if (database === 'none') return null
  if (database === 'postgres') {
    await seedPostgres(databaseUrl, users, staff)
    return databaseUrl
  }
  if (database === 'mysql') {
    await seedMysql(databaseUrl, users, staff)
    return databaseUrl
  }
  const file = join(folder, 'reference.db')
  seedSqlite(file, users, staff)
  return `sqlite:${file}`
}

async function launch(reference: Reference, { port, users, staff }: Ground, storedIn: string | null): Promise<Launch> {
  const { command, args, dialect, socketPath, hasRest, program } = reference
  const numbered = (count: number, of: (n: number) => string): string[] =>
    Array.from({ length: count }, (_, i) => of(i + 1))
  const appPort = program === undefined ? port : await freePort()
  const beside = program === undefined ? undefined : { PROGRAM: program, APP_PORT: `${appPort}` }
  return {
    command,
    args,
    env: {
      NODE_ENV: 'production',
      RAILS_ENV: 'production',
      DATABASE: storedIn ?? 'none',
      PORT: `${port}`,
      ...beside,
    },
    readyUrl: null,
    reach: {
      dialect,
      socketUrl: `ws://127.0.0.1:${port}${socketPath}`,
      restUrl: hasRest ? `http://127.0.0.1:${appPort}` : null,
      userTokens: numbered(users, userTokenOf),
      staffTokens: numbered(staff, staffTokenOf),
      chatIds: numbered(users, chatIdOf),
    },
    storedIn,
  }
}

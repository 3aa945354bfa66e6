// The same job done by others: a bare prototype, Socket.IO with Express, Rails.
import { execFileSync } from 'node:child_process'
import { join, resolve } from 'node:path'
import type { Dialect } from '../driver/dialects/dialect.ts'
import { chatIdOf, staffTokenOf, userTokenOf } from '../references/chat-ids.ts'
import { seedPostgres } from '../references/postgres.ts'
import { seedSqlite } from '../references/sqlite.ts'
import type { DatabaseKind, Ground, Launch, Target } from './target.ts'

const REFERENCES = resolve(import.meta.dirname, '../references')

interface Reference {
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
  missing?: () => string | undefined
}

function target(reference: Reference): Target {
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

async function seed(database: DatabaseKind, { folder, postgresUrl, users, staff }: Ground): Promise<string | null> {
  if (database === 'none') return null
  if (database === 'postgres') {
    await seedPostgres(postgresUrl, users, staff)
    return postgresUrl
  }
  const file = join(folder, 'reference.db')
  seedSqlite(file, users, staff)
  return `sqlite:${file}`
}

function launch(reference: Reference, { port, users, staff }: Ground, storedIn: string | null): Launch {
  const numbered = (count: number, of: (n: number) => string): string[] =>
    Array.from({ length: count }, (_, i) => of(i + 1))
  return {
    command: reference.command,
    args: reference.args,
    env: { NODE_ENV: 'production', RAILS_ENV: 'production', DATABASE: storedIn ?? 'none', PORT: `${port}` },
    readyUrl: null,
    reach: {
      dialect: reference.dialect,
      socketUrl: `ws://127.0.0.1:${port}${reference.socketPath}`,
      restUrl: reference.hasRest ? `http://127.0.0.1:${port}` : null,
      userTokens: numbered(users, userTokenOf),
      staffTokens: numbered(staff, staffTokenOf),
      chatIds: numbered(users, chatIdOf),
    },
    storedIn,
  }
}

const node = (file: string) => ({ command: process.execPath, args: [join(REFERENCES, file)] })
const prototype = {
  ...node('prototype/main.ts'),
  dialect: 'actioncable',
  socketPath: '/cable',
  hasRest: false,
  keepsOrder: true,
} as const
const socketio = {
  ...node('socketio/main.ts'),
  dialect: 'socketio',
  socketPath: '/socket.io/?EIO=4&transport=websocket',
  hasRest: true,
} as const

function lacksRails(): string | undefined {
  try {
    execFileSync('ruby', ['-e', 'require "rails"; require "action_cable"; require "pg"; require "puma"'], {
      stdio: 'ignore',
    })
    return undefined
  } catch {
    return 'Rails is not installed (Debian: apt-get install --no-install-recommends ruby-rails ruby-pg puma)'
  }
}

export const references: Target[] = [
  target({
    ...prototype,
    name: 'prototype-sqlite',
    title: 'a bare prototype on SQLite: the same frames and group commit, no checks',
    database: 'sqlite',
  }),
  target({
    ...socketio,
    name: 'socketio-sqlite',
    title: 'Socket.IO 4 and Express 5 on SQLite, one transaction a message',
    database: 'sqlite',
    keepsOrder: true,
  }),
  target({
    ...prototype,
    name: 'prototype-postgres',
    title: 'a bare prototype on PostgreSQL: one statement for everything that waits, no checks',
    database: 'postgres',
  }),
  target({
    ...socketio,
    name: 'socketio-postgres',
    title: 'Socket.IO 4 and Express 5 on PostgreSQL, one transaction a message',
    database: 'postgres',
    keepsOrder: false,
  }),
  target({
    name: 'rails-postgres',
    title: 'Rails 6.1 and ActionCable on PostgreSQL',
    database: 'postgres',
    command: 'puma',
    args: ['-C', join(REFERENCES, 'rails/puma.rb'), join(REFERENCES, 'rails/config.ru')],
    dialect: 'actioncable',
    socketPath: '/cable?token={token}',
    hasRest: true,
    keepsOrder: false,
    missing: lacksRails,
  }),
  target({ ...prototype, name: 'prototype', title: 'the bare prototype without a database', database: 'none' }),
]

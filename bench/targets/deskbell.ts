// Deskbell as the package has it, in production mode, without the limits that a load would run into.
import { join, resolve } from 'node:path'
import { AUDIENCE, tokens } from '../../src/server/people/token.ts'
import type { Ground, Launch, Target } from './target.ts'

const ROOT = resolve(import.meta.dirname, '../..')
const SECRET = 'a secret for benchmarks only, 32+ characters'
const DAY = 86_400
const signer = tokens(SECRET)
const signed = new Map<string, Promise<string>>()

/** Signed once for all runs */
function tokenOf(n: number, isStaff: boolean): Promise<string> {
  const sub = `${isStaff ? 'staff' : 'user'}-${n}`
  const claims = { sub, email: `${sub}@example.com`, name: `Person ${n}` }
  const token =
    signed.get(sub) ?? signer.sign(claims, { audience: isStaff ? AUDIENCE.admin : AUDIENCE.user, expiresIn: DAY })
  signed.set(sub, token)
  return token
}
const tokensOf = (count: number, isStaff: boolean): Promise<string[]> =>
  Promise.all(Array.from({ length: count }, (_, i) => tokenOf(i + 1, isStaff)))

async function launch({ folder, port, users, staff }: Ground, database: Record<string, string>): Promise<Launch> {
  return {
    command: process.execPath,
    args: [join(ROOT, 'dist/cli/deskbell.js'), 'serve'],
    env: {
      NODE_ENV: 'production',
      DATA_DIR: folder,
      DESKBELL_SECRET: SECRET,
      RATE_LIMIT: 'off',
      HOST: '127.0.0.1',
      PORT: `${port}`,
      ...database,
    },
    readyUrl: `http://127.0.0.1:${port}/readyz`,
    reach: {
      dialect: 'actioncable',
      socketUrl: `ws://127.0.0.1:${port}/cable?jid={token}`,
      restUrl: `http://127.0.0.1:${port}`,
      userTokens: await tokensOf(users, false),
      staffTokens: await tokensOf(staff, true),
      chatIds: null,
    },
    storedIn: database['DATABASE_URL'] ?? null,
  }
}

const base = { isDeskbell: true, keepsOrder: true, missing: () => undefined }

export const deskbell: Target = {
  ...base,
  name: 'deskbell',
  title: 'Deskbell on SQLite',
  database: 'sqlite',
  prepare: (ground) => launch(ground, { DATABASE_URL: `sqlite:${join(ground.folder, 'deskbell.db')}` }),
}

/** On a database server. One node: nothing goes over a bus, as with the references */
const onServer = (name: string, title: string, database: Target['database']): Target => ({
  ...base,
  name,
  title,
  database,
  prepare: (ground) => launch(ground, { DATABASE_URL: ground.databaseUrl, BUS_URL: 'off' }),
})

export const deskbellPostgres: Target = onServer('deskbell-postgres', 'Deskbell on PostgreSQL', 'postgres')
export const deskbellMysql: Target = onServer('deskbell-mysql', 'Deskbell on MariaDB', 'mysql')
export const deskbellMongodb: Target = onServer(
  'deskbell-mongodb',
  'Deskbell on FerretDB, which is not MongoDB',
  'mongodb',
)

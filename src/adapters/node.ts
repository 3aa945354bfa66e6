// Deskbell on Node's HTTP server. The package's main entry.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { getRequestListener } from '@hono/node-server'
import { createDeskbellCore, type DeskbellCore } from '../server/create-deskbell.ts'
import type { DeskbellOptions } from '../server/options.ts'
import { assetSource } from './assets.ts'
import { nodeUpgrade, peerOf } from './node-socket.ts'

export { sqliteMigrations, sqliteStore, type SqliteConnection, type SqliteOptions } from '../stores/sqlite.ts'
export { postgresMigrations, postgresStore, type PostgresOptions } from '../stores/postgres.ts'
export { mysqlMigrations, mysqlStore, type MysqlOptions } from '../stores/mysql.ts'
export { natsBus } from '../buses/nats.ts'
export { postgresBus } from '../buses/postgres.ts'
export { redisBus } from '../buses/redis.ts'
export { mailboxMailer } from '../mailers/mailbox.ts'
export { smtpMailer } from '../mailers/smtp.ts'
export { peerOf } from './node-socket.ts'
export { DeskbellError } from '../protocol/errors.ts'
export type { Identity } from '../server/people/identity.ts'
export { MailRefused, type Mail, type Mailer } from '../server/ports/mailer.ts'
export type { Bus } from '../server/ports/bus.ts'
export type { Store } from '../server/ports/store/store.ts'
export type { DeskbellOptions }
export type * from '../protocol/types.ts'
export type * from '../protocol/events.ts'

export interface Deskbell extends DeskbellCore {
  /** For `http.createServer(deskbell.listener)`, or as Express middleware */
  listener: (request: IncomingMessage, response: ServerResponse) => Promise<void>
  /** For `server.on('upgrade', deskbell.upgrade)` */
  upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void
}

/**
 * Mounts the chat in a Node server.
 *
 * @throws Error when an option cannot be right
 * @example
 * const deskbell = createDeskbell({
 *   store: await sqliteStore('deskbell.db'),
 *   secret: process.env.DESKBELL_SECRET,
 *   publicUrl: 'https://example.com',
 *   mailer: smtpMailer('smtp://localhost', { name: 'Example Support', address: 'support@example.com' }),
 *   authenticate: async (request) => personOfSession(request.headers.get('cookie')),
 * })
 * createServer(deskbell.listener).on('upgrade', deskbell.upgrade).listen(3000)
 */
export function createDeskbell(options: DeskbellOptions): Deskbell {
  const dist = fileURLToPath(new URL('../../dist', import.meta.url))
  const core = createDeskbellCore({ assets: assetSource(dist), ...options })
  return {
    ...core,
    listener: getRequestListener((request, env) => core.fetch(request, peerOf(env)), {
      overrideGlobalObjects: false,
    }),
    upgrade: nodeUpgrade(core),
  }
}

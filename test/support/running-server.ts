import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { sqliteStore } from '../../src/entries/node.ts'
import { subjectOf, type Whom } from '../../src/server/people/revocations.ts'
import { AUDIENCE } from '../../src/server/people/token.ts'
import { serve } from '../../src/standalone/serve.ts'
import { readSettings } from '../../src/standalone/settings.ts'
import { newSqlite } from './new-sqlite.ts'
import { freePort } from './ports.ts'
import { testTokens } from './test-tokens.ts'

const SECRET = 'a secret that only the tests know, 32+'

export interface TestServer {
  url: string
  /** Signs in as staff, once */
  signInUrl: string
  /** Makes the first account; empty when there is one */
  firstOwnerUrl: string
  /** The settings with which `deskbell` commands reach the same database */
  env: Record<string, string>
  userToken(id: string, name?: string, seconds?: number): Promise<string>
  adminToken(id?: string, name?: string): Promise<string>
  /** As `deskbell revoke` does it: in the database, behind the server's back */
  revoke(whom: Whom): Promise<void>
  /** Stops it and starts it again on the same port and database. @param env settings that are different from then on */
  restart(env?: Record<string, string>): Promise<void>
  /** As if every mail's time had come: those about what was read are dropped, the others go out. What is written next is mailed at once */
  makeMailsDue(): Promise<void>
  stop(): Promise<void>
}

/** The stand-alone server on a free port and a temporary database, with settings as a person would give them. */
export async function startServer(env: Record<string, string> = {}): Promise<TestServer> {
  const dir = mkdtempSync(join(tmpdir(), 'deskbell-test-'))
  let settings = env
  const start = (port: string) =>
    serve(
      readSettings({
        PORT: port,
        HOST: '127.0.0.1',
        DATA_DIR: dir,
        DESKBELL_SECRET: SECRET,
        LOG_LEVEL: 'error',
        ...settings,
      }),
    )
  if (env['DATABASE_URL'] === undefined)
    await newSqlite(join(dir, 'deskbell.db'), { fullTextSearch: env['FULL_TEXT_SEARCH'] === 'on' })
  const port = String(await freePort())
  let running = await start(port)
  const signer = testTokens(SECRET)
  return {
    url: running.url,
    get signInUrl() {
      return running.signInUrl ?? ''
    },
    get firstOwnerUrl() {
      return running.firstOwnerUrl ?? ''
    },
    env: { DATA_DIR: dir, DESKBELL_SECRET: SECRET, PUBLIC_URL: running.url, ...env },
    userToken: (id, name = `User ${id}`, seconds = 3600) =>
      signer.sign({ sub: id, email: `${id}@example.com`, name }, { audience: AUDIENCE.user, expiresIn: seconds }),
    adminToken: (id = 'sam', name = 'Sam') =>
      signer.sign({ sub: id, email: `${id}@desk.example`, name }, { audience: AUDIENCE.admin, expiresIn: 3600 }),
    async revoke(whom) {
      const store = await sqliteStore(join(dir, 'deskbell.db'))
      await store.revoke({ subject: subjectOf(whom), revoked_at: new Date().toISOString() })
      await store.close()
    },
    async restart(changed = {}) {
      settings = { ...settings, ...changed }
      await running.stop()
      running = await start(port)
    },
    async makeMailsDue() {
      await running.stop()
      const db = new DatabaseSync(join(dir, 'deskbell.db'))
      db.prepare(`UPDATE support_notifications SET due_at = ? WHERE state = 'pending'`).run(new Date().toISOString())
      db.close()
      settings = { ...settings, NOTIFY_AFTER: '1ms' }
      running = await start(port)
    },
    async stop() {
      await running.stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

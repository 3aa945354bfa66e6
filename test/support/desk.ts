// The library on a real HTTP server, on a free port and a temporary database, with what tests need to talk to it.
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import {
  createDeskbell,
  folderBlobs,
  sqliteStore,
  type Deskbell,
  type DeskbellOptions,
  type Store,
} from '../../src/entries/node.ts'
import { AUDIENCE, type Tokens } from '../../src/server/people/token.ts'
import type { Mail } from '../../src/server/ports/mailer.ts'
import { newSqlite } from './new-sqlite.ts'
import { freePort } from './ports.ts'
import { testTokens } from './test-tokens.ts'

export const SECRET = 'a secret that only the tests know, 32+'

export interface Reply<Body = Record<string, unknown>> {
  status: number
  headers: Headers
  /** As it came */
  text: string
  body: Body
}

export interface Desk {
  url: string
  wsUrl: string
  port: number
  store: Store
  deskbell: Deskbell
  server: Server
  tokens: Tokens
  file: string
  mails: Mail[]
  errors: unknown[]
  user(id: string, seconds?: number): Promise<string>
  admin(id?: string, seconds?: number): Promise<string>
  /** A request by the bearer of `token`; a body that is no string goes as JSON */
  call<Body = Record<string, unknown>>(
    method: string,
    path: string,
    token?: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Reply<Body>>
  /** A user with a chat */
  person(id: string): Promise<{ token: string; chatId: string }>
  /** Stops it and starts it again on the same port and database */
  restart(): Promise<void>
  stop(): Promise<void>
}

interface DeskOptions extends Partial<DeskbellOptions> {
  /** Of its own database */
  fullTextSearch?: boolean
}

/** @param shared the database of another desk, of which this is then another node; its owner removes it */
export async function startDesk(
  { fullTextSearch = false, ...options }: DeskOptions = {},
  shared?: string,
): Promise<Desk> {
  const dir = mkdtempSync(join(tmpdir(), 'deskbell-test-'))
  const file = shared ?? join(dir, 'chat.db')
  const mails: Mail[] = []
  const errors: unknown[] = []
  const kit = testTokens(SECRET)

  async function start(port: number) {
    const store = await sqliteStore(file, { fullTextSearch })
    const deskbell = createDeskbell({
      store,
      secret: SECRET,
      publicUrl: 'http://desk.example',
      mailer: { send: async (mail) => void mails.push(mail) },
      onError: (error) => errors.push(error),
      attachments: { blobs: folderBlobs(join(dirname(file), 'files')) },
      ...options,
    })
    const server = createServer((request, response) => void deskbell.listener(request, response))
    server.on('upgrade', deskbell.upgrade)
    // A busy test may use a connection at the moment in which the server finds it idle for too long
    server.keepAliveTimeout = 0
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    return { store, deskbell, server }
  }
  async function end({ store, deskbell, server }: typeof running): Promise<void> {
    const closed = new Promise((resolve) => server.close(resolve))
    await deskbell.close()
    server.closeAllConnections()
    await closed
    await store.close()
  }

  if (shared === undefined) await newSqlite(file, { fullTextSearch })
  const port = await freePort()
  let running = await start(port)
  const url = `http://127.0.0.1:${port}`
  const desk: Desk = {
    url,
    wsUrl: `ws://127.0.0.1:${port}`,
    port,
    file,
    mails,
    errors,
    tokens: kit,
    get store() {
      return running.store
    },
    get deskbell() {
      return running.deskbell
    },
    get server() {
      return running.server
    },
    user: (id, seconds = 3600) =>
      kit.sign(
        { sub: id, email: `${id}@example.com`, name: `User ${id}` },
        { audience: AUDIENCE.user, expiresIn: seconds },
      ),
    admin: (id = 'sam', seconds = 3600) =>
      kit.sign({ sub: id, email: `${id}@desk.example`, name: 'Sam' }, { audience: AUDIENCE.admin, expiresIn: seconds }),
    async call<Body>(method: string, path: string, token?: string, body?: unknown, headers = {}) {
      const response = await fetch(url + path, {
        method,
        headers: {
          ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
        redirect: 'manual',
      })
      const text = await response.text()
      const isJson = /json/.test(response.headers.get('content-type') ?? '')
      return {
        status: response.status,
        headers: response.headers,
        text,
        body: (isJson ? JSON.parse(text) : {}) as Body,
      }
    },
    async person(id) {
      const token = await desk.user(id)
      const { body } = await desk.call<{ id: string }>('GET', '/support_chat', token)
      return { token, chatId: body.id }
    },
    async restart() {
      await end(running)
      running = await start(port)
    },
    async stop() {
      await end(running)
      rmSync(dir, { recursive: true, force: true })
    },
  }
  return desk
}

/** Connections that the server has open, of whatever kind */
export const openConnections = ({ server }: Pick<Desk, 'server'>): Promise<number> =>
  new Promise((resolve) => server.getConnections((_error, count) => resolve(count)))

/**
 * Waits until `look` finds something.
 * @param ms ends a wait that hangs; it is no promise of how long it takes
 * @throws Error when it finds nothing in that time
 */
export async function until<T>(
  look: () => T | undefined | false | null | Promise<T | undefined | false | null>,
  ms = 120_000,
): Promise<T> {
  const end = performance.now() + ms
  let between = 5
  for (;;) {
    const found = await look()
    if (found !== undefined && found !== false && found !== null) return found
    if (performance.now() > end) throw new Error(`Not within ${ms} ms: ${look.toString()}`)
    await pause(between)
    // What takes long is looked at less often: eight files share two cores, and each look takes time from what is awaited
    between = Math.min(between * 1.5, 50)
  }
}

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

// Stand-alone servers on one database that send to a provider, and what is needed to kill them and to count.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqliteStore } from '../../src/entries/node.ts'
import type { NotificationKind } from '../../src/server/ports/store/notifications.ts'
import type { Store } from '../../src/server/ports/store/store.ts'
import { until } from './desk.ts'
import { adminToken, ServerProcess, userToken } from './server-process.ts'
import { SMTP, type ProviderChoice, type TestProvider } from './mail-providers.ts'

/** How much faster time passes in the servers: a lease of two minutes is over after three seconds */
const SPEED = 40
const ANCHOR = Date.now()
/** From a reply to its e-mail: half a second here */
const NOTIFY_AFTER = '20s'

export class MailDesk {
  readonly provider: TestProvider
  readonly file: string
  /** Looks into the database from outside */
  readonly store: Store
  readonly servers: ServerProcess[] = []
  /** What the servers are started with */
  readonly settings: Record<string, string>
  readonly #dir: string

  private constructor(provider: TestProvider, dir: string, store: Store) {
    this.provider = provider
    this.#dir = dir
    this.file = join(dir, 'chat.db')
    this.store = store
    this.settings = {
      DATA_DIR: dir,
      DATABASE_URL: `sqlite:${this.file}`,
      MAIL_URL: provider.url,
      MAIL_FROM: 'Acme <support@acme.example>',
      NOTIFY_AFTER,
      PUBLIC_URL: 'https://desk.example',
      TIME_SPEED: String(SPEED),
      TIME_ANCHOR: String(ANCHOR),
    }
  }

  /** @param settings beside those that it needs */
  static async start(
    servers = 1,
    provider: ProviderChoice = SMTP,
    settings: Record<string, string> = {},
  ): Promise<MailDesk> {
    const dir = mkdtempSync(join(tmpdir(), 'deskbell-mail-'))
    const desk = new MailDesk(await provider.start(), dir, await sqliteStore(join(dir, 'chat.db')))
    Object.assign(desk.settings, settings)
    for (let i = 0; i < servers; i++) desk.servers.push(await ServerProcess.start(desk.settings))
    return desk
  }

  get server(): ServerProcess {
    const [server] = this.servers
    if (!server) throw new Error('There is no server')
    return server
  }

  /** A person with a chat. @returns its id */
  async chat(user: string): Promise<string> {
    return (await this.#call('GET', '/support_chat', await userToken(user))).id
  }

  /** @returns the id of the message */
  async reply(chatId: string, content = 'hello'): Promise<string> {
    return (await this.#call('POST', `/admin/chats/${chatId}/messages`, await adminToken(), { content })).id
  }

  /** @returns the id of the message */
  async write(user: string, content = 'hello'): Promise<string> {
    return (await this.#call('POST', '/support_chat/messages', await userToken(user), { content })).id
  }

  async read(user: string): Promise<void> {
    await this.#call('PATCH', '/support_chat/mark_read', await userToken(user))
  }

  async view(chatId: string): Promise<void> {
    await this.#call('POST', `/admin/chats/${chatId}/mark_viewed`, await adminToken())
  }

  async archive(chatId: string): Promise<void> {
    await this.#call('POST', `/admin/chats/${chatId}/archive`, await adminToken())
  }

  /** Until no mail of the kind is due any more, in no matter how long */
  async settled(kind: NotificationKind = 'reply'): Promise<void> {
    await until(async () => (await this.store.nextNotification(kind)) === undefined, 110_000)
  }

  /** How often each person was sent the content of a mail, whatever became of it */
  counts(): Record<string, number> {
    const counts: Record<string, number> = {}
    for (const { envelopeTo } of this.provider.contents) {
      for (const address of envelopeTo) counts[address] = (counts[address] ?? 0) + 1
    }
    return counts
  }

  async stop(): Promise<void> {
    for (const server of this.servers) await server.kill()
    await this.store.close()
    await this.provider.stop()
    rmSync(this.#dir, { recursive: true, force: true })
  }

  async #call(method: string, path: string, token: string, body?: unknown): Promise<{ id: string }> {
    const response = await fetch(this.server.url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return (await response.json()) as { id: string }
  }
}

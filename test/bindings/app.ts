// The app of a host: its own pages, the chat mounted at a path, and a cookie that says who is signed in.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { SupportMessage } from '../../src/protocol/types.ts'
import { createDeskbell, sqliteStore, type Deskbell } from '../../src/entries/node.ts'
import { AUDIENCE, tokens } from '../../src/server/people/token.ts'
import { htmlPage, type HostPage } from '../support/host-site.ts'

const SECRET = 'a secret that only the tests know, 32+'

export interface HostApp {
  url: string
  deskbell: Deskbell
  /** Paths of what was asked, since the start */
  requests: string[]
  /** Serves this at a path from now on */
  set(path: string, page: string | HostPage): void
  /** A page at a path with markup and a script. @returns its URL */
  page(path: string, script: string, markup?: string): string
  userToken(id: string): Promise<string>
  /** What staff do */
  staff: {
    token: string
    /** Sends a reply to a user, who has a chat */
    reply(userId: string, content: string): Promise<void>
    /** What is in a user's chat */
    messages(userId: string): Promise<SupportMessage[]>
    contents(userId: string): Promise<string[]>
    call(method: string, path: string, body?: unknown): Promise<unknown>
  }
  /** What a user does on another device */
  say(userId: string, content: string): Promise<string>
  stop(): Promise<void>
}

export interface HostAppOptions {
  /** The path at which the chat is mounted */
  mount?: string
  /** Where a request goes that comes to a path; the same one unless given */
  route?: (path: string) => string
}

export async function startHostApp({
  mount = '/support',
  route = (path) => path,
}: HostAppOptions = {}): Promise<HostApp> {
  const store = await sqliteStore(':memory:')
  const signer = tokens(SECRET)
  const deskbell = createDeskbell({
    store,
    secret: SECRET,
    publicUrl: `http://host.example${mount}`,
    mailer: { send: async () => undefined },
    authenticate: async (request) => {
      const who = /\bwho=(\w+)/.exec(request.headers.get('cookie') ?? '')?.[1]
      if (who === 'sam') return { id: 'sam', role: 'admin', email: 'sam@desk.example', name: 'Sam' }
      return who ? { id: who, role: 'user', email: `${who}@example.com`, name: who } : null
    },
  })
  const pages = new Map<string, HostPage>()
  const requests: string[] = []
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://host')
    requests.push(pathname)
    request.url = route(request.url ?? '/')
    void deskbell.listener(request, response, () => {
      const page = pages.get(pathname)
      if (!page) return void response.writeHead(404).end()
      response.writeHead(200, { 'content-type': page.type ?? 'text/html; charset=utf-8', ...page.headers })
      response.end(page.body)
    })
  }).on('upgrade', (request, socket, head) => {
    requests.push(new URL(request.url ?? '/', 'http://host').pathname)
    deskbell.upgrade(request, socket, head)
  })
  server.keepAliveTimeout = 0
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://localhost:${(server.address() as AddressInfo).port}`

  const userToken = (id: string) =>
    signer.sign({ sub: id, email: `${id}@example.com`, name: id }, { audience: AUDIENCE.user, expiresIn: 3600 })
  const staffToken = await signer.sign(
    { sub: 'sam', email: 'sam@desk.example', name: 'Sam' },
    { audience: AUDIENCE.admin, expiresIn: 3600 },
  )
  async function call<T>(token: string, method: string, path: string, body?: unknown): Promise<T> {
    const response = await fetch(`${url}${mount}/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return (response.status === 204 ? null : await response.json()) as T
  }
  const chatOf = async (userId: string) =>
    (await call<{ id: string }>(await userToken(userId), 'GET', 'support_chat')).id

  const messages = async (userId: string) =>
    (await call<{ messages: SupportMessage[] }>(staffToken, 'GET', `admin/chats/${await chatOf(userId)}`)).messages

  const set = (path: string, page: string | HostPage): void =>
    void pages.set(path, typeof page === 'string' ? { body: page } : page)
  return {
    url,
    deskbell,
    requests,
    set,
    page(path, script, markup = '<div id="root"></div>') {
      set(`${path}.js`, { body: script, type: 'text/javascript' })
      set(path, htmlPage(`${markup}<script src="${path}.js" type="module"></script>`))
      return url + path
    },
    userToken,
    staff: {
      token: staffToken,
      async reply(userId, content) {
        await call(staffToken, 'POST', `admin/chats/${await chatOf(userId)}/messages`, { content })
      },
      messages,
      contents: async (userId) => (await messages(userId)).map(({ content }) => content),
      call: (method, path, body) => call(staffToken, method, path, body),
    },
    async say(userId, content) {
      await call(await userToken(userId), 'POST', 'support_chat/messages', { content })
      return chatOf(userId)
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve))
      await deskbell.close()
      server.closeAllConnections()
      await closed
      await store.close()
    },
  }
}

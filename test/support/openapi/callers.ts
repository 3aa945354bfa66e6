// A chat in memory, and everybody who may ask it something.
import { RecordingPublisher } from '../recording-publisher.ts'
import { createDeskbellCore, type DeskbellCore } from '../../../src/entries/core.ts'
import { sqliteStore, type Store } from '../../../src/entries/node.ts'
import { AUDIENCE, tokens, type Audience } from '../../../src/server/people/token.ts'
import type { ApiDocument } from '../../../src/server/openapi/api-document.ts'
import { SECRET } from '../desk.ts'
import { WEBHOOK_SECRET } from '../webhook-receiver.ts'

export interface Caller {
  who: string
  /** What their credentials are good for; undefined: nothing */
  role: 'user' | 'admin' | undefined
  headers: Record<string, string>
}

export interface Office {
  deskbell: DeskbellCore
  store: Store
  callers: Caller[]
  /** Of a user who writes, and one that is archived */
  chats: string[]
  /** About what they wrote; nobody accepts them */
  webhooks: string[]
  /** Users with a chat, who are none of the callers: whoever is blocked could ask for little */
  users: string[]
  /** Canned replies */
  replies: string[]
  /** From the mails */
  unsubscribeToken: string
  errors: unknown[]
  close(): Promise<void>
}

export const PUBLIC_URL = 'https://app.example/support'
export const ALLOWED_ORIGIN = 'https://www.app.example'

const person = (sub: string) => ({ sub, email: `${sub}@example.com`, name: sub })

export async function openOffice(): Promise<Office> {
  const store = await sqliteStore(':memory:', { fullTextSearch: true })
  const errors: unknown[] = []
  const kit = tokens(SECRET)
  const deskbell = createDeskbellCore({
    store,
    secret: SECRET,
    publicUrl: PUBLIC_URL,
    allowedOrigins: [ALLOWED_ORIGIN],
    rateLimit: null,
    mailer: { send: async () => {} },
    webhooks: [{ url: 'https://app.example/hooks', secret: WEBHOOK_SECRET }],
    postWebhook: async () => 503,
    publisher: new RecordingPublisher(),
    pusherKey: 'a-public-key',
    assistant: { answer: () => null, suggest: () => 'A draft' },
    authenticate: async (request) => {
      const [, role, id] = /session=(user|admin):(\w+)/.exec(request.headers.get('cookie') ?? '') ?? []
      return role === 'user' || role === 'admin' ? { ...person(id ?? ''), id: id ?? '', role } : null
    },
    onError: (error) => errors.push(error),
  })
  const bearer = async (sub: string, audience: Audience, expiresIn = 3600) => ({
    authorization: `Bearer ${await kit.sign(person(sub), { audience, expiresIn })}`,
  })
  const revoked = await bearer('mallory', AUDIENCE.user)
  const callers: Caller[] = [
    { who: 'a user', role: 'user', headers: await bearer('ada', AUDIENCE.user) },
    { who: 'a user of the app’s session', role: 'user', headers: { cookie: 'session=user:bob' } },
    { who: 'a user who has never been here', role: 'user', headers: await bearer('new', AUDIENCE.user) },
    { who: 'staff', role: 'admin', headers: await bearer('sam', AUDIENCE.admin) },
    { who: 'staff of the app’s session', role: 'admin', headers: { cookie: 'session=admin:sue' } },
    { who: 'nobody', role: undefined, headers: {} },
    { who: 'one whose token has expired', role: undefined, headers: await bearer('ada', AUDIENCE.user, -3600) },
    { who: 'one whose token was revoked', role: undefined, headers: revoked },
    { who: 'one with a token for something else', role: undefined, headers: await bearer('ada', AUDIENCE.unsubscribe) },
    { who: 'one with nonsense', role: undefined, headers: { authorization: 'Bearer a.b.c' } },
  ]

  const call = async (method: string, path: string, headers: Record<string, string>, body?: object) => {
    const request = new Request(PUBLIC_URL + path, {
      method,
      headers: { ...headers, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    return (await (await deskbell.fetch(request)).json()) as { id: string }
  }
  const chats: string[] = []
  for (const caller of callers.slice(0, 2)) {
    await call('POST', '/support_chat/messages', caller.headers, { content: `hello, I am ${caller.who}` })
    chats.push((await call('GET', '/support_chat', caller.headers)).id)
  }
  const users = ['blockable']
  for (const id of users) await deskbell.chats.open({ id })
  const staff = callers.find(({ role }) => role === 'admin')?.headers ?? {}
  for (const chat of chats)
    await call('POST', `/admin/chats/${chat}/messages`, staff, { content: 'hello', client_id: 'r1' })
  await call('POST', `/admin/chats/${chats[1]}/archive`, staff)
  const reply = await call('POST', '/admin/replies', staff, { shortcut: 'hi', title: 'Hello', body: 'Hello' })
  await deskbell.revoke({ id: 'mallory', role: 'user' })

  return {
    deskbell,
    store,
    callers,
    chats,
    webhooks: (await store.listWebhooks({ limit: 9 })).map(({ id }) => id),
    replies: [reply.id],
    users,
    unsubscribeToken: await kit.sign({ sub: 'ada' }, { audience: AUDIENCE.unsubscribe }),
    errors,
    async close() {
      await deskbell.close()
      await store.close()
    },
  }
}

export async function documentOf({ deskbell }: Office): Promise<ApiDocument> {
  return (await (await deskbell.fetch(new Request(`${PUBLIC_URL}/openapi.json`))).json()) as ApiDocument
}

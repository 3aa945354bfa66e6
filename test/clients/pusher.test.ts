// The real pusher-js and laravel-echo, as docs/realtime.md and docs/laravel.md show them.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import Echo from 'laravel-echo'
import type { Browser } from 'playwright-core'
import PusherModule, { type Channel } from 'pusher-js'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { MemoryExchange } from '../../src/buses/memory.ts'
import { FaultProxy } from '../../src/testing/fault-proxy.ts'
import { SkippingClock } from '../../src/testing/skipping-clock.ts'
import { bundle, codeOf } from '../bindings/bundle.ts'
import { giveHostPage, launchBrowser } from '../support/browser.ts'
import { startDesk, until, type Desk } from '../support/desk.ts'
import { namedCodeOf } from '../support/documented-code.ts'
import { chatChannel, KEY, STAFF } from '../support/pusher.ts'

/** Its types say that Node gets a module with a default export; it gets the class */
const Pusher = PusherModule as unknown as typeof PusherModule.default
type PusherClient = PusherModule.default

interface Message {
  seq: number
  content: string
}
interface Follow {
  pusher: PusherClient
  server: string
  token: string
  onMessage: (message: Message) => void
}

const EXAMPLE = join(import.meta.dirname, '../../examples/laravel/resources/js/support-chat.js')
const documented = namedCodeOf('docs/realtime.md')
let followChat: (how: Follow) => Promise<{ id: string; channel: Channel }>
let dir: string
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'deskbell-pusher-'))
  const file = join(dir, 'follow-chat.mjs')
  writeFileSync(file, documented.get('follow-chat.js') ?? expect.fail('The page has no follow-chat.js'))
  ;({ followChat } = (await import(pathToFileURL(file).href)) as { followChat: typeof followChat })
})
afterAll(() => rmSync(dir, { recursive: true }))

let desk: Desk
let there: Desk
let clients: { disconnect(): void }[] = []
beforeEach(async () => {
  const exchange = new MemoryExchange()
  desk = await startDesk({ pusherKey: KEY, bus: exchange.bus(), allowedOrigins: ['http://localhost:*'] })
  there = await startDesk({ pusherKey: KEY, bus: exchange.bus() }, desk.file)
})
afterEach(async () => {
  for (const client of clients) client.disconnect()
  clients = []
  await there.stop()
  await desk.stop()
  expect([...desk.errors, ...there.errors]).toEqual([])
})

const options = (port: number) => ({
  cluster: 'none',
  wsHost: '127.0.0.1',
  wsPort: port,
  forceTLS: false,
  enabledTransports: ['ws' as const],
  disableStats: true,
})

function connect(token: string, { port, url }: { port: number; url: string } = desk): PusherClient {
  const headers = { authorization: `Bearer ${token}` }
  const pusher = new Pusher(KEY, {
    ...options(port),
    channelAuthorization: { transport: 'ajax', endpoint: `${url}/pusher/auth`, headers },
  })
  clients.push(pusher)
  return pusher
}

const state = (pusher: PusherClient, wanted: string) => until(() => pusher.connection.state === wanted)
const subscribed = (channel: Channel) => until(() => channel.subscribed)
const say = (token: string, content: string, at = desk) => at.call('POST', '/support_chat/messages', token, { content })

describe('pusher-js', () => {
  it('hears a message that another node took, once, and sees who types there', async () => {
    const { token, chatId } = await desk.person('ada')
    await say(token, 'before')
    const heard: string[] = []
    const pusher = connect(token, there)
    const { channel } = await followChat({
      pusher,
      server: there.url,
      token,
      onMessage: ({ content }) => heard.push(content),
    })
    await subscribed(channel)
    await say(token, 'from the other node')
    await until(() => heard.length === 2)
    expect(heard).toEqual(['before', 'from the other node'])

    const staff = connect(await desk.admin())
    const typing: unknown[] = []
    const seen = staff.subscribe(chatChannel(chatId))
    seen.bind('client-typing', (event: unknown) => typing.push(event))
    const bell = staff.subscribe(STAFF)
    const news: { message?: Message }[] = []
    bell.bind('new-user-message', (event: { message: Message }) => news.push(event))
    await Promise.all([subscribed(seen), subscribed(bell)])
    channel.trigger('client-typing', { typing: true })
    await until(() => typing.length > 0)
    expect(typing).toEqual([{ type: 'typing', sender_type: 'user', name: 'User ada', typing: true }])
    await say(token, 'ring', there)
    await until(() => news.find(({ message }) => message?.content === 'ring'))
  })

  it('misses nothing when its connection is cut again and again', async () => {
    const { token } = await desk.person('ada')
    const proxy = await FaultProxy.start(desk.port)
    const heard: number[] = []
    const server = `http://127.0.0.1:${proxy.port}`
    const pusher = connect(token, { port: proxy.port, url: server })
    let connects = 0
    pusher.connection.bind('connected', () => void connects++)
    await followChat({ pusher, server, token, onMessage: ({ seq }) => heard.push(seq) })
    await state(pusher, 'connected')
    for (let i = 1; i <= 12; i++) {
      await say(token, `line ${i}`)
      if (i % 4 !== 0) continue
      const before = connects
      proxy.cut()
      await say(token, 'unheard')
      await until(() => connects > before)
    }
    await until(() => heard.length === 15)
    expect(heard).toEqual(Array.from({ length: 15 }, (_, i) => i + 1))
    pusher.disconnect()
    await proxy.close()
  })

  it('goes to another node at once when its own stops, and hears what was said meanwhile', async () => {
    const { token } = await desk.person('ada')
    const proxy = await FaultProxy.start(there.port)
    const heard: string[] = []
    const server = `http://127.0.0.1:${proxy.port}`
    const pusher = connect(token, { port: proxy.port, url: server })
    const errors: unknown[] = []
    pusher.connection.bind('error', (error: { data?: { code?: number } }) => errors.push(error.data?.code))
    const onMessage = ({ content }: Message): void => void heard.push(content)
    const { channel } = await followChat({ pusher, server, token, onMessage })
    await subscribed(channel)
    proxy.retarget(desk.port)
    const stopped = there.deskbell.close()
    await say(token, 'meanwhile')
    await stopped
    there.server.closeAllConnections()
    await until(() => heard.includes('meanwhile'))
    expect(errors).toContain(4200)
    await subscribed(channel)
    await say(token, 'afterwards')
    await until(() => heard.includes('afterwards'))
    pusher.disconnect()
    await proxy.close()
  })

  it('gives up for good with a wrong key, and when its credentials are revoked on another node', async () => {
    const { token, chatId } = await desk.person('ada')
    const wrong = new Pusher('wrong-key', options(desk.port))
    clients.push(wrong)
    await state(wrong, 'disconnected')
    const pusher = connect(token, there)
    const heard: unknown[] = []
    const channel = pusher.subscribe(chatChannel(chatId))
    channel.bind('new-message', (message: unknown) => heard.push(message))
    await subscribed(channel)
    await desk.deskbell.revoke({ id: 'ada', role: 'user' })
    await state(pusher, 'disconnected')
    await desk.call('POST', `/admin/chats/${chatId}/messages`, await desk.admin(), { content: 'too late' })
    expect(heard).toEqual([])
  })

  it('is told why it may not hear a channel', async () => {
    const { chatId } = await desk.person('ada')
    const pusher = connect(await desk.user('bob'))
    const refused = (name: string) =>
      new Promise((resolve) => pusher.subscribe(name).bind('pusher:subscription_error', resolve))
    const answers = await Promise.all([refused(chatChannel(chatId)), refused(STAFF), refused(`support-chat-${chatId}`)])
    for (const answer of answers) expect(answer).toMatchObject({ type: 'AuthError', status: 403 })
  })

  it('comes back with better credentials when its own have expired', async () => {
    const clock = new SkippingClock()
    const own = await startDesk({ pusherKey: KEY, clock })
    const { chatId } = await own.person('ada')
    let token = await own.user('ada')
    let asked = 0
    const pusher = new Pusher(KEY, {
      ...options(own.port),
      channelAuthorization: {
        transport: 'ajax',
        endpoint: `${own.url}/pusher/auth`,
        headersProvider: () => (asked++, { authorization: `Bearer ${token}` }),
      },
    })
    clients.push(pusher)
    const heard: Message[] = []
    const channel = pusher.subscribe(chatChannel(chatId))
    channel.bind('new-message', (message: Message) => heard.push(message))
    await subscribed(channel)
    token = await own.user('ada', 7_200)
    // Tokens are good for a minute longer than they say
    await clock.skip(3_700_000)
    await until(() => asked === 2 && channel.subscribed)
    await say(token, 'still here', own)
    await until(() => heard.length === 1)
    expect(own.errors).toEqual([])
    pusher.disconnect()
    await own.stop()
  })
})

describe('Laravel Echo', () => {
  it('hears and whispers across nodes, and is refused, as in any Laravel app', async () => {
    const { token, chatId } = await desk.person('ada')
    const echo = (bearerToken: string, { port, url }: Desk) => {
      const client = new Echo({
        broadcaster: 'pusher',
        key: KEY,
        ...options(port),
        Pusher: PusherModule,
        authEndpoint: `${url}/broadcasting/auth`,
        bearerToken,
        // Echo would share one object between all of a process
        auth: { headers: {} },
      })
      clients.push(client)
      return client
    }
    const user = echo(token, there)
    const staff = echo(await desk.admin(), desk)
    const stranger = echo(await desk.user('bob'), there)
    const heard: Message[] = []
    const typing: { name: string }[] = []
    let ready = 0
    const chat = user
      .private(`support-chat.${chatId}`)
      .listen('.new-message', (message: Message) => heard.push(message))
      .subscribed(() => ready++)
    staff
      .private(`support-chat.${chatId}`)
      .listenForWhisper('typing', (event: { name: string }) => typing.push(event))
      .subscribed(() => ready++)
    await until(() => ready === 2)
    await say(token, 'from Echo')
    await until(() => heard.length === 1)
    expect(heard[0]).toMatchObject({ content: 'from Echo', seq: 1 })
    chat.whisper('typing', { name: 'Somebody else' })
    await until(() => typing.length === 1)
    expect(typing[0]?.name).toBe('User ada')
    const refusal = await new Promise((resolve) => stranger.private(`support-chat.${chatId}`).error(resolve))
    expect(refusal).toMatchObject({ status: 403 })
  })
})

it('The example for Laravel hears, sends and types', async () => {
  const { supportChat } = (await import(pathToFileURL(EXAMPLE).href)) as {
    supportChat: (how: object) => Promise<{ typing(): void; send(content: string): Promise<Response>; leave(): void }>
  }
  const own = await startDesk({ pusherKey: 'my-app' })
  const { token, chatId } = await own.person('ada')
  await say(token, 'before', own)
  const heard: string[] = []
  const typing: { name: string }[] = []
  const chat = await supportChat({
    url: own.url,
    token,
    onMessage: ({ content }: Message) => heard.push(content),
    onTyping: (event: { name: string }) => typing.push(event),
  })
  await until(() => own.deskbell.load().connections.pusher === 1)
  expect((await chat.send('from Echo')).status).toBe(201)
  await until(() => heard.length === 2)
  expect(heard).toEqual(['before', 'from Echo'])
  const admin = await own.admin()
  await until(async () => {
    await own.call('POST', `/admin/chats/${chatId}/typing`, admin, { typing: true })
    return typing.length > 0
  })
  expect(typing[0]).toMatchObject({ name: 'Sam', sender_type: 'admin' })
  chat.leave()
  await own.stop()
})

describe('in Chromium', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser.close())

  it('the documented page follows a chat, and shows who is typing', async () => {
    const { token, chatId } = await desk.person('ada')
    await say(token, 'before')
    const code = (documented.get('pusher.js') ?? expect.fail('The page has no pusher.js'))
      .replace("'my-app'", `'${KEY}'`)
      .replace("'https://support.example.com/'", `'${desk.url}/'`)
      .replace("'./follow-chat.js'", JSON.stringify(join(dir, 'follow-chat.mjs')))
    const script = codeOf(await bundle({ page: { code: `const token = '${token}'\n${code}`, language: 'ts' } }))
    const page = await browser.newPage()
    const lines: string[] = []
    page.on('console', (line) => lines.push(line.text()))
    page.on('pageerror', (error) => lines.push(String(error)))
    await giveHostPage(page, '<!doctype html><title>Host</title>')
    await page.goto(`${desk.url}/host`)
    await page.addScriptTag({ type: 'module', content: script })
    await until(() => desk.deskbell.load().connections.pusher === 1)
    await say(token, 'after')
    await until(() => lines.includes('after'))
    const admin = await desk.admin()
    await until(async () => {
      await desk.call('POST', `/admin/chats/${chatId}/typing`, admin, { typing: true })
      return lines.includes('Sam is typing')
    })
    expect(lines.filter((line) => line === 'before' || line === 'after')).toEqual(['before', 'after'])
    await page.close()
  })
})

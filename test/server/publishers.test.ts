// Publishers, each against a server that checks what the real service checks, and heard by the service's own client.
import { decodeJwt } from 'jose'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ablyPublisher, pusherPublisher, socketIoPublisher } from '../../src/entries/node.ts'
import type { RealtimeAuth, StaffRealtime } from '../../src/protocol/listening.ts'
import type { AdminSupportChat, SupportChat } from '../../src/protocol/types.ts'
import { pageOf } from '../support/documented-code.ts'
import { startDesk, until, type Desk } from '../support/desk.ts'
import type { AskAuth, Heard } from '../support/realtime-services/listening.ts'
import { SERVICES } from '../support/realtime-services/services.ts'
import type { TestService } from '../support/realtime-services/service.ts'

const GHOST = '01950000-0000-7000-8000-000000000000'

describe.each(SERVICES)('$name', ({ name, start, publisher, stranger, listen }) => {
  let service: TestService
  let desk: Desk
  let ada: { token: string; chatId: string }
  let sam: string
  let outcomes: string[]
  const ears: Heard[] = []

  async function open(options: Parameters<typeof startDesk>[0] = {}): Promise<void> {
    // Calls that a stop aborts are counted late
    const mine: string[] = (outcomes = [])
    desk = await startDesk({
      publisher: publisher(service),
      observer: { published: ({ event, outcome }) => mine.push(`${event} ${outcome}`) },
      ...options,
    })
    ada = await desk.person('ada')
    sam = await desk.admin()
  }
  beforeEach(async () => {
    service = await start()
    await open()
  })
  afterEach(async () => {
    for (const heard of ears.splice(0)) heard.close()
    service.gone = true
    await desk.stop()
    await service.stop()
  })

  const ask =
    (token: string, chat_id: string | null): AskAuth =>
    async (body) => {
      const answer = await desk.call<RealtimeAuth>('POST', '/realtime/auth', token, { ...body, chat_id })
      if (answer.status !== 200) throw new Error(`refused with ${answer.status}`)
      return answer.body
    }
  async function hear(token: string, path: string, chatId: string | null): Promise<Heard> {
    const { body } = await desk.call<SupportChat | AdminSupportChat | StaffRealtime>('GET', path, token)
    if (!body.realtime) return expect.fail('There is nothing to listen to')
    const heard = await listen(body.realtime, ask(token, chatId))
    ears.push(heard)
    return heard
  }
  const hearOwn = () => hear(ada.token, '/support_chat', ada.chatId)
  async function say(content: string, token = ada.token): Promise<number> {
    const { status, body } = await desk.call<{ seq: number }>('POST', '/support_chat/messages', token, { content })
    expect(status).toBe(201)
    return body.seq
  }
  const listeningOf = async (token: string) =>
    (await desk.call<SupportChat>('GET', '/support_chat', token)).body.realtime ?? expect.fail('no realtime')

  it('tells the user and staff of a message, each by what `realtime` says', async () => {
    const own = await hearOwn()
    const inChat = await hear(sam, `/admin/chats/${ada.chatId}`, ada.chatId)
    const all = await hear(sam, '/admin/realtime', null)
    const seq = await say('hello')
    for (const { hints } of [own, inChat, all]) {
      await until(() => hints.length > 0)
      expect(hints[0]).toEqual({ chat_id: ada.chatId, seq })
    }
    expect(JSON.stringify(service.published)).not.toContain('hello')
  })

  it('is called for a message as often as docs/realtime.md says', async () => {
    await say('the first one, for which some services are asked for an access token')
    await until(() => desk.deskbell.load().publications === 0)
    const before = service.requests.length
    await say('hello')
    await until(() => desk.deskbell.load().publications === 0)
    const row = pageOf('docs/realtime.md')
      .split('\n')
      .find((line) => line.startsWith(`| ${name} | by`))
    expect(String(service.requests.length - before)).toBe(row?.split(' | ')[5])
  })

  it('tells of what was read, of the archive, and of who is typing', async () => {
    const own = await hearOwn()
    await desk.call('POST', `/admin/chats/${ada.chatId}/messages`, sam, { content: 'hi' })
    await desk.call('PATCH', '/support_chat/mark_read', ada.token, {})
    await desk.call('POST', `/admin/chats/${ada.chatId}/archive`, sam)
    await until(() => own.hints.at(-1)?.state)
    await until(() => desk.deskbell.load().publications === 0)
    await desk.call('POST', `/admin/chats/${ada.chatId}/typing`, sam, { typing: true })
    if (publisher(service).maxData === 0) return
    await until(() => own.typing.length > 0)
    expect(own.typing[0]).toEqual({ chat_id: ada.chatId, sender_type: 'admin', typing: true })
  })

  it('carries the message where the host says so, if it fits', async () => {
    await desk.stop()
    await open({ publish: 'messages' })
    const own = await hearOwn()
    await say('short')
    await until(() => own.hints.length === 1)
    const limit = publisher(service).maxData
    expect(own.hints[0]?.message?.content).toBe(limit > 0 ? 'short' : undefined)
    const long = '€'.repeat(10_000)
    await say(long)
    await until(() => own.hints.length === 2)
    expect(own.hints[1]?.message?.content).toBe(limit < 30_000 ? undefined : long)
    expect(own.hints[1]?.seq).toBe(2)
    expect(outcomes).toEqual(['new-message published', 'new-message published'])
  })

  it('lets nobody hear a chat of others, nor all chats who is not staff', async () => {
    const bob = await desk.person('bob')
    const foreign = await listeningOf(ada.token)
    await expect(listen(foreign, ask(bob.token, ada.chatId))).rejects.toThrow('404')
    await expect(listen(foreign, ask(bob.token, GHOST))).rejects.toThrow('404')
    // What Bob may hear opens no other channel
    await expect(listen(foreign, ask(bob.token, bob.chatId))).rejects.toThrow()
    await expect(listen(foreign, ask(bob.token, null))).rejects.toThrow()
    const { body } = await desk.call<StaffRealtime>('GET', '/admin/realtime', sam)
    if (!body.realtime) return expect.fail('Staff have nothing to listen to')
    await expect(listen(body.realtime, ask(bob.token, null))).rejects.toThrow()
    expect((await desk.call('GET', '/admin/realtime', bob.token)).status).toBe(403)
  })

  it('gives no permission to those who are revoked, whose token has expired, and whom nobody knows', async () => {
    const listening = await listeningOf(ada.token)
    await desk.deskbell.revoke({ id: 'ada', role: 'user' })
    await expect(listen(listening, ask(ada.token, ada.chatId))).rejects.toThrow('401')
    await expect(listen(listening, ask(await desk.user('ada', -100), ada.chatId))).rejects.toThrow('401')
    await expect(listen(listening, ask('a.b.c', ada.chatId))).rejects.toThrow('401')
  })

  // That a call hangs takes five seconds to find out, and is the same for all
  it.each(['too many', 'fails', 'html', ...(start === SERVICES[0]?.start ? (['hangs'] as const) : [])] as const)(
    'that %s delays no message, and tells of it when the service is back',
    async (api) => {
      const own = await hearOwn()
      service.api = api
      for (let n = 0; n < 5; n++) await say(`message ${n}`)
      // Had they waited, each would have seen at least one call fail
      expect(outcomes.length).toBeLessThan(5)
      expect(own.hints).toEqual([])
      service.api = 'answers'
      // A call about earlier messages may have been on its way by then
      await until(() => own.hints.at(-1)?.seq === 5)
      expect(own.hints.at(-1)).toEqual({ chat_id: ada.chatId, seq: 5 })
      expect(desk.errors).toEqual([])
    },
  )

  it('that cannot be reached delays no message either', async () => {
    service.gone = true
    for (let n = 0; n < 5; n++) await say(`message ${n}`)
    await until(() => outcomes.includes('new-message retry'))
    service.gone = false
    await until(() => service.published.some(({ data }) => (data as { seq: number }).seq === 5))
  })

  it('that does not know the credentials is asked again, and the stop waits for nobody', async () => {
    await desk.stop()
    await open({ publisher: stranger(service) })
    await say('hello')
    await until(() => outcomes.includes('new-message retry'))
    expect(service.published).toEqual([])
    await expect(stranger(service).verify?.(AbortSignal.timeout(60_000))).rejects.toThrow(/401/)
    await publisher(service).verify?.(AbortSignal.timeout(60_000))
    expect(service.published).toEqual([])
  })

  it('is waited for by a request that says how, where the process ends with the answer', async () => {
    const work: Promise<unknown>[] = []
    const send = (content: string): Promise<Response> =>
      desk.deskbell.fetch(
        new Request('http://desk.example/support_chat/messages', {
          method: 'POST',
          headers: { authorization: `Bearer ${ada.token}`, 'content-type': 'application/json' },
          body: JSON.stringify({ content }),
        }),
        { waitUntil: (promise: Promise<unknown>) => work.push(promise) },
      )
    service.api = 'fails'
    expect((await send('hello')).status).toBe(201)
    expect(work).toHaveLength(1)
    service.api = 'answers'
    await Promise.all(work)
    expect(service.published.map(({ data }) => data)).toContainEqual({ chat_id: ada.chatId, seq: 1 })
    const look = new Request('http://desk.example/support_chat', {
      headers: { authorization: `Bearer ${ada.token}` },
    })
    await desk.deskbell.fetch(look, { waitUntil: (promise: Promise<unknown>) => work.push(promise) })
    expect(work).toHaveLength(1)
  })
})

it('Clients of Pusher get the same signature at the paths that they ask by themselves, for what they may hear', async () => {
  const publisher = pusherPublisher({ appId: '1', key: 'k', secret: 's', cluster: 'eu' })
  const desk = await startDesk({ publisher })
  const [ada, bob, sam] = [await desk.person('ada'), await desk.person('bob'), await desk.admin()]
  const ask = (path: string, token: string, channel: string) =>
    desk.call('POST', path, token, `socket_id=1.2&channel_name=${channel}`, {
      'content-type': 'application/x-www-form-urlencoded',
    })
  const own = `private-support-chat-${ada.chatId}`
  const { auth } = (await desk.call('POST', '/realtime/auth', ada.token, { socket_id: '1.2' })).body
  for (const path of ['/pusher/auth', '/broadcasting/auth']) {
    expect(await ask(path, ada.token, own)).toMatchObject({ status: 200, body: { auth } })
    expect((await ask(path, bob.token, own)).status).toBe(403)
    expect((await ask(path, bob.token, 'private-support-staff')).status).toBe(403)
    expect((await ask(path, sam, 'private-support-staff')).status).toBe(200)
    expect((await ask(path, sam, 'private-another-app')).status).toBe(403)
    // A signature is for one name, and the service has the messages under this one alone
    const dotted = await ask(path, ada.token, `private-support-chat.${ada.chatId}`)
    expect(dotted).toMatchObject({ status: 403, body: { detail: `Subscribe to ${own}` } })
  }
  expect((await desk.call('POST', '/realtime/auth', ada.token, { socket_id: '1.2:private-other' })).status).toBe(400)
  expect((await desk.call('POST', '/realtime/auth', ada.token, {})).status).toBe(400)
  await desk.stop()
})

it.each([
  [
    'Pusher',
    pusherPublisher({ appId: '1', key: 'k', secret: 's', cluster: 'eu' }),
    (auth: RealtimeAuth) => {
      const signed = 'auth' in auth ? auth.presence : undefined
      return (JSON.parse(signed?.channel_data ?? '{}') as { user_id: string }).user_id
    },
  ],
  [
    'Ably',
    ablyPublisher({ key: 'app.key:secret' }),
    (auth: RealtimeAuth) => ('token' in auth ? String(decodeJwt(auth.token)['x-ably-clientId']) : ''),
  ],
] as const)(
  'Who is in a chat at %s has a name that the server gave, which tells nothing of staff',
  async (_name, publisher, nameIn) => {
    const desk = await startDesk({ publisher })
    const ada = await desk.person('ada')
    const nameOf = async (token: string): Promise<string> => {
      const body = { socket_id: '1.2', chat_id: ada.chatId }
      return nameIn((await desk.call<RealtimeAuth>('POST', '/realtime/auth', token, body)).body)
    }
    const names = [
      await nameOf(ada.token),
      await nameOf(await desk.admin('sam')),
      await nameOf(await desk.admin('sue')),
    ]
    expect(names[0]).toBe('user')
    expect(new Set(names).size).toBe(3)
    for (const name of names.slice(1)) expect(name).toMatch(/^admin\.[\w-]{16}$/)
    expect(await nameOf(await desk.admin('sam'))).toBe(names[1])
    // Whom staff have blocked listens, and is not seen
    await desk.call('POST', '/admin/users/ada/block', await desk.admin())
    const { status, body } = await desk.call<RealtimeAuth>('POST', '/realtime/auth', ada.token, { socket_id: '1.2' })
    expect(status).toBe(200)
    if ('token' in body) expect(String(decodeJwt(body.token)['x-ably-capability'])).toMatch(/:\["subscribe"\]\}$/)
    else expect(body).toEqual({ auth: expect.any(String) as string })
    await desk.stop()
  },
)

it('Where the listeners of a Socket.IO server know by themselves what to hear, nobody is told, nor given a permission', async () => {
  const desk = await startDesk({ publisher: socketIoPublisher({ to: () => ({ emit: () => true }) }) })
  const { token } = await desk.person('ada')
  expect((await desk.call('GET', '/support_chat', token)).body).not.toHaveProperty('realtime')
  expect((await desk.call('POST', '/realtime/auth', token, {})).status).toBe(404)
  expect((await desk.call('GET', '/admin/realtime', await desk.admin())).body).toEqual({ realtime: null })
  await desk.stop()
})

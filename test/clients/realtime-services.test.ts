// The servers that stand for real-time services in tests, asked by the services' own libraries.
import { importPKCS8, SignJWT } from 'jose'
import { Realtime, Rest } from 'ably'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import Pusher from 'pusher'
import PusherModule, { type PresenceChannel } from 'pusher-js'
import { RealtimeClient } from '@supabase/realtime-js'
import { until } from '../support/desk.ts'
import { ABLY_KEY, startAbly } from '../support/realtime-services/ably.ts'
import { listenByFirebase } from '../support/realtime-services/firebase-client.ts'
import { accountAt, FIREBASE_KEY, forgedAccountAt, startFirebase } from '../support/realtime-services/firebase.ts'
import { Heard } from '../support/realtime-services/listening.ts'
import { listenByPusher } from '../support/realtime-services/pusher-client.ts'
import { PUSHER_APP, startPusher } from '../support/realtime-services/pusher.ts'
import { listenBySupabase } from '../support/realtime-services/supabase-client.ts'
import { startSupabase, SUPABASE_PROJECT } from '../support/realtime-services/supabase.ts'
import type { TestService } from '../support/realtime-services/service.ts'

/** To Node the CommonJS module is its default export; its types put one more around it */
const PusherClient = PusherModule as unknown as typeof PusherModule.default
type PusherClient = PusherModule.default

describe('the test server of Pusher', () => {
  let service: TestService
  let app: Pusher
  const ears: Heard[] = []
  beforeEach(async () => {
    service = await startPusher()
    app = appWith({})
  })
  afterEach(async () => {
    for (const heard of ears.splice(0)) heard.close()
    await service.stop()
  })

  const appWith = (options: Partial<typeof PUSHER_APP>): Pusher =>
    new Pusher({ ...PUSHER_APP, ...options, host: service.host, port: String(service.port), useTLS: false })
  async function listen(by: Pusher, channel = 'private-a', signed = channel): Promise<Heard> {
    const { host, port } = service
    const listening = { service: 'pusher', key: PUSHER_APP.key, channel, event: 'new-message', host, port } as const
    const heard = await listenByPusher(listening, async ({ socket_id = '' }) => by.authorizeChannel(socket_id, signed))
    ears.push(heard)
    return heard
  }
  const hint = (seq: number) => ({ chat_id: 'c', seq })

  it('takes what Pusher’s library for servers sends, and pusher-js hears it, on its channel alone', async () => {
    const [a, b] = [await listen(app), await listen(app, 'private-b')]
    await app.trigger(['private-a', 'private-c'], 'new-message', hint(1))
    await app.trigger('private-b', 'typing', { typing: true })
    await until(() => a.hints.length === 1 && b.typing.length === 1)
    expect([a.hints, a.typing, b.hints]).toEqual([[hint(1)], [], []])
    expect((await app.get({ path: '/channels' })).status).toBe(200)
  })

  it('lets members of a presence channel see each other, by names that are signed, and hear what they trigger', async () => {
    const heard: unknown[] = []
    const join = (user_id: string, by = user_id): PusherClient => {
      const { host, port } = service
      const pusher = new PusherClient(PUSHER_APP.key, {
        cluster: 'none',
        wsHost: host,
        wsPort: port,
        forceTLS: false,
        enabledTransports: ['ws'],
        channelAuthorization: {
          endpoint: '',
          transport: 'ajax',
          customHandler: ({ socketId, channelName }, done) => {
            const signed = app.authorizeChannel(socketId, channelName, { user_id: by })
            done(null, { ...signed, channel_data: JSON.stringify({ user_id }) })
          },
        },
      })
      ears.push(new Heard(() => pusher.disconnect()))
      pusher.subscribe('presence-a').bind('client-typing', (data: unknown, about: unknown) => heard.push([data, about]))
      return pusher
    }
    const [user, staff, forged] = [join('user'), join('admin.1'), join('user', 'admin.1')]
    const namesFor = (pusher: PusherClient): string[] =>
      Object.keys((pusher.channel('presence-a') as PresenceChannel).members.members as object).toSorted()
    await until(() => namesFor(user).length === 2 && namesFor(staff).length === 2)
    expect(namesFor(staff)).toEqual(['admin.1', 'user'])
    expect(forged.channel('presence-a').subscribed).toBe(false)
    user.channel('presence-a').trigger('client-typing', { typing: true })
    await until(() => heard.length > 0)
    expect(heard).toEqual([[{ typing: true }, { user_id: 'user' }]])
    user.unsubscribe('presence-a')
    await until(() => namesFor(staff).length === 1)
  })

  it('refuses what is signed with another secret, or is too long', async () => {
    await expect(appWith({ secret: 'another' }).trigger('private-a', 'new-message', {})).rejects.toMatchObject({
      status: 401,
    })
    await expect(app.trigger('private-a', 'new-message', 'x'.repeat(10_241))).rejects.toMatchObject({ status: 413 })
    expect(service.published).toEqual([])
  })

  it('refuses a listener whose permission is another app’s, of another channel, or for another connection', async () => {
    await expect(listen(appWith({ secret: 'another' }))).rejects.toThrow('401')
    await expect(listen(app, 'private-a', 'private-b')).rejects.toThrow('401')
    const otherSocket = { authorizeChannel: () => app.authorizeChannel('1.1', 'private-a') } as unknown as Pusher
    await expect(listen(otherSocket)).rejects.toThrow('401')
  })

  it('doubles, reorders, loses and delays events, answers as told, and goes away', async () => {
    const heard = await listen(app)
    const trigger = (seq: number) => app.trigger('private-a', 'new-message', hint(seq))
    service.doubles = true
    await trigger(1)
    await until(() => heard.hints.length === 2)
    service.doubles = false
    service.reorders = true
    await Promise.all([trigger(2), trigger(3)])
    await until(() => heard.hints.length === 4)
    const [first, second] = service.published.slice(1).map(({ data }) => data)
    expect(heard.hints.slice(2)).toEqual([second, first])
    service.reorders = false
    service.loss = 1
    await trigger(4)
    service.loss = 0
    service.delay = 30
    await trigger(5)
    await until(() => heard.hints.length === 5)
    expect(heard.hints.at(-1)).toEqual(hint(5))
    service.api = 'too many'
    service.retryAfter = 7
    await expect(trigger(6)).rejects.toMatchObject({ status: 429 })
    service.api = 'answers'
    service.gone = true
    await expect(trigger(7)).rejects.toThrow()
    await until(() => service.sockets === 0)
  })
})

describe('the test server of Ably', () => {
  let service: TestService
  const clients: Realtime[] = []
  beforeEach(async () => {
    service = await startAbly()
  })
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close()
    await service.stop()
  })

  const optionsOf = ({ host, port }: TestService) =>
    ({ endpoint: host, port, tls: false, useBinaryProtocol: false, logLevel: 0 }) as const
  const appWith = (key: string): Rest => new Rest({ ...optionsOf(service), key })
  const hint = { chat_id: 'c', seq: 1 }
  const [keyName = '', secret = ''] = ABLY_KEY.split(':')

  /** A JWT as Ably's documentation makes one */
  const jwt = (capability: object, seconds = 60, clientId?: string): Promise<string> =>
    new SignJWT({ 'x-ably-capability': JSON.stringify(capability), 'x-ably-clientId': clientId })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: keyName })
      .setIssuedAt()
      .setExpirationTime(`${seconds}s`)
      .sign(new TextEncoder().encode(secret))
  function clientWith(token: () => Promise<string>): Realtime {
    const client = new Realtime({
      ...optionsOf(service),
      disableConnectivityCheck: true,
      authCallback: (_params, done) =>
        void token().then(
          (one) => done(null, one),
          (error: Error) => done(error.message, null),
        ),
    })
    clients.push(client)
    return client
  }

  it('takes what Ably’s library for servers sends, and its client hears it where the capability allows', async () => {
    const heard: unknown[] = []
    const client = clientWith(() => jwt({ 'support-chat:*': ['subscribe'], other: ['publish'] }))
    await client.channels.get('support-chat:c').subscribe((message) => void heard.push(message.data))
    await appWith(ABLY_KEY).channels.get('support-chat:c').publish('new-message', hint)
    await until(() => heard.length === 1)
    expect(heard).toEqual([hint])
    await expect(client.channels.get('support-staff').attach()).rejects.toMatchObject({ code: 40160 })
    await expect(client.channels.get('other').attach()).rejects.toMatchObject({ code: 40160 })
  })

  it('keeps a presence set for those who may be in it, under the names of their tokens', async () => {
    const inChat = (clientId: string, ...operations: string[]): Promise<string> =>
      jwt({ 'support-chat:*': ['subscribe', ...operations] }, 60, clientId)
    const enter = async (token: Promise<string>) => {
      const { presence } = clientWith(() => token).channels.get('support-chat:c')
      const seen: unknown[] = []
      await presence.subscribe(({ action, clientId, data }) => void seen.push([action, clientId, data]))
      return { presence, seen }
    }
    const user = await enter(inChat('user', 'presence'))
    await user.presence.enter()
    const staff = await enter(inChat('admin.1', 'presence'))
    await staff.presence.enter()
    const names = async () => (await staff.presence.get()).map(({ clientId }) => clientId).toSorted()
    expect(await names()).toEqual(['admin.1', 'user'])
    await user.presence.update({ typing: true })
    await until(() => staff.seen.length >= 3)
    expect(staff.seen.at(-1)).toEqual(['update', 'user', { typing: true }])
    await expect(user.presence.enterClient('admin.1')).rejects.toThrow()
    await expect((await enter(inChat('admin.2'))).presence.enter()).rejects.toMatchObject({ code: 40160 })
    await user.presence.leave()
    await until(async () => (await names()).length === 1)
  })

  it('refuses another key, a message that is too long, and a forged token; a request for a token it takes', async () => {
    const other = appWith(`${ABLY_KEY}-of-another-app`)
    await expect(other.channels.get('a').publish('x', hint)).rejects.toMatchObject({ statusCode: 401 })
    await expect(other.auth.requestToken()).rejects.toMatchObject({ statusCode: 401 })
    expect(await appWith(ABLY_KEY).auth.requestToken()).toMatchObject({ token: 'opaque' })
    const forged = clientWith(async () => `${(await jwt({ '*': ['*'] })).slice(0, -4)}AAAA`)
    let wasIn = false
    forged.connection.on('connected', () => (wasIn = true))
    await until(() => forged.connection.errorReason?.code === 40144)
    expect(wasIn).toBe(false)
    const tooLong = fetch(`${service.origin}/channels/a/messages`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(ABLY_KEY)}`, 'x-ably-version': '6' },
      body: JSON.stringify({ name: 'x', data: 'x'.repeat(65_537) }),
    })
    expect((await tooLong).status).toBe(400)
    expect(service.published).toEqual([])
  })

  it('lets a client stay with the next token when one ends, and nobody in with one that has', async () => {
    let asked = 0
    const client = clientWith(() => {
      asked++
      return jwt({ a: ['subscribe'] }, asked === 1 ? 4 : 600)
    })
    await client.channels.get('a').attach()
    await until(() => asked === 2)
    await until(() => client.connection.state === 'connected')
    const late = clientWith(() => jwt({ a: ['subscribe'] }, -10))
    let wasIn = false
    late.connection.on('connected', () => (wasIn = true))
    await until(() => late.connection.errorReason?.code === 40142)
    expect(wasIn).toBe(false)
  })
})

describe('the test server of Supabase', () => {
  let service: TestService
  const ears: Heard[] = []
  const clients: RealtimeClient[] = []
  beforeEach(async () => {
    service = await startSupabase()
  })
  afterEach(async () => {
    for (const heard of ears.splice(0)) heard.close()
    for (const client of clients.splice(0)) void client.disconnect()
    await service.stop()
  })

  const hint = { chat_id: 'c', seq: 1 }
  const jwt = (claims: object, { secret = SUPABASE_PROJECT.jwtSecret, seconds = 60 } = {}): Promise<string> =>
    new SignJWT({ role: 'anon', ...claims })
      .setProtectedHeader({ alg: 'HS256' })
      .setExpirationTime(`${seconds}s`)
      .sign(new TextEncoder().encode(secret))
  async function listen(topic: string, token: Promise<string>): Promise<Heard> {
    const { origin: url } = service
    const listening = { service: 'supabase', url, key: SUPABASE_PROJECT.key, topic, event: 'new-message' } as const
    const heard = await listenBySupabase(listening, async () => ({ token: await token, expires_at: '' }))
    ears.push(heard)
    return heard
  }
  function clientWith(apikey: string): RealtimeClient {
    const client = new RealtimeClient(`${service.origin.replace('http', 'ws')}/realtime/v1`, { params: { apikey } })
    clients.push(client)
    return client
  }
  const privately = { config: { private: true } }

  it('takes what Supabase’s client sends over HTTP, and its client hears it where the policy allows', async () => {
    const own = await listen('support-chat:c', jwt({ support_topic: 'support-chat:c' }))
    const staff = await listen('support-chat:c', jwt({ support_topic: 'support-staff' }))
    const server = clientWith(SUPABASE_PROJECT.secretKey)
    await server.channel('support-chat:c', privately).httpSend('new-message', hint)
    await until(() => own.hints.length === 1 && staff.hints.length === 1)
    expect(own.hints).toEqual([hint])
    // To a public channel, into which nobody is let
    await clientWith(SUPABASE_PROJECT.secretKey).channel('support-chat:c').httpSend('new-message', hint)
    expect(service.published).toHaveLength(1)
  })

  it('refuses another key, a payload that is too long, and listeners without a permission for the channel', async () => {
    const channel = clientWith('sb_secret_of-another-project').channel('support-chat:c', privately)
    await expect(channel.httpSend('new-message', hint)).rejects.toThrow('Invalid API key')
    const own = clientWith(SUPABASE_PROJECT.secretKey).channel('support-chat:c', privately)
    await expect(own.httpSend('new-message', { x: 'x'.repeat(256_000) })).rejects.toThrow('Payload size')
    expect(service.published).toEqual([])
    const claims = { support_topic: 'support-chat:c' }
    for (const token of [
      jwt({ support_topic: 'support-chat:other' }),
      jwt({}),
      jwt({ ...claims, role: 'authenticated' }),
      jwt(claims, { secret: 'the-secret-of-another-project-of-theirs' }),
      jwt(claims, { seconds: -60 }),
    ])
      await expect(listen('support-chat:c', token)).rejects.toThrow('Unauthorized')
  })

  it('ends a membership with its token, unless the client has the next one', async () => {
    const client = clientWith(SUPABASE_PROJECT.key)
    await client.setAuth(await jwt({ support_topic: 'support-chat:c' }, { seconds: 15 }))
    const states: string[] = []
    client.channel('support-chat:c', privately).subscribe((state) => states.push(state))
    await until(() => states.includes('SUBSCRIBED'))
    await until(() => states.includes('CLOSED'))
  })
})

describe('the test server of Firebase', () => {
  let service: TestService
  const ears: Heard[] = []
  beforeEach(async () => {
    service = await startFirebase()
  })
  afterEach(async () => {
    for (const heard of ears.splice(0)) heard.close()
    await service.stop()
  })

  /** A custom token as Firebase's documentation makes one */
  const token = async (claims: object, account = accountAt(service)): Promise<string> =>
    new SignJWT({ uid: 'somebody', claims: { support_until: Date.now() + 60_000, ...claims } })
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuer(account.client_email)
      .setSubject(account.client_email)
      .setAudience('https://identitytoolkit.googleapis.com/google.identity.identitytoolkit.v1.IdentityToolkit')
      .setIssuedAt()
      .setExpirationTime('60s')
      .sign(await importPKCS8(account.private_key, 'RS256'))
  async function listen(path: string, made: Promise<string>, key = FIREBASE_KEY): Promise<Heard> {
    const listening = { service: 'firebase', url: service.origin, key, path } as const
    const heard = await listenByFirebase(listening, async () => ({ token: await made, expires_at: '' }))
    ears.push(heard)
    return heard
  }
  const path = 'support-chats/c/hint'

  it('lets Firebase’s client in with a custom token of the project, where the rules allow', async () => {
    expect((await listen(path, token({ support_chat: 'c' }))).hints).toEqual([])
    await expect(listen(path, token({ support_chat: 'other' }))).rejects.toThrow('permission_denied')
    await expect(listen(path, token({}, forgedAccountAt(service)))).rejects.toThrow('invalid-custom-token')
    await expect(listen(path, token({ support_chat: 'c' }), 'another-key')).rejects.toThrow()
  })

  it('refuses a write without an access token of its own', async () => {
    const write = (authorization: string): Promise<Response> =>
      fetch(`${service.origin}/.json?print=silent`, {
        method: 'PATCH',
        headers: { authorization },
        body: JSON.stringify({ [path]: { chat_id: 'c', seq: 1 } }),
      })
    expect((await write('')).status).toBe(401)
    expect((await write('Bearer ya29.0')).status).toBe(401)
    expect(service.published).toEqual([])
  })
})

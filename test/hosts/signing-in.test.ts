// Who is asking, by the libraries that apps sign people in with: each block of docs/signing-in.md as it stands there, against the packed package.
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { exportJWK, generateKeyPair, SignJWT, type CryptoKey, type JWK } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import type * as Package from '../../src/entries/node.ts'
import { SkippingClock } from '../../src/testing/skipping-clock.ts'
import { SECRET, until } from '../support/desk.ts'
import { namedCodeOf } from '../support/documented-code.ts'
import { installInEmptyApp, type App } from '../support/packed-app.ts'
import { refusal, TestSocket, V1 } from '../support/socket.ts'
import { areInstalled } from './frameworks.ts'
import { installed } from './install.ts'
import { APPS, type SigningIn } from './signing-in/apps.ts'
import { freePort } from '../support/ports.ts'

const FOLDER = join(import.meta.dirname, 'signing-in')
const packages = await installed(FOLDER)
const isInstalled = areInstalled(packages, FOLDER)
const guide = namedCodeOf('docs/signing-in.md')

/** What every app has: a chat that asks `authenticate.js` */
const SUPPORT = `
  import { createDeskbell } from 'deskbell'
  import { authenticate } from './authenticate.js'
  export let deskbell
  export let asking = 0
  const counted = async (request) => {
    asking++
    try {
      return await authenticate(request)
    } finally {
      asking--
    }
  }
  export const start = (options) => (deskbell = createDeskbell({ authenticate: counted, ...options }))
`

let app: App
beforeAll(() => {
  if (!isInstalled) return
  app = installInEmptyApp()
  app.add(packages)
  writeFileSync(join(app.folder, 'package.json'), '{ "type": "module" }')
})
afterAll(() => app?.remove())

interface Running {
  url: string
  deskbell: Package.Deskbell
  errors: unknown[]
  /** A minute, in which peers answer pings and `authenticate` answers */
  minute: (...sockets: TestSocket[]) => Promise<void>
  stop: () => Promise<void>
}

/** Writes the files of an app, and loads them when they are asked for */
function files(name: string, code: Record<string, string>): <T>(file: string) => T {
  const folder = join(app.folder, name)
  mkdirSync(folder)
  for (const [file, text] of Object.entries({ 'support.js': SUPPORT, ...code })) writeFileSync(join(folder, file), text)
  const require = createRequire(join(folder, 'package.json'))
  return <T>(file: string) => require(file) as T
}

async function run(load: <T>(file: string) => T, handlerOf: (deskbell: Package.Deskbell) => RequestListener, port = 0) {
  const { sqliteStore } = load<typeof Package>('deskbell')
  const store = await sqliteStore(':memory:')
  const clock = new SkippingClock()
  const errors: unknown[] = []
  const support = load<{ start(options: object): Package.Deskbell; asking: number }>('./support.js')
  const deskbell = support.start({
    store,
    clock,
    secret: SECRET,
    publicUrl: 'http://localhost/support',
    mailer: { send: async () => undefined },
    onError: (error: unknown) => errors.push(error),
  })
  const server: Server = createServer(handlerOf(deskbell)).on('upgrade', deskbell.upgrade)
  await once(server.listen(port, '127.0.0.1'), 'listening')
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}`,
    deskbell,
    errors,
    async minute(...sockets) {
      for (let n = 0; n < 22; n++) {
        await clock.skip(3_000)
        await until(() => support.asking === 0)
        for (const socket of sockets)
          if (!socket.closed) await Promise.race([socket.pong(), until(() => socket.closed)])
      }
    },
    async stop() {
      await deskbell.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await store.close()
    },
  } satisfies Running
}

let running: Running | undefined
afterEach(async () => {
  await running?.stop()
  running = undefined
})

const cable = (url: string, headers: Record<string, string>) =>
  TestSocket.open(`${url.replace('http', 'ws')}/support/cable`, [V1], { headers })

describe.skipIf(!isInstalled)('people who signed in with', () => {
  it.each<[string, SigningIn]>(Object.entries(APPS))(
    '%s are who they are, until they sign out',
    async (name, library) => {
      const port = await freePort()
      Object.assign(process.env, {
        APP_URL: `http://localhost:${port}`,
        AUTH_SECRET: randomBytes(32).toString('hex'),
        SESSION_SECRET: randomBytes(32).toString('hex'),
      })
      const documented = { 'authenticate.js': guide.get(name) ?? '', 'session.js': guide.get(`${name}-session`) ?? '' }
      const load = files(name, { ...documented, 'auth.js': library.auth })
      running = await run(
        load,
        (deskbell) => load<{ appWith(chat: unknown): RequestListener }>('./auth.js').appWith(deskbell.listener),
        port,
      )
      const { url, deskbell, errors, minute } = running
      const ask = async (path: string, headers: Record<string, string>) =>
        (await fetch(`${url}/support${path}`, { headers })).status

      expect(await ask('/support_chat', {})).toBe(401)
      expect((await refusal(`${url.replace('http', 'ws')}/support/ws/chat`)).status).toBe(401)
      const [ada, sam] = [await library.signIn(url, 'ada'), await library.signIn(url, 'sam')]
      expect([await ask('/support_chat', ada), await ask('/admin/chats', ada)]).toEqual([200, 403])
      expect([await ask('/admin/chats', sam), await ask('/support_chat', sam)]).toEqual([200, 403])
      expect(await ask('/support_chat', { ...ada, origin: 'https://evil.example' })).toBe(403)
      const chat = await (
        await fetch(`${url}/support/support_chat/messages`, {
          method: 'POST',
          headers: { ...ada, 'content-type': 'application/json' },
          body: '{"content":"Hello"}',
        })
      ).json()
      expect(chat).toMatchObject({ sender_name: 'Ada' })
      expect((await deskbell.chats.list()).chats).toMatchObject([{ user_email: 'ada@example.com', user_name: 'Ada' }])

      const [hers, his] = [await cable(url, ada), await cable(url, sam)]
      for (const socket of [hers, his]) await socket.frame((f) => f.type === 'welcome')
      await minute(hers, his)
      expect([hers.closed, his.closed]).toEqual([undefined, undefined])
      await library.signOut(url, ada)
      await minute(hers, his)
      await hers.end()
      expect(his.closed).toBeUndefined()
      // A copy of the cookie is of no use either
      expect([await ask('/support_chat', ada), await ask('/admin/chats', sam)]).toEqual([401, 200])
      const again = await cable(url, ada)
      expect(await again.frame((f) => f.type === 'disconnect')).toMatchObject({
        reason: 'unauthorized',
        reconnect: false,
      })
      his.close()
      expect(errors).toEqual([])
    },
  )
})

describe.skipIf(!isInstalled)('people with a JWT of another issuer', () => {
  interface Key {
    kid: string
    alg: string
    privateKey: CryptoKey
    jwk: JWK
  }
  const keyOf = async (kid: string, alg: string): Promise<Key> => {
    const { privateKey, publicKey } = await generateKeyPair(alg, { extractable: true })
    return { kid, alg, privateKey, jwk: { ...(await exportJWK(publicKey)), kid, alg, use: 'sig' } }
  }
  const ISSUER = 'https://issuer.example'
  const signed = ({ kid, alg, privateKey }: Key, claims: object = {}) =>
    new SignJWT({ sub: 'ada', iss: ISSUER, aud: 'app', email: 'ada@example.com', ...claims })
      .setProtectedHeader({ alg, kid })
      .setIssuedAt()
      .setExpirationTime('1h')
      .sign(privateKey)

  let served: Key[]
  let reads: number
  let isDown: boolean
  let issuer: Server
  let load: <T>(file: string) => T
  let rsa: Key
  let ed: Key
  beforeAll(async () => {
    ;[rsa, ed] = [await keyOf('rsa-1', 'RS256'), await keyOf('ed-1', 'EdDSA')]
    issuer = createServer((_request, response) => {
      reads++
      response.writeHead(isDown ? 500 : 200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ keys: served.map(({ jwk }) => jwk) }))
    })
    await once(issuer.listen(0, '127.0.0.1'), 'listening')
  })
  afterAll(() => void issuer.close())

  let n = 0
  async function start(keys: Key[]): Promise<Running> {
    served = keys
    reads = 0
    isDown = false
    Object.assign(process.env, {
      JWKS_URL: `http://127.0.0.1:${(issuer.address() as AddressInfo).port}/jwks.json`,
      JWT_ISSUER: ISSUER,
      JWT_AUDIENCE: 'app',
    })
    // Each time with a cache of its own
    load = files(`jwks-${n++}`, { 'authenticate.js': guide.get('jwks') ?? '' })
    return (running = await run(load, (deskbell) => (request, response) => void deskbell.listener(request, response)))
  }
  const visit = async (token: string, path = '/support_chat') =>
    (await fetch(`${running?.url}/support${path}`, { headers: { authorization: `Bearer ${token}` } })).status

  it('are who they are, by RS256 and EdDSA, and the keys are read once', async () => {
    const { url, errors } = await start([rsa, ed])
    for (const key of [rsa, ed, rsa, ed]) {
      expect(await visit(await signed(key))).toBe(200)
      expect(await visit(await signed(key, { role: 'support' }), '/admin/chats')).toBe(200)
      expect(await visit(await signed(key, { role: 'admin' }), '/admin/chats')).toBe(403)
    }
    // As browsers send it with a WebSocket
    const socket = await TestSocket.open(`${url.replace('http', 'ws')}/support/cable`, [
      V1,
      `anycable-token.${await signed(ed)}`,
    ])
    await socket.frame((f) => f.type === 'welcome')
    socket.close()
    expect(reads).toBe(1)
    expect(errors).toEqual([])
  })

  it('are nobody with a token that is not for this app, or not signed by the issuer’s keys', async () => {
    await start([rsa, ed])
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const claims = { sub: 'ada', iss: ISSUER, aud: 'app', exp: Math.floor(Date.now() / 1000) + 600 }
    const stranger = await keyOf('rsa-1', 'RS256')
    // The public key, taken as the secret of HS256
    const confused = async (secret: string) =>
      new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'rsa-1' }).sign(new TextEncoder().encode(secret))
    const tokens = {
      'another issuer': await signed(rsa, { iss: 'https://other.example' }),
      'another audience': await signed(rsa, { aud: 'other' }),
      'no audience': await signed(rsa, { aud: undefined }),
      'no subject': await signed(rsa, { sub: undefined }),
      'another key under the same kid': await signed(stranger),
      'a kid that nobody has': await signed({ ...rsa, kid: 'unknown' }),
      'no algorithm': `${part({ alg: 'none', kid: 'rsa-1' })}.${part(claims)}.`,
      'HS256 by the public key as JSON': await confused(JSON.stringify(rsa.jwk)),
      'HS256 by the public key’s modulus': await confused(rsa.jwk.n ?? ''),
      'the wrong algorithm for the kid': await signed({ ...ed, kid: 'rsa-1' }),
      nonsense: 'a.b.c',
    }
    for (const [what, token] of Object.entries(tokens)) expect([what, await visit(token)]).toEqual([what, 401])
    const old = new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'rsa-1' }).setExpirationTime('-1m')
    expect(await visit(await old.sign(rsa.privateKey))).toBe(401)
    expect(running?.errors).toEqual([])
  })

  it('are who they are after the issuer has changed its keys, and strangers cause no flood of reads', async () => {
    await start([rsa])
    expect(await visit(await signed(rsa))).toBe(200)
    const fresh = await keyOf('rsa-2', 'RS256')
    served = [fresh]
    for (let i = 0; i < 20; i++) expect(await visit(await signed({ ...rsa, kid: `guess-${i}` }))).toBe(401)
    expect(reads).toBe(1)
    // Past the pause between two reads, by the clock of `jose`
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 31_000 })
    try {
      expect(await visit(await signed(fresh))).toBe(200)
      expect(await visit(await signed(rsa))).toBe(401)
      expect(reads).toBe(2)
    } finally {
      vi.useRealTimers()
    }
  })

  it('stay connected while the issuer cannot be reached, and their requests fail without saying that they are signed out', async () => {
    const { url, errors, minute } = await start([rsa])
    const token = await signed(rsa)
    expect(await visit(token)).toBe(200)
    const begun = Date.now()
    // `jose` reads the keys again after ten minutes
    vi.useFakeTimers({ toFake: ['Date'], now: begun + 9.5 * 60_000 })
    try {
      const socket = await cable(url, { authorization: `Bearer ${token}` })
      await socket.frame((f) => f.type === 'welcome')
      isDown = true
      vi.setSystemTime(begun + 10.5 * 60_000)
      expect(await visit(token)).toBe(500)
      await minute(socket)
      expect(socket.closed).toBeUndefined()
      isDown = false
      expect(await visit(token)).toBe(200)
      socket.close()
    } finally {
      vi.useRealTimers()
    }
    expect(errors.length).toBeGreaterThan(0)
  })
})

// What bad HTTP input gets: a clear 4xx with a stable code, never a guess and never a 500.
import { createHmac, generateKeyPairSync, sign } from 'node:crypto'
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AUDIENCE } from '../../src/server/people/token.ts'
import { SECRET, startDesk, type Desk } from '../support/desk.ts'
import { stillClock } from '../support/still-clock.ts'

const SEND = '/support_chat/messages'
const READ = '/support_chat/mark_read'

let desk: Desk
let ada: string
let sam: string
let chat: string
beforeAll(async () => {
  desk = await startDesk({ allowedOrigins: ['https://app.example'] })
  sam = await desk.admin()
  ;({ token: ada, chatId: chat } = await desk.person('ada'))
})
afterAll(async () => {
  // Nothing here was a surprise to the server
  expect(desk.errors).toEqual([])
  await desk.stop()
})

const send = (body: unknown, headers: Record<string, string> = {}) => desk.call('POST', SEND, ada, body, headers)

describe('bodies', () => {
  it.each(['{', '{"content":', 'nonsense', '{"content":"a"}}', "{'content':'a'}", '\uFEFF'])(
    'answers broken JSON %j with 400',
    async (body) => {
      expect(await send(body)).toMatchObject({ status: 400, body: { code: 'invalid_json', status: 400 } })
    },
  )

  it('answers bytes that are no UTF-8 with 400', async () => {
    const bytes = Buffer.concat([Buffer.from('{"content":"'), Buffer.from([0xc3, 0x28]), Buffer.from('"}')])
    const response = await fetch(desk.url + SEND, {
      method: 'POST',
      headers: { authorization: `Bearer ${ada}`, 'content-type': 'application/json' },
      body: bytes,
    })
    expect([response.status, await response.json()]).toMatchObject([400, { code: 'invalid_json' }])
  })

  it('answers a body over the limit with 413, announced or not', async () => {
    const body = JSON.stringify({ content: 'x'.repeat(70_000) })
    expect(await send(body)).toMatchObject({ status: 413, body: { code: 'body_too_large' } })
    const response = await fetch(desk.url + SEND, {
      method: 'POST',
      headers: { authorization: `Bearer ${ada}`, 'content-type': 'application/json' },
      body: new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode(body))
          controller.close()
        },
      }),
      duplex: 'half',
    } as RequestInit)
    expect([response.status, await response.json()]).toMatchObject([413, { code: 'body_too_large' }])
  })

  it('lets a peer go that leaves in the middle of a body, and reports nothing', async () => {
    const socket = connect(desk.port, '127.0.0.1')
    const head = `POST ${SEND} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${ada}\r\ncontent-type: application/json\r\n`
    const asked = once(desk.server, 'request') as Promise<[IncomingMessage, ServerResponse]>
    socket.write(`${head}content-length: 500\r\n\r\n{"content":`)
    const [, response] = await asked
    const gone = once(response, 'close')
    socket.destroy()
    await gone
    expect((await desk.call('GET', '/healthz')).status).toBe(200)
    expect(desk.errors).toEqual([])
  })

  it.each(['text/plain', 'text/plain;charset=UTF-8', 'application/x-www-form-urlencoded', 'multipart/form-data', ''])(
    'answers JSON sent as %j with 415',
    async (type) => {
      const answer = await send('{"content":"hi"}', { 'content-type': type })
      expect(answer).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } })
    },
  )

  it('guesses no compression', async () => {
    const response = await fetch(desk.url + SEND, {
      method: 'POST',
      headers: { authorization: `Bearer ${ada}`, 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body: gzipSync('{"content":"hi"}'),
    })
    expect([response.status, await response.json()]).toMatchObject([400, { code: 'invalid_json' }])
  })

  it('takes a charset after application/json', async () => {
    expect((await send({ content: 'hi' }, { 'content-type': 'Application/JSON; charset=utf-8' })).status).toBe(201)
  })

  it.each([
    ['an operator', '{"content":{"$ne":null}}'],
    ['a number', '{"content":1}'],
    ['null', '{"content":null}'],
    ['a list', '{"content":["a"]}'],
    ['nothing', '{}'],
    ['no body', undefined],
    ['a list at the top', '[{"content":"a"}]'],
    ['a string at the top', '"content"'],
    ['null at the top', 'null'],
    ['__proto__', '{"content":"a","__proto__":{"role":"admin"}}'],
    ['constructor', '{"content":"a","constructor":{"prototype":{}}}'],
    ['a forged author', '{"content":"a","sender_type":"admin"}'],
    ['a forged seq', '{"content":"a","seq":1}'],
    ['a client_id operator', '{"content":"a","client_id":{"$gt":""}}'],
    ['a client_id with spaces', '{"content":"a","client_id":"a b"}'],
    ['a client_id too long', `{"content":"a","client_id":"${'x'.repeat(65)}"}`],
    ['an empty client_id', '{"content":"a","client_id":""}'],
    ['a client_id with a line break', '{"content":"a","client_id":"a\\n"}'],
    ['NUL', '{"content":"a\\u0000b"}'],
    ['a lone high surrogate', '{"content":"a\\ud83d"}'],
    ['a lone low surrogate', '{"content":"\\ude00a"}'],
  ])('answers a message with %s with 400', async (_what, body) => {
    expect(await send(body)).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
  })

  it.each([
    '',
    ' ',
    '\n\t\r ',
    '\u200b',
    '\u200b \ufeff\u2060\u00a0',
    '\u3000',
    '\u200e\u200f',
    '\u00ad\u2800',
    '\u202e\u2066',
    '\u3164\ufe0f',
    '\u0001\u007f',
  ])('answers the blank message %j with 422', async (content) => {
    expect(await send({ content })).toMatchObject({ status: 422, body: { code: 'blank' } })
  })

  it('takes 10,000 characters, and answers one more with 422', async () => {
    expect((await send({ content: 'x'.repeat(10_000) })).status).toBe(201)
    expect(await send({ content: 'x'.repeat(10_001) })).toMatchObject({ status: 422, body: { code: 'too_long' } })
  })

  it.each(['"10abc"', '"1"', '-1', '1.5', '1e999', '-1e999', '9007199254740993', 'null', '{"$gt":0}', '[1]', 'true'])(
    'answers up_to_seq %s with 400',
    async (seq) => {
      const answer = await desk.call('PATCH', READ, ada, `{"up_to_seq":${seq}}`)
      expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
    },
  )
})

describe('queries', () => {
  it.each(
    ['10abc', '1e999', '1e3', '-1', '1.5', '', ' 1', '0x10', 'NaN', '99999999999999999999', '%00', '{"$gt":0}'].flatMap(
      (value) => [`after=${value}`, `before=${value}`, `limit=${value}`],
    ),
  )('answers ?%s with 400', async (query) => {
    const answer = await desk.call('GET', `${SEND}?${query}`, ada)
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
  })

  it.each([
    ['9999-12-31T23:59:59-14:00', 0],
    ['9999-12-31T23:59:59.999Z', 0],
    ['1970-01-01T00:00:00Z', 1],
    ['1969-12-31T23:59:59Z', 1],
    ['0001-01-01T00:00:00%2B14:00', 1],
    ['0000-01-01T00:00:00Z', 1],
    ['0000-01-01T00:00:00%2B14:00', 1],
    ['2000-02-29T12:00:00.123456789-00:00', 1],
  ])('takes ?since=%s as far away', async (since, found) => {
    await send({ content: 'hi' })
    const { status, body } = await desk.call('GET', `${SEND}?since=${since}&limit=1`, ada)
    expect([status, (body['messages'] as unknown[]).length]).toEqual([200, found])
  })

  it.each([
    '2026-06-30T23:59:60Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:00:00%2B00:00:60',
    '2026-01-01T00:00:00%2B24:00',
    '-000001-01-01T00:00:00Z',
    '%2B010000-01-01T00:00:00Z',
    '1795358636',
  ])('answers ?since=%s with 400', async (since) => {
    expect((await desk.call('GET', `${SEND}?since=${since}`, ada)).status).toBe(400)
  })

  it.each(['limit=0', 'limit=1001', 'since=yesterday', 'since=2026-02-30T00:00:00Z', 'since=2026-01-01', 'since='])(
    'answers ?%s with 400',
    async (query) => {
      expect((await desk.call('GET', `${SEND}?${query}`, ada)).status).toBe(400)
    },
  )

  const forged = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  it.each([
    'x',
    '%',
    '',
    forged({ key: 'a', id: 'b' }),
    forged(['a']),
    forged([1, 2]),
    forged(['a', 'b', 'c']),
    forged([{ $gt: '' }, 'x']),
    forged(['a\0', 'b']),
    forged(['\ud800', 'b']),
    Buffer.from([0x5b, 0xff, 0x5d]).toString('base64url'),
    'a'.repeat(1001),
  ])('answers the forged cursor %j with 400', async (cursor) => {
    const answer = await desk.call('GET', `/admin/chats?cursor=${encodeURIComponent(cursor)}`, sam)
    expect(answer).toMatchObject({ status: 400, body: { code: 'invalid_request' } })
  })

  it.each(['archived=maybe', 'archived=1', 'limit=0', 'limit=201', 'limit=-1', 'q=%00', `q=${'x'.repeat(321)}`])(
    'answers the list with ?%s with 400',
    async (query) => {
      expect((await desk.call('GET', `/admin/chats?${query}`, sam)).status).toBe(400)
    },
  )
})

describe('a page address', () => {
  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    '//evil.example',
    'https:',
    `https://x.example/${'y'.repeat(2000)}`,
  ])('of %j is left out', async (page) => {
    const { token } = await desk.person('pager')
    expect((await desk.call('GET', `/support_chat?page=${encodeURIComponent(page)}`, token)).status).toBe(200)
    expect((await desk.store.findPerson('pager'))?.page_url).toBeNull()
  })
})

describe('chats and methods', () => {
  const GHOST = '01950000-0000-7000-8000-000000000000'

  it('answers unknown chats with 404, always in the same bytes', async () => {
    const answers = await Promise.all(
      [GHOST, 'x', '1', GHOST.slice(1), `${GHOST}0`, '%00', '..%2f..', "'%20OR%201=1--", '__proto__'].flatMap((id) => [
        desk.call('GET', `/admin/chats/${id}`, sam),
        desk.call('GET', `/admin/chats/${id}/messages`, sam),
        desk.call('POST', `/admin/chats/${id}/messages`, sam, { content: 'hi' }),
        desk.call('POST', `/admin/chats/${id}/archive`, sam),
      ]),
    )
    expect(new Set(answers.map((a) => a.status))).toEqual(new Set([404]))
    expect(new Set(answers.map((a) => a.text)).size).toBe(1)
  })

  it('tells a user the same of a chat that exists as of one that does not, for every staff route', async () => {
    for (const [method, rest] of [
      ['GET', ''],
      ['GET', '/messages'],
      ['POST', '/messages'],
      ['POST', '/archive'],
      ['POST', '/unarchive'],
      ['POST', '/mark_viewed'],
    ] as const) {
      const of = (id: string) => desk.call(method, `/admin/chats/${id}${rest}`, ada, method === 'POST' ? {} : undefined)
      const [own, ghost] = [await of(chat), await of(GHOST)]
      expect([own.status, own.body]).toMatchObject([403, { code: 'forbidden' }])
      expect([ghost.status, ghost.text]).toEqual([own.status, own.text])
    }
    expect((await desk.call('GET', '/admin/chats', ada)).status).toBe(403)
    expect((await desk.call('GET', '/admin/unread_count', ada)).status).toBe(403)
  })

  it('gives staff no chat of their own', async () => {
    expect((await desk.call('GET', '/support_chat', sam)).status).toBe(403)
    expect((await desk.call('POST', SEND, sam, { content: 'hi' })).status).toBe(403)
  })

  it.each([
    ['DELETE', '/support_chat', 'GET, HEAD, OPTIONS'],
    ['PUT', SEND, 'GET, HEAD, POST, OPTIONS'],
    ['POST', READ, 'PATCH, OPTIONS'],
    ['DELETE', '/admin/chats', 'GET, HEAD, OPTIONS'],
    ['GET', '/admin/chats/x/archive', 'POST, OPTIONS'],
    ['PATCH', '/admin/chats/x', 'GET, HEAD, OPTIONS'],
    ['POST', '/healthz', 'GET, HEAD, OPTIONS'],
    ['DELETE', '/unsubscribe', 'GET, HEAD, POST, OPTIONS'],
  ])('answers %s %s with 405 and what is allowed', async (method, path, allow) => {
    const { status, body, headers } = await desk.call(method, path, sam)
    expect([status, body['code'], headers.get('allow')]).toEqual([405, 'method_not_allowed', allow])
    const asked = await desk.call('OPTIONS', path, sam)
    expect([asked.status, asked.headers.get('allow')]).toEqual([204, allow])
  })

  it('answers HEAD as GET, without the body, and only where GET is allowed', async () => {
    const head = async (path: string) => {
      const response = await fetch(desk.url + path, { method: 'HEAD', headers: { authorization: `Bearer ${sam}` } })
      return [response.status, await response.text()]
    }
    expect(await head('/admin/chats')).toEqual([200, ''])
    expect(await head('/healthz')).toEqual([200, ''])
    expect(await head('/admin/chats/x/archive')).toEqual([405, ''])
  })

  it('answers unknown paths with a 404 problem', async () => {
    for (const path of ['/nothing', '/admin', '/admin/', '/support_chat/x', '/dashboard/assets/../../package.json']) {
      const { status, body, headers } = await desk.call('GET', path, sam)
      expect([status, body['code']]).toEqual([404, 'not_found'])
      expect(headers.get('content-type')).toBe('application/problem+json')
    }
  })
})

describe('tokens', () => {
  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const soon = () => Math.floor(Date.now() / 1000) + 600
  const claims = (more: object = {}) => ({
    sub: 'ada',
    email: 'ada@example.com',
    aud: AUDIENCE.user,
    exp: soon(),
    ...more,
  })
  const hs256 = (header: object, body: object, secret = SECRET, hash = 'sha256') => {
    const head = `${part(header)}.${part(body)}`
    return `${head}.${createHmac(hash, secret).update(head).digest('base64url')}`
  }
  const signed = (body: object) => hs256({ alg: 'HS256' }, body)
  const visit = (token: string) => desk.call('GET', '/support_chat', token)

  it('takes one that is right, so that the others prove something', async () => {
    expect((await visit(signed(claims()))).status).toBe(200)
  })

  it('asks those without one to sign in', async () => {
    expect(await desk.call('GET', '/support_chat')).toMatchObject({ status: 401, body: { code: 'unauthorized' } })
  })

  it.each<[string, () => string]>([
    ['alg none', () => `${part({ alg: 'none' })}.${part(claims())}.`],
    ['alg None with a signature', () => hs256({ alg: 'None' }, claims())],
    ['HS512', () => hs256({ alg: 'HS512' }, claims(), SECRET, 'sha512')],
    [
      'RS256 by a key of its own',
      () => {
        const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
        const head = `${part({ alg: 'RS256', jwk: publicKey.export({ format: 'jwk' }) })}.${part(claims())}`
        return `${head}.${sign('sha256', Buffer.from(head), privateKey).toString('base64url')}`
      },
    ],
    ['no sub', () => signed(claims({ sub: undefined }))],
    ['an empty sub', () => signed(claims({ sub: '' }))],
    ['a sub that is an object', () => signed(claims({ sub: { $ne: null } }))],
    ['a sub with NUL', () => signed(claims({ sub: 'a\0' }))],
    ['no exp', () => signed(claims({ exp: undefined }))],
    ['another audience', () => signed(claims({ aud: 'another-app' }))],
    ['no audience', () => signed(claims({ aud: undefined }))],
    ['the audience of the unsubscribe link', () => signed(claims({ aud: AUDIENCE.unsubscribe }))],
    ['the audience of a session', () => signed(claims({ aud: AUDIENCE.session }))],
    ['nonsense', () => 'nonsense'],
    ['dots', () => '..'],
  ])('answers one with %s with 401', async (_what, make) => {
    expect(await visit(make())).toMatchObject({ status: 401, body: { code: 'token_invalid' } })
  })

  it.each<[string, () => string]>([
    ['no signature', () => signed(claims()).replace(/[^.]+$/, '')],
    ['another secret', () => hs256({ alg: 'HS256' }, claims(), 'x'.repeat(40))],
    [
      'claims changed after signing',
      () => {
        const [head, , signature] = signed(claims()).split('.')
        return `${head}.${part(claims({ sub: 'bob' }))}.${signature}`
      },
    ],
  ])('answers one with %s with 401 token_signature', async (_what, make) => {
    expect(await visit(make())).toMatchObject({ status: 401, body: { code: 'token_signature' } })
  })

  it('answers an expired one with 401 token_expired', async () => {
    expect(await visit(signed(claims({ exp: soon() - 1200 })))).toMatchObject({
      status: 401,
      body: { code: 'token_expired' },
    })
  })

  it.each([{ role: 'admin' }, { admin: true }, { is_admin: true }, { sender_type: 'admin' }, { scope: 'admin' }])(
    'keeps a user with the claim %j a user',
    async (claim) => {
      const token = signed(claims(claim))
      expect((await desk.call('GET', '/admin/chats', token)).status).toBe(403)
      const sent = await desk.call('POST', SEND, token, { content: 'hi' })
      expect(sent.body['sender_type']).toBe('user')
    },
  )

  it('shows nothing of its inside in any refusal', async () => {
    for (const token of ['nonsense', signed(claims({ sub: undefined }))]) {
      expect((await visit(token)).text).not.toMatch(/at .*\.ts|node_modules|jose|zod|JWS|stack/i)
    }
  })

  it('is not read from the query of a plain request', async () => {
    expect((await desk.call('GET', `/support_chat?jid=${ada}&token=${ada}`)).status).toBe(401)
  })
})

describe('other sites', () => {
  it('may not post with a cookie of ours', async () => {
    const cookied = await startDesk({
      allowedOrigins: ['https://app.example'],
      authenticate: async (request) =>
        request.headers.get('cookie') === 'sid=ada'
          ? { id: 'ada', role: 'user', email: 'ada@example.com', name: null, expiresAt: null }
          : null,
    })
    try {
      const post = (headers: Record<string, string>) =>
        cookied.call('POST', SEND, undefined, { content: 'hi' }, { cookie: 'sid=ada', ...headers })
      for (const headers of [
        { origin: 'https://evil.example' },
        { origin: 'null' },
        { origin: 'https://app.example.evil.example' },
        { origin: 'http://app.example' },
        { origin: 'https://app.example:444' },
        { 'sec-fetch-site': 'cross-site' },
      ]) {
        expect(await post(headers)).toMatchObject({ status: 403, body: { code: 'forbidden_origin' } })
      }
      expect(await cookied.store.findChatOf('ada')).toBeUndefined()
      expect((await post({ origin: 'https://app.example' })).status).toBe(201)
      expect((await post({})).status).toBe(201)
      expect((await cookied.call('GET', '/support_chat')).status).toBe(401)
    } finally {
      await cookied.stop()
    }
  })

  it('are let read answers only when they are on the list', async () => {
    const allowed = async (origin: string) =>
      (await desk.call('GET', '/support_chat', ada, undefined, { origin })).headers.get('access-control-allow-origin')
    expect(await allowed('https://app.example')).toBe('https://app.example')
    expect(await allowed('https://evil.example')).toBeNull()
    expect(await allowed('null')).toBeNull()
    const preflight = await desk.call('OPTIONS', SEND, undefined, undefined, { origin: 'https://evil.example' })
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull()
  })
})

describe('floods', () => {
  it('are answered with 429 and when to come back, per person, whatever X-Forwarded-For says', async () => {
    const slow = await startDesk({ rateLimit: { perSecond: 0.1, burst: 5 }, clock: stillClock() })
    try {
      const bob = await slow.user('bob')
      const answers = []
      for (let i = 0; i < 8; i++) {
        const headers = { 'x-forwarded-for': `10.0.0.${i}`, 'x-real-ip': `10.0.0.${i}`, forwarded: `for=10.0.0.${i}` }
        answers.push(await slow.call('POST', SEND, bob, { content: 'hi' }, headers))
      }
      expect(answers.map((a) => a.status)).toEqual([201, 201, 201, 201, 201, 429, 429, 429])
      const last = answers.at(-1)
      expect(last?.body['code']).toBe('rate_limited')
      const wait = Number(last?.headers.get('retry-after'))
      expect(wait).toBeGreaterThanOrEqual(1)
      expect(wait).toBeLessThanOrEqual(10)
      expect((await slow.call('POST', SEND, await slow.user('cid'), { content: 'hi' })).status).toBe(201)
    } finally {
      await slow.stop()
    }
  })

  it('of reads are answered with 429, for that person alone', async () => {
    const still = await startDesk({ clock: stillClock() })
    try {
      const [mal, bob] = [await still.user('mal'), await still.user('bob')]
      const read = (token: string) => still.call('GET', '/support_chat/unread', token)
      const answers: Awaited<ReturnType<typeof read>>[] = []
      for (let n = 0; n < 11; n++) answers.push(...(await Promise.all(Array.from({ length: 100 }, () => read(mal)))))
      expect(answers.slice(0, 1_000).every(({ status }) => status === 200)).toBe(true)
      const refused = answers.slice(1_000)
      expect(refused.map(({ status, headers }) => [status, headers.get('retry-after')])).toEqual(
        Array(100).fill([429, '1']),
      )
      expect((await read(bob)).status).toBe(200)
    } finally {
      await still.stop()
    }
  })

  it('of headers are refused', async () => {
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(desk.port, '127.0.0.1')
      let text = ''
      socket.on('data', (chunk: Buffer) => (text += chunk.toString()))
      socket.on('error', () => undefined)
      socket.on('close', () => resolve(text))
      socket.write(`GET /healthz HTTP/1.1\r\nhost: x\r\n`)
      for (let i = 0; i < 100; i++) socket.write(`x-${i}: ${'y'.repeat(1000)}\r\n`)
      socket.write('\r\n')
    })
    expect(answer).toMatch(/^HTTP\/1\.1 431 /)
    expect((await desk.call('GET', '/healthz')).status).toBe(200)
  })

  it('of odd requests do not shake it', async () => {
    const raw = (text: string) =>
      new Promise<string>((resolve) => {
        const socket = connect(desk.port, '127.0.0.1', () => socket.write(text))
        let answer = ''
        socket.setTimeout(60_000, () => socket.destroy())
        socket.on('data', (chunk: Buffer) => (answer += chunk.toString()))
        socket.on('error', () => undefined)
        socket.on('close', () => resolve(answer))
      })
    const tail = 'connection: close\r\n\r\n'
    for (const text of [
      `GET // HTTP/1.1\r\nhost: x\r\n${tail}`,
      `GET /%ff%fe HTTP/1.1\r\nhost: x\r\n${tail}`,
      `GET /admin/chats/%E0%A4%A HTTP/1.1\r\nhost: x\r\n${tail}`,
      `GET / HTTP/1.1\r\nhost: a b\r\n${tail}`,
      `GET / HTTP/1.1\r\nhost: \r\n${tail}`,
      `POST ${SEND} HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n${tail}`,
      'nonsense\r\n\r\n',
    ]) {
      expect(await raw(text)).toMatch(/^HTTP\/1\.1 4\d\d /)
    }
    const upgrade = `upgrade: websocket\r\nconnection: Upgrade\r\n\r\n`
    for (const path of ['//', '/%', '/cable', '/ws/chat?after=1e9', '/nothing']) {
      expect(await raw(`GET ${path} HTTP/1.1\r\nhost: x\r\n${upgrade}`)).toMatch(/^(HTTP\/1\.1 4\d\d |$)/)
    }
    expect((await desk.call('GET', '/healthz')).status).toBe(200)
  })
})

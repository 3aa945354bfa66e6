// The chat in somebody's server: at any path, beside whatever else is there, and what it says where that is not as it was told.
import { once } from 'node:events'
import { createServer, type IncomingMessage, request as sendRequest, type Server } from 'node:http'
import { connect as connectHttp2, createServer as createHttp2Server } from 'node:http2'
import { connect, type AddressInfo } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createDeskbell, sqliteStore, type Deskbell, type DeskbellOptions, type Store } from '../../src/entries/node.ts'
import { SECRET, until } from '../support/desk.ts'
import { refusal, TestSocket, V1 } from '../support/socket.ts'

let store: Store
let errors: unknown[]
const closing: (() => unknown)[] = []
beforeEach(async () => {
  store = await sqliteStore(':memory:')
  errors = []
})
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
  await store.close()
})

function chat(options: Partial<DeskbellOptions> = {}): Deskbell {
  const mailer = { send: async () => undefined }
  const onError = (error: unknown): void => void errors.push(error)
  const deskbell = createDeskbell({
    store,
    mailer,
    secret: SECRET,
    publicUrl: 'https://example.com/support',
    onError,
    ...options,
  })
  closing.push(() => deskbell.close())
  return deskbell
}

async function listen(server: Server | ReturnType<typeof createHttp2Server>): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening')
  closing.push(() => {
    if ('closeAllConnections' in server) server.closeAllConnections()
    return new Promise((resolve) => server.close(resolve))
  })
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

const token = (deskbell: Deskbell): Promise<string> =>
  deskbell.tokens.sign({ sub: 'ada', email: 'ada@example.com' }, { audience: 'deskbell', expiresIn: 600 })

it('serves files of the host that come from another server', async () => {
  const files = await listen(createServer((_request, response) => response.end('a file')))
  const deskbell = chat({ assets: async (path) => (path === '/file' ? fetch(`http://${files}`) : undefined) })
  const answer = await deskbell.fetch(new Request('https://example.com/support/file'))
  expect([answer.status, await answer.text(), errors]).toEqual([200, 'a file', []])
  expect(answer.headers.get('x-content-type-options')).toBe('nosniff')
})

describe('the path', () => {
  it.each([
    ['https://example.com/support', undefined, '/support'],
    ['https://example.com/support/', undefined, '/support'],
    ['https://example.com', undefined, ''],
    ['https://example.com/', undefined, ''],
    ['https://example.com/a/b', '/b', '/b'],
    ['https://example.com/a', '', ''],
    ['https://example.com', 'help/', '/help'],
    ['https://example.com/hilfe/%C3%BCber%20uns', undefined, '/hilfe/über uns'],
  ])('of %s, with %j as basePath, is %j', async (publicUrl, basePath, expected) => {
    const deskbell = chat({ publicUrl, ...(basePath === undefined ? {} : { basePath }) })
    expect(deskbell.basePath).toBe(expected)
    const at = async (path: string) => (await deskbell.fetch(new Request(`http://localhost${path}`))).status
    expect(await at(`${encodeURI(expected)}/support_chat`)).toBe(401)
    expect(await at(`${encodeURI(expected)}/nowhere`)).toBe(404)
    expect(deskbell.socketPaths).toContain(`${encodeURI(expected)}/cable`)
  })

  it('must be a path, and publicUrl a URL', () => {
    expect(() => chat({ basePath: '/support?x' })).toThrow('basePath must be a path such as /support, not "/support?x"')
    expect(() => chat({ publicUrl: 'example.com' })).toThrow(
      'publicUrl must be a URL such as https://example.com/support, not "example.com"',
    )
  })

  it.each([undefined, '', 'short', [], ['x'.repeat(32), undefined]])(
    'and the secret %j is refused in words',
    (secret) => {
      expect(() => chat({ secret: secret as string })).toThrow(
        /^secret needs at least 32 characters: is DESKBELL_SECRET/,
      )
    },
  )

  it('may be cut off, by a proxy or a framework', async () => {
    const deskbell = chat()
    const http = await listen(createServer(deskbell.listener).on('upgrade', deskbell.upgrade))
    for (const path of ['', '/support']) {
      expect((await fetch(`http://${http}${path}/support_chat`)).status).toBe(401)
      expect((await fetch(`http://${http}${path}/widget.js`)).status).toBe(200)
      const socket = await TestSocket.open(`ws://${http}${path}/cable?jid=${await token(deskbell)}`, [V1])
      socket.close()
    }
    expect(errors).toEqual([])
  })

  it('is named where a request comes for another, and the host is told once', async () => {
    const deskbell = chat()
    const http = await listen(createServer(deskbell.listener).on('upgrade', deskbell.upgrade))
    const detail = async (path: string) =>
      ((await (await fetch(`http://${http}${path}`)).json()) as { detail?: string }).detail
    expect(await detail('/favicon.ico')).toBe('Deskbell is mounted at /support, and this request is for /favicon.ico')
    expect(errors).toEqual([])
    expect(await detail('/support/nowhere')).toBeUndefined()
    expect(await detail('/chat/support_chat?jid=secret')).toBe(
      'Deskbell is mounted at /support, and this request is for /chat/support_chat',
    )
    expect(await detail(`/${'x'.repeat(500)}/widget.js`)).toMatch(/for \/x{99}…$/)
    const { status, body } = await refusal(`ws://${http}/chat/cable?jid=${await token(deskbell)}`)
    expect([status, body]).toEqual([
      404,
      expect.stringContaining('mounted at /support, and this request is for /chat/cable"'),
    ])
    expect(errors.map(String)).toEqual([
      expect.stringMatching(/^Error: A request came for \/chat\/support_chat, but Deskbell is set up for \/support\./),
    ])
  })

  it('is no matter for the host when strangers try paths, and the chat itself is found', async () => {
    const deskbell = chat()
    const http = await listen(createServer(deskbell.listener).on('upgrade', deskbell.upgrade))
    const ask = (path: string, method = 'GET') => fetch(`http://${http}${path}`, { method, redirect: 'manual' })
    for (const path of ['/wp-admin/', '/support/']) await ask(path)
    await ask('/support/healthz', 'PUT')
    expect(errors).toEqual([])
    for (const path of ['/x/support_chat', '/chat/widget.js']) expect((await ask(path)).status).toBe(404)
    await refusal(`ws://${http}/chat/cable`)
    expect(errors).toEqual([])
  })

  it('is named where the chat is at the root, and pages look elsewhere for it', async () => {
    const deskbell = chat({ publicUrl: 'https://example.com' })
    const answer = await deskbell.fetch(new Request('http://localhost/support/widget.js'))
    expect(await answer.json()).toMatchObject({
      detail: 'Deskbell is mounted at /, and this request is for /support/widget.js',
    })
    expect(String(errors)).toContain('A request came for /support/widget.js, but Deskbell is set up for /.')
  })
})

describe('what is not its own', () => {
  it('goes on untouched, at the root too, and after the chat has stopped', async () => {
    const deskbell = chat({ publicUrl: 'https://example.com' })
    const http = await listen(
      createServer((request, response) => {
        void deskbell.listener(request, response, () => request.pipe(response.writeHead(201)))
      }),
    )
    const post = (path: string) => fetch(`http://${http}${path}`, { method: 'POST', body: 'a body '.repeat(50_000) })
    expect(await (await post('/own')).text()).toBe('a body '.repeat(50_000))
    await deskbell.close()
    expect((await post('/own')).status).toBe(201)
    expect((await fetch(`http://${http}/support_chat`)).status).toBe(503)
  })

  it('goes on to the next of two chats, sockets too', async () => {
    const first = chat()
    const second = chat({ publicUrl: 'https://example.com/sales' })
    const http = await listen(
      createServer((request, response) => {
        void first.listener(request, response, () => void second.listener(request, response))
      })
        .on('upgrade', first.upgrade)
        .on('upgrade', second.upgrade),
    )
    for (const path of ['/support', '/sales']) {
      expect((await fetch(`http://${http}${path}/support_chat`)).status).toBe(401)
      const socket = await TestSocket.open(`ws://${http}${path}/cable?jid=${await token(first)}`, [V1])
      socket.close()
    }
    // Nobody opens it, and it does not stay open for good
    expect((await refusal(`ws://${http}/nowhere`)).status).toBe(404)
  })

  it('is left to other listeners of upgrades, and refused where there are none', async () => {
    const deskbell = chat()
    const server = createServer(deskbell.listener).on('upgrade', deskbell.upgrade)
    const http = await listen(server)
    expect((await refusal(`ws://${http}/hot`)).status).toBe(404)
    server.on('upgrade', (_request, socket) => setTimeout(() => socket.end('HTTP/1.1 418 Other\r\n\r\n'), 50))
    for (const path of ['/hot', '/cable', '/support', '/support/nowhere', '//support/cable'])
      expect((await refusal(`ws://${http}${path}`)).status).toBe(418)
    expect(errors).toEqual([])
  })

  it('is left alone although its head is odd', async () => {
    const deskbell = chat()
    const server = createServer(deskbell.listener).on('upgrade', deskbell.upgrade)
    server.on('upgrade', (_request, socket) => socket.end('HTTP/1.1 418 Other\r\n\r\n'))
    const [host = '', port = ''] = (await listen(server)).split(':')
    const socket = connect(Number(port), host, () =>
      socket.write('GET /hot HTTP/1.1\r\nHost: not a host\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n'),
    )
    let answer = ''
    socket.on('data', (bytes) => (answer += bytes.toString()))
    await until(() => answer.startsWith('HTTP/1.1 418'))
    socket.destroy()
  })
})

describe('a body that was read before', () => {
  it('is refused where it is gone, with the cure', async () => {
    const deskbell = chat()
    const http = await listen(
      createServer((request, response) => {
        request.resume().on('end', () => void deskbell.listener(request, response))
      }),
    )
    const headers = { authorization: `Bearer ${await token(deskbell)}`, 'content-type': 'application/json' }
    const send = (init: RequestInit) => fetch(`http://${http}/support/support_chat/messages`, { headers, ...init })
    const answer = await send({ method: 'POST', body: '{"content":"hi"}' })
    expect([answer.status, await answer.json()]).toEqual([
      400,
      expect.objectContaining({
        code: 'invalid_request',
        detail: expect.stringContaining('mount Deskbell before') as string,
      }),
    ])
    expect((await send({})).status).toBe(200)
    expect(errors).toEqual([])
  })

  it('is refused where a web-standard request comes without it', async () => {
    const deskbell = chat()
    const request = new Request('http://localhost/support/support_chat/messages', {
      method: 'POST',
      body: '{"content":"hi"}',
      headers: { authorization: `Bearer ${await token(deskbell)}`, 'content-type': 'application/json' },
    })
    await request.text()
    const answer = await deskbell.fetch(request)
    expect([answer.status, ((await answer.json()) as { detail: string }).detail]).toEqual([
      400,
      expect.stringContaining('mount Deskbell before'),
    ])
  })

  it('may be cut short by its sender, without a fault', async () => {
    const deskbell = chat()
    let ended = 0
    const http = await listen(
      createServer((request, response) => {
        void deskbell.listener(request, response, () => undefined)
        response.on('close', () => ended++)
      }),
    )
    const headers = {
      authorization: `Bearer ${await token(deskbell)}`,
      'content-type': 'application/json',
      'content-length': 100,
    }
    const request = sendRequest(`http://${http}/support/support_chat/messages`, { method: 'POST', headers })
    request.on('error', () => undefined)
    request.write('{"content"', () => request.destroy())
    await until(() => ended === 1)
    expect(errors).toEqual([])
  })
})

describe('WebSockets that the host does not pass on', () => {
  const upgrade = { connection: 'upgrade', upgrade: 'websocket' }
  const ask = async (http: string) => {
    const request = sendRequest(`http://${http}/support/cable`, { headers: upgrade }).end()
    const [response] = (await once(request, 'response')) as [IncomingMessage]
    return [response.statusCode, (await response.toArray()).join('')]
  }

  it('are refused in words, also where the host has more to offer, and the host is told once', async () => {
    const deskbell = chat()
    const http = await listen(createServer((i, o) => void deskbell.listener(i, o, () => o.writeHead(418).end())))
    for (let n = 0; n < 2; n++) expect(await ask(http)).toEqual([404, expect.stringContaining("server.on('upgrade'")])
    expect(errors.map(String)).toEqual([expect.stringContaining("server.on('upgrade', deskbell.upgrade)")])
  })

  it('are no fault where upgrades come in both ways', async () => {
    const deskbell = chat()
    const server = createServer(deskbell.listener)
    // As a server does that offers upgrades to its routes first
    server.on(
      'upgrade',
      (incoming) =>
        void deskbell.fetch(new Request('http://localhost/support/cable', { headers: upgrade }), { incoming }),
    )
    const http = await listen(server.on('upgrade', deskbell.upgrade))
    const socket = await TestSocket.open(`ws://${http}/support/cable?jid=${await token(deskbell)}`, [V1])
    socket.close()
    expect(errors).toEqual([])
  })
})

it('scripts are sent plain where something between may drop the header that says how they are encoded', async () => {
  const headers = { 'accept-encoding': 'gzip, br' }
  const answer = await chat().fetch(new Request('http://localhost/support/widget.js', { headers }))
  expect(answer.headers.get('content-encoding')).toBeNull()
  expect(await answer.text()).toContain('deskbell-chat')
})

it('what runtimes hand over beside a request is no address, and no path', async () => {
  const deskbell = chat()
  for (const context of [{ address: { port: 3000 } }, { params: Promise.resolve({}) }, { mountedAt: 7 }, null, 'x']) {
    const answer = await deskbell.fetch(new Request('http://localhost/support/support_chat'), context)
    expect(answer.status).toBe(401)
  }
  expect(errors).toEqual([])
})

it('HTTP/2 carries requests, pages and event streams', async () => {
  const deskbell = chat()
  const session = connectHttp2(`http://${await listen(createHttp2Server(deskbell.listener))}`)
  closing.push(() => session.destroy())
  const authorization = `Bearer ${await token(deskbell)}`
  const ask = (path: string, body?: string) => {
    const stream = session.request({
      ':path': `/support${path}`,
      ':method': body === undefined ? 'GET' : 'POST',
      authorization,
      'content-type': 'application/json',
    })
    const seen = { status: 0, text: '', close: () => stream.close() }
    stream.on('response', (headers) => (seen.status = Number(headers[':status'])))
    stream.on('data', (bytes: Buffer) => (seen.text += bytes.toString()))
    stream.end(body)
    return seen
  }
  const widget = ask('/widget.js')
  const events = ask('/support_chat/events')
  await until(() => events.text.startsWith(':'))
  const sent = ask('/support_chat/messages', '{"content":"by HTTP/2"}')
  await until(() => events.text.includes('by HTTP/2') && widget.status > 0 && sent.status > 0)
  expect([widget.status, events.status, sent.status]).toEqual([200, 200, 201])
  events.close()
})

// What strangers, other sites and a host's own faults may do at the door.
import { connect } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { SignJWT } from 'jose'
import { Origins } from '../../src/server/http/origins.ts'
import { openConnections, SECRET, startDesk, until, type Desk } from '../support/desk.ts'
import { refusal } from '../support/socket.ts'

let desk: Desk
beforeEach(async () => {
  desk = await startDesk()
})
afterEach(() => desk.stop())

/** The status line that a raw request gets */
function ask(head: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(desk.port, '127.0.0.1', () => socket.write(`${head.join('\r\n')}\r\n\r\n`))
    socket.once('data', (data) => {
      resolve(data.toString().split('\r\n')[0] ?? '')
      socket.destroy()
    })
    socket.on('error', reject)
  })
}
const upgrade = (target: string, ...headers: string[]): string[] => [
  `GET ${target} HTTP/1.1`,
  `Host: 127.0.0.1:${desk.port}`,
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==',
  ...headers,
]

it('the server outlives a peer that resets after it was refused', async () => {
  const before = await openConnections(desk)
  for (let n = 0; n < 20; n++) {
    await new Promise<void>((resolve) => {
      const socket = connect({ port: desk.port, host: '127.0.0.1', allowHalfOpen: true }, () =>
        socket.write(`${upgrade('/nope').join('\r\n')}\r\n\r\n`),
      )
      socket.once('data', () => {
        socket.resetAndDestroy()
        resolve()
      })
    })
  }
  await until(async () => (await openConnections(desk)) <= before)
  expect((await desk.call('GET', '/healthz')).status).toBe(200)
})

it.each([
  ['another version', 'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Version: 12'],
  ['a short key', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==', 'Sec-WebSocket-Key: short'],
  ['no key', 'Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==', 'X-Nothing: 1'],
  ['another protocol', 'Upgrade: websocket', 'Upgrade: h2c'],
  ['an empty subprotocol', 'X-Nothing: 1', 'Sec-WebSocket-Protocol: a,,b'],
])('the server refuses a handshake with %s', async (_what, from, to) => {
  const token = await desk.user('ada')
  const head = upgrade(`/cable?jid=${token}`, 'X-Nothing: 1').map((line) => (line === from ? to : line))
  expect(await ask(head)).toMatch(/^HTTP\/1\.1 4\d\d /)
  expect((await desk.call('GET', '/healthz')).status).toBe(200)
})

it('the server takes no host name out of the path', async () => {
  const token = await desk.user('ada')
  const line = await ask(upgrade(`//evil.example/cable?jid=${token}`, 'Origin: http://evil.example'))
  expect(line).toMatch(/ 40[34] /)
})

it('the server makes nobody an admin by an audience of the host’s own', async () => {
  const token = await new SignJWT({ email: 'eve@example.com' })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject('eve')
    .setAudience(['deskbell', 'my-api'])
    .setExpirationTime('1m')
    .sign(new TextEncoder().encode(SECRET))
  expect((await desk.call('GET', '/support_chat', token)).status).toBe(200)
  expect((await desk.call('GET', '/admin/chats', token)).status).toBe(403)
})

describe('origins', () => {
  it('refuses what is none, instead of allowing the origin `null`', () => {
    expect(() => new Origins(['localhost:3000'])).toThrow(/origin/)
    expect(() => new Origins(['app.example.com'])).toThrow(/origin/)
    const app = new Origins(['capacitor://localhost', 'https://app.example.com/some/page'])
    expect(app.allows('null')).toBe(false)
    expect(app.allows('capacitor://localhost')).toBe(true)
    expect(app.allows('https://app.example.com')).toBe(true)
  })

  it('lets no foreign page mark a chat viewed by merely showing it', async () => {
    const { chatId } = await desk.person('ada')
    const admin = await desk.admin()
    for (const site of ['cross-site', 'same-site']) {
      const { status } = await desk.call('GET', `/admin/chats/${chatId}`, admin, undefined, { 'sec-fetch-site': site })
      expect(status).toBe(403)
    }
  })
})

it('the server does not turn a fault of the host’s sessions into a refusal for good', async () => {
  await desk.stop()
  desk = await startDesk({
    authenticate: () => Promise.reject(new Error('the session store is away')),
  })
  expect((await refusal(`${desk.wsUrl}/cable`)).status).toBe(500)
  expect(desk.errors).toHaveLength(1)
})

it('the server tells a host whose identity has the wrong shape, and keeps it out of the batch', async () => {
  await desk.stop()
  desk = await startDesk({
    authenticate: async () => JSON.parse('{"id":{"$ne":7},"role":"user","email":"a@example.com"}') as never,
  })
  expect((await desk.call('GET', '/support_chat')).status).toBe(500)
  expect(String(desk.errors[0])).toContain('id')
})

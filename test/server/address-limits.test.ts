// What one network address may take up, and that nobody gets around it by a header.
import { afterEach, describe, expect, it } from 'vitest'
import type { DeskbellOptions } from '../../src/entries/node.ts'
import { startDesk, type Desk } from '../support/desk.ts'
import { TestStream } from '../support/event-stream.ts'
import { refusal, TestSocket, V1 } from '../support/socket.ts'
import { stillClock } from '../support/still-clock.ts'

let desk: Desk
afterEach(() => desk.stop())

const PLENTY = { perSecond: 1_000, burst: 1_000 }
const start = async (limits: Partial<DeskbellOptions['addressLimits']>, options: Partial<DeskbellOptions> = {}) => {
  desk = await startDesk({
    addressLimits: { connections: 1_000, upgrades: PLENTY, failures: PLENTY, ...limits },
    ...options,
  })
}
const from = (address: string) => ({ headers: { 'x-forwarded-for': address } })
const cable = (token: string, options = {}) => TestSocket.open(`${desk.wsUrl}/cable?jid=${token}`, [V1], options)

describe('connections', () => {
  it('are counted over sockets and event streams, and refused with 429 past the limit', async () => {
    await start({ connections: 3 })
    const { token } = await desk.person('ada')
    const bob = await desk.user('bob')
    const sockets = [await cable(token), await TestSocket.open(`${desk.wsUrl}/ws/chat?jid=${bob}`)]
    const stream = await TestStream.open(`${desk.url}/support_chat/events`, token)
    for (const path of ['/cable', '/ws/chat']) {
      const { status, body } = await refusal(`${desk.wsUrl}${path}?jid=${bob}`)
      expect([status, JSON.parse(body)]).toMatchObject([429, { code: 'rate_limited' }])
    }
    const another = await desk.call('GET', '/support_chat/events', bob)
    expect([another.status, another.headers.get('retry-after')]).toEqual([429, '10'])
    // Everything else still works from there
    expect((await desk.call('GET', '/support_chat', bob)).status).toBe(200)
    // The host is told once, not once per try
    expect(desk.errors.map(String)).toEqual([expect.stringMatching(/127\.0\.0\.1 is at its limit.*TRUST_PROXY/)])

    // Whoever leaves makes room, in whatever way
    sockets[0]?.close()
    const third = await eventually(() => cable(token))
    third.close()
    stream.close()
    const fourth = await eventually(() => TestStream.open(`${desk.url}/support_chat/events`, token))
    await desk.deskbell.revoke({ id: 'ada', role: 'user' })
    await fourth.end()
    const fresh = await desk.user('ada')
    const last = [await eventually(() => cable(fresh)), await eventually(() => cable(fresh))]
    for (const socket of [...sockets, ...last]) socket.close()
  })

  it('that are refused for another reason take no room', async () => {
    await start({ connections: 2 })
    for (let i = 0; i < 10; i++) {
      const socket = await cable('nonsense')
      await socket.end()
      expect((await refusal(`${desk.wsUrl}/ws/chat?jid=nonsense`)).status).toBe(401)
    }
    const token = await desk.user('ada')
    const both = [await cable(token), await cable(token)]
    for (const socket of both) socket.close()
  })
})

describe('attempts to connect', () => {
  it('past the bucket are answered with 429, before anybody is asked who that is', async () => {
    let asked = 0
    const authenticate = async () => {
      asked++
      return null
    }
    await start({ upgrades: { perSecond: 0.1, burst: 3 } }, { authenticate, clock: stillClock() })
    const statuses = []
    for (let i = 0; i < 6; i++) statuses.push((await refusal(`${desk.wsUrl}/ws/chat`)).status)
    expect(statuses).toEqual([401, 401, 401, 429, 429, 429])
    expect(asked).toBe(3)
  })
})

describe('failed authentications', () => {
  it('past the bucket are answered with 429, and good credentials pass', async () => {
    await start({ failures: { perSecond: 0.1, burst: 3 } }, { clock: stillClock() })
    const statuses = []
    for (let i = 0; i < 5; i++) statuses.push((await desk.call('GET', '/support_chat', 'nonsense')).status)
    expect(statuses).toEqual([401, 401, 401, 429, 429])
    const last = await desk.call('GET', '/support_chat', await desk.user('ada', -70))
    expect([last.status, last.body['code']]).toEqual([429, 'rate_limited'])
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThanOrEqual(1)
    expect((await refusal(`${desk.wsUrl}/cable?jid=nonsense`)).status).toBe(429)
    expect((await desk.call('GET', '/support_chat', await desk.user('ada'))).status).toBe(200)
    // A right token in the wrong place is no failed authentication
    expect((await desk.call('GET', '/admin/chats', await desk.user('ada'))).status).toBe(403)
  })
})

describe('the address', () => {
  const tries = async (addresses: string[]) => {
    const statuses = []
    for (const address of addresses) {
      const headers = { ...from(address).headers, 'x-real-ip': address, forwarded: `for=${address}` }
      statuses.push((await desk.call('GET', '/support_chat', 'nonsense', undefined, headers)).status)
    }
    return statuses
  }
  const failures = { perSecond: 0.1, burst: 2 }

  it('is the socket’s, whatever a header says', async () => {
    await start({ failures, connections: 1 }, { clock: stillClock() })
    expect(await tries(['10.0.0.1', '10.0.0.2', '10.0.0.3'])).toEqual([401, 401, 429])
    const token = await desk.user('ada')
    const socket = await cable(token, from('10.0.0.1'))
    expect((await refusal(`${desk.wsUrl}/cable?jid=${token}`, from('10.0.0.2'))).status).toBe(429)
    socket.close()
  })

  it('is what the trusted proxy saw, when the settings say that there is one', async () => {
    await start({ failures, connections: 1 }, { trustProxy: 1, clock: stillClock() })
    expect(await tries(['10.0.0.1', '10.0.0.1', '10.0.0.1', '10.0.0.2'])).toEqual([401, 401, 429, 401])
    // What the client wrote itself stands to the left and proves nothing
    expect(await tries(['6.6.6.6, 10.0.0.1', '7.7.7.7,10.0.0.1'])).toEqual([429, 429])
    const token = await desk.user('ada')
    const sockets = [await cable(token, from('10.0.0.1')), await cable(token, from('10.0.0.2'))]
    expect((await refusal(`${desk.wsUrl}/cable?jid=${token}`, from('8.8.8.8, 10.0.0.1'))).status).toBe(429)
    for (const socket of sockets) socket.close()
  })
})

it('an address is not looked at when limits are off', async () => {
  desk = await startDesk({ rateLimit: null })
  const answers = await Promise.all(Array.from({ length: 400 }, () => desk.call('GET', '/support_chat', 'nonsense')))
  expect(new Set(answers.map((a) => a.status))).toEqual(new Set([401]))
})

/** What the server learns a moment after the client has done it */
async function eventually<T extends { closed?: unknown }>(open: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await open()
    } catch (error) {
      if (tries > 50) throw error
    }
  }
}

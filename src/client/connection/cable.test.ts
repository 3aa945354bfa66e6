import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createBackoff } from './backoff.ts'
import type { ConnectionStatus } from './status.ts'
import { Cable } from './cable.ts'
import { createCredentials } from './credentials.ts'
import { createSession } from './session.ts'

const network = { onLine: true }
/** A socket that never notices by itself that its network is gone */
class FakeSocket {
  static made: FakeSocket[] = []
  readonly sent: { command: string; identifier: string }[] = []
  readonly url: string
  readonly protocols: string[]
  readyState = 0
  onopen: (() => void) | null = null
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: (() => void) | null = null

  constructor(url: string | URL, protocols: string[]) {
    // As browsers do
    if (protocols.some((name) => !/^[\w!#$%&'*+.^`|~-]+$/.test(name))) throw new SyntaxError('No name of a protocol')
    this.url = String(url)
    this.protocols = protocols
    FakeSocket.made.push(this)
    queueMicrotask(() => {
      if (!network.onLine) return this.onclose?.()
      this.readyState = 1
      this.onopen?.()
      this.onmessage?.({ data: '{"type":"welcome"}' })
    })
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text) as { command: string; identifier: string })
  }
  close(): void {
    this.readyState = 3
  }
}

let page: EventTarget
let cable: Cable
let seen: ConnectionStatus[]

beforeEach(async () => {
  vi.useFakeTimers()
  page = new EventTarget()
  network.onLine = true
  FakeSocket.made = []
  vi.stubGlobal('window', page)
  vi.stubGlobal('document', new EventTarget())
  vi.stubGlobal('navigator', network)
  vi.stubGlobal('WebSocket', FakeSocket)
  const session = createSession(createCredentials({ token: 't' }))
  cable = new Cable({ url: 'ws://desk.test/cable', session, backoff: createBackoff(500, 20_000, () => 1) })
  seen = []
  cable.onStatus((status) => seen.push(status))
  cable.open()
  await vi.advanceTimersByTimeAsync(0)
})
afterEach(() => {
  cable.close()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function turn(onLine: boolean): void {
  network.onLine = onLine
  page.dispatchEvent(new Event(onLine ? 'online' : 'offline'))
}

test('says at once that the network is gone, and comes back with it', async () => {
  turn(false)
  expect(seen).toEqual(['connected', 'offline'])
  await vi.advanceTimersByTimeAsync(3_000)
  expect(cable.status).toBe('offline')
  turn(true)
  await vi.advanceTimersByTimeAsync(0)
  expect(seen).toEqual(['connected', 'offline', 'connected'])
})

test('once closed it listens to the network no more', async () => {
  cable.close()
  turn(false)
  turn(true)
  await vi.advanceTimersByTimeAsync(30_000)
  expect(seen).toEqual(['connected'])
})

const last = (): FakeSocket => {
  const socket = FakeSocket.made.at(-1)
  if (!socket) throw new Error('No socket was made')
  return socket
}

test.each([
  ['aa.bb-_.cc', '', 'anycable-token.aa.bb-_.cc'],
  // No browser offers this one as a protocol
  ['c2Vz/c2lvbg==', '?jid=c2Vz%2Fc2lvbg%3D%3D', null],
])('says who it is with any token (%s)', async (token, query, protocol) => {
  const other = new Cable({ url: 'ws://desk.test/cable', session: createSession(createCredentials({ token })) })
  other.open()
  await vi.advanceTimersByTimeAsync(0)
  expect(other.status).toBe('connected')
  expect(last().url).toBe(`ws://desk.test/cable${query}`)
  expect(last().protocols.slice(2)).toEqual(protocol === null ? [] : [protocol])
  other.close()
})

test('a socket that cannot even be made is tried again', async () => {
  class Broken {
    constructor() {
      throw new SyntaxError('No')
    }
  }
  vi.stubGlobal('WebSocket', Broken)
  const other = new Cable({
    url: 'ws://desk.test/cable',
    session: createSession(createCredentials({ token: 't' })),
    backoff: createBackoff(500, 20_000, () => 1),
  })
  other.open()
  await vi.advanceTimersByTimeAsync(0)
  expect(other.status).toBe('reconnecting')
  vi.stubGlobal('WebSocket', FakeSocket)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(other.status).toBe('connected')
  other.close()
})

test('who subscribes to a channel takes it over from whoever had it', async () => {
  const heard: string[] = []
  const subscribe = (name: string) =>
    cable.subscribe(
      { channel: 'c' },
      { events: 'events', message: (message) => heard.push(`${name} ${String(message)}`) },
    )
  const identifier = JSON.stringify({ channel: 'c' })
  const socket = last()
  const confirm = (): void => socket.onmessage?.({ data: JSON.stringify({ type: 'confirm_subscription', identifier }) })
  const first = subscribe('first')
  confirm()
  const second = subscribe('second')
  expect(socket.sent.map(({ command }) => command)).toEqual(['subscribe', 'unsubscribe', 'subscribe'])
  expect([first.live, first.perform({})]).toEqual([false, false])
  confirm()
  // What it still does concerns it alone
  first.resubscribe()
  first.unsubscribe()
  expect(socket.sent).toHaveLength(3)
  expect(second.connected).toBe(true)
  socket.onmessage?.({ data: JSON.stringify({ identifier, message: 'hello' }) })
  expect(heard).toEqual(['second hello'])
})

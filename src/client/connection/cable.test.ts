import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createBackoff } from './backoff.ts'
import type { ConnectionStatus } from './status.ts'
import { Cable } from './cable.ts'
import { createCredentials } from './credentials.ts'
import { createSession } from './session.ts'
import type { Stream, StreamOptions } from './stream.ts'
import { Api } from '../api.ts'
import type { SubscriptionHandlers } from './cable-frames.ts'

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
  delete Cable.listenBy
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function turn(onLine: boolean): void {
  network.onLine = onLine
  page.dispatchEvent(new Event(onLine ? 'online' : 'offline'))
}

test('a server that sends everybody away says over how many seconds they come back, once', async () => {
  const dismiss = '{"type":"disconnect","reason":"server_restart","reconnect":true,"retry_after":10}'
  FakeSocket.made.at(-1)?.onmessage?.({ data: dismiss })
  await vi.advanceTimersByTimeAsync(9_999)
  expect(FakeSocket.made).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(1)
  expect(FakeSocket.made).toHaveLength(2)

  FakeSocket.made.at(-1)?.onmessage?.({ data: '{"type":"disconnect","reason":"remote","reconnect":true}' })
  await vi.advanceTimersByTimeAsync(500)
  expect(FakeSocket.made).toHaveLength(3)
})

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

test('a token that does not come is asked for again, and a page that wakes up waits for the same one', async () => {
  const getToken = vi.fn<() => Promise<string | null>>().mockResolvedValue('t')
  getToken.mockReturnValueOnce(new Promise(() => undefined)).mockRejectedValueOnce(new Error('No network'))
  const asked = (): number => getToken.mock.calls.length
  const backoff = createBackoff(500, 20_000, () => 1)
  const session = createSession(createCredentials({ getToken }))
  const other = new Cable({ url: 'ws://desk.test/cable', session, backoff })
  other.open()
  await vi.advanceTimersByTimeAsync(19_999)
  for (const sign of ['focus', 'online', 'pageshow']) page.dispatchEvent(new Event(sign))
  expect([asked(), other.status]).toEqual([1, 'connecting'])
  await vi.advanceTimersByTimeAsync(1)
  expect([backoff.tries, other.status]).toEqual([1, 'reconnecting'])
  // Three calls, one try
  for (const sign of ['focus', 'online', 'pageshow']) page.dispatchEvent(new Event(sign))
  await vi.advanceTimersByTimeAsync(0)
  expect([asked(), backoff.tries]).toEqual([2, 2])
  await vi.advanceTimersByTimeAsync(1_000)
  expect([asked(), other.status]).toEqual([3, 'connected'])
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
  expect([first.live, first.perform({ action: 'typing', typing: true })]).toEqual([false, undefined])
  confirm()
  // What it still does concerns it alone
  first.resubscribe()
  first.unsubscribe()
  expect(socket.sent).toHaveLength(3)
  expect(second.connected).toBe(true)
  socket.onmessage?.({ data: JSON.stringify({ identifier, message: 'hello' }) })
  expect(heard).toEqual(['second hello'])
})

describe('a channel that a service tells of', () => {
  let streams: { options: StreamOptions; stream: Stream & { live: boolean; suffices: boolean }; isClosed: boolean }[]
  const session = createSession(createCredentials({ token: 't' }))
  const served = (): SubscriptionHandlers => ({
    events: 'events',
    message: () => undefined,
    service: {
      listening: { service: 'pusher', key: 'k', channel: 'c', event: 'new-message' },
      chatId: 'c',
      api: new Api({ base: 'http://desk.test/', session }),
      look: async () => true,
    },
  })

  beforeEach(() => {
    streams = []
    Cable.listenBy = async () => ({
      openStream(options) {
        const stream = {
          live: false,
          suffices: true,
          nudge: () => undefined,
          cut: () => undefined,
          close: () => void (opened.isClosed = true),
        }
        const opened = { options, stream, isClosed: false }
        streams.push(opened)
        return stream
      },
    })
  })
  const confirm = (channel: string): void =>
    last().onmessage?.({
      data: JSON.stringify({ type: 'confirm_subscription', identifier: JSON.stringify({ channel }) }),
    })
  async function listen(channel = 'c') {
    const subscription = cable.subscribe({ channel }, served())
    await vi.advanceTimersByTimeAsync(0)
    const opened = streams.at(-1)
    if (!opened) throw new Error('Nothing listens to the service')
    const set = (live: boolean, suffices: boolean, answers = live): void => {
      Object.assign(opened.stream, { live, suffices })
      opened.options.changed(answers)
    }
    return { subscription, opened, set }
  }

  test('needs no socket while the service is there', async () => {
    const { subscription, set } = await listen()
    expect(last().readyState).toBe(3)
    set(true, true)
    expect([subscription.live, cable.status]).toEqual([true, 'connected'])
    await vi.advanceTimersByTimeAsync(600_000)
    cable.nudge()
    await vi.advanceTimersByTimeAsync(600_000)
    expect(FakeSocket.made).toHaveLength(1)
  })

  test('opens no socket where the first channel already has a service', async () => {
    cable.close()
    FakeSocket.made = []
    cable = new Cable({ url: 'ws://desk.test/cable', session })
    const { set } = await listen()
    set(true, true)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(FakeSocket.made).toHaveLength(0)
  })

  test('tries the socket when the service is gone, and leaves the service once that is up', async () => {
    const { subscription, opened, set } = await listen()
    set(true, true)
    set(false, true, true)
    // Polling works
    expect([subscription.live, cable.status]).toEqual([false, 'connected'])
    set(false, false, true)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(FakeSocket.made).toHaveLength(2)
    confirm('c')
    expect([subscription.connected, opened.isClosed]).toEqual([true, true])
  })

  test('keeps the socket for all while the service is gone, however many channels are opened then', async () => {
    const first = await listen()
    first.set(false, false, true)
    await vi.advanceTimersByTimeAsync(10_000)
    confirm('c')
    const second = cable.subscribe({ channel: 'd' }, served())
    confirm('d')
    await vi.advanceTimersByTimeAsync(5_000)
    expect([first.subscription.connected, second.connected, FakeSocket.made.length]).toEqual([true, true, 2])
    expect(streams).toHaveLength(1)
  })

  test('has a stream for each channel that was on the socket when the first service takes its place', async () => {
    cable.subscribe({ channel: 'notes' }, { events: 'events', message: () => undefined })
    confirm('notes')
    const fetched = vi.fn(async (_input: RequestInfo | URL, _init?: RequestInit) => new Response(null, { status: 503 }))
    vi.stubGlobal('fetch', fetched)
    await listen()
    await vi.waitFor(() => expect(fetched).toHaveBeenCalled(), 10_000)
    expect(fetched.mock.calls[0]?.[0]).toEqual('http://desk.test/events')
  })

  test('leaves the socket for the service when nobody listened to it in between', async () => {
    const { subscription } = await listen()
    subscription.unsubscribe()
    await vi.advanceTimersByTimeAsync(10_000)
    const socket = last()
    expect([FakeSocket.made.length, socket.readyState]).toEqual([2, 1])
    await listen('d')
    expect(socket.readyState).toBe(3)
  })

  test('says that the connection is lost when neither the service nor the server is there', async () => {
    const { opened, set } = await listen()
    set(true, true)
    network.onLine = false
    set(false, true)
    opened.options.lost()
    expect(cable.status).toBe('offline')
  })

  test('opens nothing for who has left before the script was there', async () => {
    cable.subscribe({ channel: 'c' }, served()).unsubscribe()
    await vi.advanceTimersByTimeAsync(0)
    expect(streams).toHaveLength(0)
  })

  test('is as any other where the page cannot listen to services', async () => {
    delete Cable.listenBy
    cable.subscribe({ channel: 'c' }, served())
    await vi.advanceTimersByTimeAsync(60_000)
    expect(last().sent.map(({ command }) => command)).toContain('subscribe')
  })
})

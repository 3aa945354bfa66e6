import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { asking } from '../../client/connection/asking.ts'
import { createBackoff } from '../../client/connection/backoff.ts'
import { openUnreadSocket, type UnreadSocket } from './unread-socket.ts'

/** A socket that never notices by itself that its network is gone */
class FakeSocket {
  static made: FakeSocket[] = []
  static answer: 'welcome' | 'close' | 'nothing' = 'welcome'
  readonly sent: Record<string, unknown>[] = []
  readyState = 0
  onmessage: ((event: { data: string }) => void) | null = null
  onclose: (() => void) | null = null

  constructor() {
    FakeSocket.made.push(this)
    const { answer } = FakeSocket
    queueMicrotask(() => {
      if (answer === 'close') return this.onclose?.()
      this.readyState = 1
      if (answer === 'welcome') this.tell({ type: 'welcome' })
    })
  }
  tell(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) })
  }
  send(text: string): void {
    this.sent.push(JSON.parse(text) as Record<string, unknown>)
  }
  close(): void {
    this.readyState = 3
  }
}

const { made } = FakeSocket
const calls = { heard: vi.fn(), load: vi.fn(), blocked: vi.fn(), refused: vi.fn(), freshToken: vi.fn() }
let socket: UnreadSocket

beforeEach(async () => {
  vi.useFakeTimers()
  made.length = 0
  FakeSocket.answer = 'welcome'
  for (const call of Object.values(calls)) call.mockReset()
  vi.stubGlobal('window', new EventTarget())
  vi.stubGlobal('WebSocket', FakeSocket)
  socket = openUnreadSocket({
    base: 'http://desk.test/',
    token: async () => 't',
    person: () => 'user%3Aada',
    chatId: () => 'c',
    position: () => ({ offset: 7, epoch: 'e' }),
    backoff: createBackoff(500, 20_000, () => 1),
    ...calls,
  })
  await vi.advanceTimersByTimeAsync(0)
})
afterEach(() => {
  socket.close()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const last = (): FakeSocket => {
  const newest = made.at(-1)
  if (!newest) throw new Error('No socket was made')
  return newest
}
const goodbye = (more: object): void => last().tell({ type: 'disconnect', ...more })
const commands = (): unknown[] => last().sent.map(({ command }) => command)

test('subscribes from the position, and asks for what follows it once at a time', () => {
  expect(last().sent).toEqual([
    {
      command: 'subscribe',
      identifier: '{"channel":"ChatChannel","chat_id":"c"}',
      history: { streams: { 'chat:c': { offset: 7, epoch: 'e' } } },
    },
  ])
  last().tell({ type: 'confirm_subscription' })
  socket.resume()
  expect(commands()).toEqual(['subscribe'])
  last().tell({ type: 'confirm_history' })
  socket.resume()
  socket.resume()
  expect(commands()).toEqual(['subscribe', 'history'])
  last().tell({ type: 'reject_history' })
  expect(calls.load).toHaveBeenCalledOnce()
  last().tell({ identifier: 'x', message: { type: 'typing' } })
  expect(calls.heard).toHaveBeenCalledExactlyOnceWith({ type: 'typing' })
})

test('comes back over the seconds that a server names', async () => {
  goodbye({ reason: 'server_restart', reconnect: true, retry_after: 10 })
  await vi.advanceTimersByTimeAsync(9_999)
  expect(made).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(1)
  expect(made).toHaveLength(2)
  expect(calls.load).not.toHaveBeenCalled()
})

test('finds a silent socket dead, and one that answers nothing at all blocked, where requests are answered', async () => {
  FakeSocket.answer = 'nothing'
  await vi.advanceTimersByTimeAsync(10_000)
  expect(made).toHaveLength(1)
  await vi.advanceTimersByTimeAsync(500)
  expect(made).toHaveLength(2)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(calls.load).not.toHaveBeenCalled()
  await vi.advanceTimersByTimeAsync(12_000)
  expect([calls.load.mock.calls.length, calls.blocked.mock.calls.length]).toEqual([1, 0])
  socket.resume()
  await vi.advanceTimersByTimeAsync(10_000)
  expect(calls.blocked).toHaveBeenCalledOnce()
})

test('asks for the chat when tries fail for longer than a restart takes, and is blocked only when a try after the answer fails too', async () => {
  FakeSocket.answer = 'close'
  last().onclose?.()
  await vi.advanceTimersByTimeAsync(14_999)
  expect([socket.down, made.length, calls.load.mock.calls.length]).toEqual([false, 5, 0])
  await vi.advanceTimersByTimeAsync(60_000)
  expect(socket.down).toBe(true)
  expect(calls.load).toHaveBeenCalled()
  expect(calls.blocked).not.toHaveBeenCalled()
  FakeSocket.answer = 'welcome'
  socket.resume()
  await vi.advanceTimersByTimeAsync(0)
  expect([socket.down, socket.fresh]).toEqual([false, true])
  FakeSocket.answer = 'close'
  last().onclose?.()
  await vi.advanceTimersByTimeAsync(15_000)
  socket.resume()
  await vi.advanceTimersByTimeAsync(0)
  expect(calls.blocked).toHaveBeenCalledOnce()
  // It goes on trying
  FakeSocket.answer = 'welcome'
  await vi.advanceTimersByTimeAsync(60_000)
  expect(socket.down).toBe(false)
})

test('asks the host for a token once in an outage, and whose it is before it connects', async () => {
  calls.freshToken.mockResolvedValue('other')
  goodbye({ reason: 'token_expired', reconnect: false })
  await vi.advanceTimersByTimeAsync(0)
  expect([made.length, calls.load.mock.calls.length]).toEqual([1, 1])
  socket.resume()
  await vi.advanceTimersByTimeAsync(0)
  expect(made).toHaveLength(2)
  calls.freshToken.mockResolvedValue(null)
  goodbye({ reason: 'token_expired', reconnect: false })
  await vi.advanceTimersByTimeAsync(0)
  expect(calls.refused).toHaveBeenCalledOnce()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(made).toHaveLength(2)
})

test('asks for nothing more once it is closed, also where the host answers then', async () => {
  const { promise, resolve } = Promise.withResolvers<null>()
  calls.freshToken.mockReturnValue(promise)
  goodbye({ reason: 'token_expired', reconnect: false })
  socket.close()
  resolve(null)
  await vi.advanceTimersByTimeAsync(60_000)
  expect([made.length, calls.refused.mock.calls.length]).toEqual([1, 0])
})

test.each([{ type: 'reject_subscription' }, { type: 'disconnect', reason: 'remote', reconnect: false }])(
  'stops at %o',
  async (frame) => {
    last().tell(frame)
    expect(calls.refused).toHaveBeenCalledOnce()
    await vi.advanceTimersByTimeAsync(60_000)
    expect(made).toHaveLength(1)
  },
)

test('says at once that the network is gone, and connects when the page wakes up', async () => {
  window.dispatchEvent(new Event('offline'))
  expect(socket.fresh).toBe(false)
  socket.nudge()
  await vi.advanceTimersByTimeAsync(0)
  expect([made.length, socket.fresh]).toEqual([2, true])
})

test('opens one socket however often the page wakes up while the host gets a token, and counts a failure once', async () => {
  socket.close()
  made.length = 0
  const backoff = createBackoff(500, 20_000, () => 1)
  const tokens = [Promise.withResolvers<string>(), Promise.withResolvers<string>()]
  let asked = 0
  socket = openUnreadSocket({
    base: 'http://desk.test/',
    token: asking(() => tokens[asked++]?.promise ?? Promise.resolve(null)),
    person: () => null,
    chatId: () => 'c',
    position: () => ({ offset: 0, epoch: 'e' }),
    backoff,
    ...calls,
  })
  for (let n = 0; n < 3; n++) socket.nudge()
  tokens[0]?.reject(new Error('No network'))
  await vi.advanceTimersByTimeAsync(0)
  expect([asked, backoff.tries, made.length]).toEqual([1, 1, 0])
  for (let n = 0; n < 3; n++) socket.nudge()
  tokens[1]?.resolve('t')
  await vi.advanceTimersByTimeAsync(1_000)
  expect([asked, made.length]).toEqual([2, 1])
})

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { RealtimeHint } from '../../protocol/publication.ts'
import { Api } from '../api.ts'
import { createBackoff } from '../connection/backoff.ts'
import type { SubscriptionHandlers } from '../connection/cable-frames.ts'
import { createCredentials } from '../connection/credentials.ts'
import { createSession, type Session } from '../connection/session.ts'
import type { JoinOptions, TellTyping } from './join.ts'
import { ServiceStream } from './service-stream.ts'

let session: Session
let stream: ServiceStream
/** What entered the channel, one for each time */
let joins: JoinOptions[]
/** Requests to the server that wait for their answers */
let asked: ((answers: boolean) => void)[]
let calls: string[]
/** The last seq that is here */
let last: number
let entrance: () => Promise<TellTyping | undefined>

const tick = (ms = 0): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)
const service = (): JoinOptions => {
  const join = joins.at(-1)
  if (!join) throw new Error('Nothing has entered the channel')
  return join
}
async function answer(answers = true): Promise<void> {
  const reply = asked.shift()
  if (!reply) throw new Error('The server was asked nothing')
  reply(answers)
  await tick()
}
const hint = (seq: number, more: Partial<RealtimeHint> = {}): void => service().hinted({ chat_id: 'c', seq, ...more })
async function goLive(): Promise<void> {
  service().joined()
  await answer()
  calls.length = 0
}

beforeEach(async () => {
  vi.useFakeTimers()
  session = createSession(createCredentials({ token: 't' }))
  joins = []
  asked = []
  calls = []
  last = 4
  entrance = async () => undefined
  const api = new Api({ base: 'http://desk.test/', session })
  const handlers: SubscriptionHandlers = {
    events: 'events',
    message: (message) => void calls.push(JSON.stringify(message)),
    connected: () => void calls.push('connected'),
    cursor: () => ({ streams: { c: { offset: last, epoch: 'e' } } }),
  }
  const look = (): Promise<boolean> => new Promise((resolve) => asked.push(resolve))
  stream = new ServiceStream(
    {
      cable: 'ws://desk.test/cable',
      session,
      handlers,
      backoff: createBackoff(1_000, 60_000, () => 1),
      changed: (answers) => void calls.push(`${stream.live ? 'live' : 'not live'}, ${answers}`),
      lost: () => void calls.push('lost'),
    },
    { listening: { service: 'pusher', key: 'k', channel: 'c', event: 'new-message' }, chatId: 'c', api, look },
    (options) => {
      joins.push(options)
      return entrance()
    },
  )
  await tick()
})
afterEach(() => {
  stream.close()
  vi.useRealTimers()
})

test('the channel is live once it was joined, and the server told what happened before', async () => {
  expect([stream.live, asked.length]).toEqual([false, 0])
  service().joined()
  expect([stream.live, asked.length]).toEqual([false, 1])
  await answer()
  expect(stream.live).toBe(true)
  expect(calls).toEqual(['live, true', 'connected'])
})

test('the server is asked when a hint tells of news, and not when what it tells of is here', async () => {
  await goLive()
  hint(3)
  hint(4)
  expect(asked).toHaveLength(0)
  hint(5)
  expect(asked).toHaveLength(1)
  await answer()
  hint(4, { state: true })
  expect(asked).toHaveLength(1)
  await answer()
  // Whatever a service may send
  service().hinted({})
  expect(asked).toHaveLength(1)
})

test('hints that come during a request cause one more, however many they are', async () => {
  await goLive()
  for (const seq of [5, 9, 6, 9, 7]) hint(seq)
  expect(asked).toHaveLength(1)
  await answer()
  expect(asked).toHaveLength(1)
  last = 9
  await answer()
  expect(asked).toHaveLength(0)
})

test('the server is asked every 20 seconds, since services lose hints', async () => {
  await goLive()
  await tick(19_999)
  expect(asked).toHaveLength(0)
  await tick(1)
  expect(asked).toHaveLength(1)
  await answer()
  await tick(20_000)
  expect(asked).toHaveLength(1)
})

test('where the service goes and the server answers, nobody is told of an outage', async () => {
  await goLive()
  service().lost()
  expect([stream.live, calls.length]).toEqual([true, 0])
  await answer()
  expect(stream.live).toBe(false)
  expect(calls).toEqual(['not live, true'])
  // Polling is not for the stream to do
  await tick(60_000)
  expect(asked).toHaveLength(0)
  service().joined()
  await answer()
  expect(stream.live).toBe(true)
})

test('where neither the service nor the server is there, the connection is lost', async () => {
  await goLive()
  service().lost()
  await answer(false)
  expect(calls).toEqual(['not live, false', 'lost'])
})

test('a server that does not answer within five seconds is no connection, whatever the service says, until it answers', async () => {
  await goLive()
  hint(5)
  await tick(4_999)
  expect(stream.live).toBe(true)
  await tick(1)
  expect(calls).toEqual(['not live, false', 'lost'])
  await answer()
  expect(stream.live).toBe(true)
})

test('while the server fails, it is asked again soon', async () => {
  await goLive()
  hint(5)
  await answer(false)
  expect(stream.live).toBe(false)
  await tick(5_000)
  await answer()
  expect(stream.live).toBe(true)
})

test('who is refused leaves the channel, and tries again later and later', async () => {
  await goLive()
  service().refused()
  expect([stream.live, service().signal.aborted]).toEqual([false, true])
  // What still comes from there is of no interest
  service().refused()
  await tick(999)
  expect(joins).toHaveLength(1)
  await tick(1)
  expect(joins).toHaveLength(2)
  service().refused()
  await tick(1_999)
  expect(joins).toHaveLength(2)
  await tick(1)
  expect(joins).toHaveLength(3)
  service().refused()
  stream.nudge()
  expect(joins).toHaveLength(4)
})

test('a channel that was left says nothing more, whatever the official client still calls', async () => {
  await goLive()
  const left = service()
  left.refused()
  calls.length = 0
  left.joined()
  left.lost()
  left.hinted({ seq: 9 })
  left.typing({ sender_type: 'admin', typing: true })
  await tick()
  expect([asked.length, calls]).toEqual([0, []])
  // Nor does it take the place of the one that is entered next
  await tick(1_000)
  left.joined()
  await tick()
  expect([joins.length, asked.length, stream.live]).toEqual([2, 0, false])
  service().joined()
  await answer()
  expect(stream.live).toBe(true)
})

test('what cannot be joined is tried again', async () => {
  entrance = () => Promise.reject(new Error('The official client did not load'))
  service().refused()
  await tick(1_000)
  expect(joins).toHaveLength(2)
  await tick(2_000)
  expect(joins).toHaveLength(3)
})

test('nothing listens for somebody who is signed out, until they are back', async () => {
  await goLive()
  session.answered(new Response(null, { status: 401 }))
  expect([stream.live, service().signal.aborted]).toEqual([false, true])
  await tick(120_000)
  expect(joins).toHaveLength(1)
  session.answered(new Response(null, { status: 200 }))
  stream.nudge()
  expect(joins).toHaveLength(2)
})

test('the service spares the socket while it is there, and for ten seconds after', async () => {
  expect(stream.suffices).toBe(true)
  await tick(10_000)
  expect(stream.suffices).toBe(false)
  await goLive()
  await tick(19_000)
  expect(stream.suffices).toBe(true)
  service().lost()
  await answer()
  await tick(9_999)
  expect(stream.suffices).toBe(true)
  await tick(1)
  expect(stream.suffices).toBe(false)
})

test('tells who is typing', async () => {
  await goLive()
  service().typing({ sender_type: 'admin', typing: true })
  expect(calls).toEqual([JSON.stringify({ type: 'typing', sender_type: 'admin', name: null, typing: true })])
})

test('tells who is in the chat', async () => {
  await goLive()
  service().present({ user_online: true, admins_online: 2 })
  expect(calls).toEqual([JSON.stringify({ type: 'presence', user_online: true, admins_online: 2 })])
})

test('what is typed goes by the service while it tells somebody, and by the server otherwise', async () => {
  const said: boolean[] = []
  let isHeard = true
  entrance = async () => (typing) => isHeard && said.push(typing) > 0
  service().refused()
  await tick(1_000)
  const type = (typing: boolean): boolean => stream.perform({ action: 'typing', typing })
  expect(type(true)).toBe(false)
  await goLive()
  expect([type(true), type(false)]).toEqual([true, true])
  isHeard = false
  expect(type(true)).toBe(false)
  isHeard = true
  expect(stream.perform({ action: 'mark_read', up_to_seq: 1 })).toBe(false)
  service().lost()
  expect(type(true)).toBe(false)
  service().joined()
  expect(type(true)).toBe(true)
  service().refused()
  expect(type(true)).toBe(false)
  expect(said).toEqual([true, false, true])
})

test('without a network it is not live, and with it again it asks at once', async () => {
  await goLive()
  stream.cut()
  expect(calls).toEqual(['not live, false', 'lost'])
  stream.nudge()
  await answer()
  expect(stream.live).toBe(true)
})

test('once closed it has left, and says and asks nothing more', async () => {
  await goLive()
  hint(5)
  stream.close()
  expect([service().signal.aborted, vi.getTimerCount()]).toEqual([true, 0])
  await answer()
  service().joined()
  stream.nudge()
  await tick(120_000)
  expect([calls.length, asked.length, joins.length, vi.getTimerCount()]).toEqual([0, 0, 1, 0])
})

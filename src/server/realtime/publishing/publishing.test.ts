import { beforeEach, describe, expect, it } from 'vitest'
import type { SupportMessage } from '../../../protocol/types.ts'
import { FakeClock } from '../../../testing/fake-clock.ts'
import type { ChatEvent } from '../../events/chat-event.ts'
import { PublicationFailed, type Publication, type Publisher } from '../../ports/publisher.ts'
import { AT_ONCE, CALL_WITHIN, MAX_FAILURES, MAX_WAITING, Publishing, SETTLE_WITHIN } from './publishing.ts'

interface Call {
  publication: Publication
  signal: AbortSignal
  answer: () => void
  fail: (error: unknown) => void
}

let clock: FakeClock
let publishing: Publishing
/** Those that the service was asked and has not answered, in their order */
let calls: Call[]
let asked: Publication[]
let outcomes: string[]
let isClosed: boolean

/** A service that answers when the test says so */
const service: Publisher = {
  service: 'test',
  maxData: 500,
  publish(publication, signal) {
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    asked.push(publication)
    calls.push({ publication, signal, answer: resolve, fail: reject })
    return promise
  },
  listen: () => null,
  authorize: () => Promise.reject(new Error('Nobody listens')),
  close: () => void (isClosed = true),
}

function start(withMessages = false, publisher = service): void {
  publishing = new Publishing({
    publisher,
    withMessages,
    clock,
    observer: { published: ({ event, outcome }) => outcomes.push(`${event} ${outcome}`) },
    onError: () => outcomes.push('reported'),
  })
}

beforeEach(() => {
  clock = new FakeClock()
  calls = []
  asked = []
  outcomes = []
  isClosed = false
  start()
})

const chatOf = (id: string) => ({ id, user_id: 'ada', user_email: 'ada@example.com' })
const at = '2026-03-02T09:00:00.000Z'

function message(seq: number, chat = 'a', content = 'Hello'): ChatEvent {
  const stored: SupportMessage = {
    id: `m${seq}`,
    seq,
    content,
    sender_type: 'user',
    sender_name: null,
    client_id: null,
    read_at: null,
    attachments: [],
    created_at: at,
  }
  return { type: 'message', chat: chatOf(chat), message: stored }
}
const read = (up_to_seq: number): ChatEvent => ({
  type: 'read',
  chat: chatOf('a'),
  reader: 'admin',
  up_to_seq,
  read_at: at,
})
const archived: ChatEvent = { type: 'archived', chat: chatOf('a'), at }
const commit = (...events: ChatEvent[]): void => publishing.receive(events)

/** The service answers the oldest call */
async function answer(): Promise<void> {
  calls.shift()?.answer()
  await clock.advance(0)
}
async function fail(error: unknown = new PublicationFailed('away')): Promise<void> {
  calls.shift()?.fail(error)
  await clock.advance(0)
}
const data = () => asked.map((publication) => publication.data)

describe('what is published', () => {
  it('is a hint about the chat and no word of it, to its own topic and to staff', () => {
    commit(message(1))
    expect(asked).toEqual([
      {
        topics: [{ type: 'chat', chatId: 'a' }, { type: 'staff' }],
        event: 'new-message',
        data: { chat_id: 'a', seq: 1 },
      },
    ])
  })

  it('says that something else changed when somebody has read, and when a chat is archived', async () => {
    commit(read(3))
    await answer()
    commit(archived)
    expect(data()).toEqual([
      { chat_id: 'a', seq: 3, state: true },
      { chat_id: 'a', seq: 0, state: true },
    ])
  })

  it('has the message where the host wants that, unless it is too long for the service', async () => {
    start(true)
    commit(message(1))
    await answer()
    commit(message(2, 'a', 'ä'.repeat(250)))
    expect(data()).toEqual([
      { chat_id: 'a', seq: 1, message: expect.objectContaining({ id: 'm1' }) },
      { chat_id: 'a', seq: 2 },
    ])
  })
})

describe('the order of a chat', () => {
  it('holds: one call at a time, after which the newest of all that came meanwhile goes out', async () => {
    start(true)
    commit(message(1))
    commit(message(2), read(1))
    commit(archived)
    commit(message(3))
    expect(data()).toHaveLength(1)
    await answer()
    expect(data()[1]).toEqual({ chat_id: 'a', seq: 3, state: true, message: expect.objectContaining({ id: 'm3' }) })
    await answer()
    expect(data()).toHaveLength(2)
    expect(publishing.pending).toBe(0)
  })

  it('does not delay other chats, of which some are published at once', async () => {
    for (let n = 0; n < 2 * AT_ONCE; n++) commit(message(1, `chat ${n}`))
    expect(asked).toHaveLength(AT_ONCE)
    await answer()
    expect(data().at(-1)).toEqual({ chat_id: `chat ${AT_ONCE}`, seq: 1 })
  })

  it('a hint that failed never replaces a newer one', async () => {
    commit(message(1))
    commit(message(2))
    await fail()
    await clock.advance(2_000)
    expect(data().at(-1)).toEqual({ chat_id: 'a', seq: 2 })
    await answer()
    expect(publishing.pending).toBe(0)
  })
})

describe('a service that is away', () => {
  it('gets one call after a pause that grows, and everything that waits once it answers', async () => {
    for (let n = 0; n < 3; n++) commit(message(1, `chat ${n}`))
    // Three failures at once are one
    for (let n = 0; n < 3; n++) await fail()
    expect(calls).toHaveLength(0)
    await clock.advance(700)
    expect(calls).toHaveLength(0)
    await clock.advance(600)
    expect(calls).toHaveLength(1)
    await fail()
    await clock.advance(1_500)
    expect(calls).toHaveLength(0)
    await clock.advance(1_000)
    expect(calls).toHaveLength(1)
    await answer()
    expect(calls).toHaveLength(2)
    expect(new Set(data().map(({ chat_id }) => chat_id)).size).toBe(3)
  })

  it('is asked again where timers are early, as those of runtimes are', async () => {
    class EarlyClock extends FakeClock {
      override after = (ms: number, task: () => void): (() => void) => super.after(ms - 1, task)
    }
    clock = new EarlyClock()
    start()
    commit(message(1))
    await fail()
    await clock.advance(2_000)
    expect(calls).toHaveLength(1)
  })

  it('and that hangs counts as failed after a while, and is told to stop', async () => {
    commit(message(1))
    await clock.advance(CALL_WITHIN - 1)
    expect(calls[0]?.signal.aborted).toBe(false)
    await clock.advance(1)
    expect(calls[0]?.signal.aborted).toBe(true)
    expect(outcomes).toEqual(['new-message retry'])
    await clock.advance(2_000)
    expect(asked).toHaveLength(2)
  })

  it('costs a hint that it fails again and again, not those of other chats', async () => {
    commit(message(1, 'poison'))
    const refuses = async (): Promise<void> => {
      await (calls[0]?.publication.data.chat_id === 'poison' ? fail(new TypeError('odd')) : answer())
    }
    for (let n = 0; n < 2 * MAX_FAILURES; n++) {
      commit(message(1, `chat ${n}`))
      while (calls.length > 0) await refuses()
      await clock.advance(40_000)
    }
    expect(outcomes.filter((outcome) => outcome === 'new-message dropped')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome === 'new-message published')).toHaveLength(2 * MAX_FAILURES)
    expect(publishing.pending).toBe(0)
  })

  it('is asked again after the time that it names, and its limit costs no hint', async () => {
    commit(message(1))
    for (let n = 0; n < 2 * MAX_FAILURES; n++) {
      await fail(new PublicationFailed('too many', { retryAfter: 60_000 }))
      await clock.advance(59_000)
      expect(calls).toHaveLength(0)
      await clock.advance(1_000)
      expect(calls).toHaveLength(1)
    }
    expect(outcomes).not.toContain('new-message dropped')
  })

  it('loses the oldest hints when too many chats wait', async () => {
    commit(message(1, 'first'))
    await fail()
    for (let n = 0; n < MAX_WAITING + 5; n++) commit(message(1, `chat ${n}`), message(2, `chat ${n}`))
    expect(publishing.pending).toBe(MAX_WAITING)
    expect(outcomes.filter((outcome) => outcome === 'new-message dropped')).toHaveLength(6)
    await clock.advance(2_000)
    expect(data().at(-1)).toEqual({ chat_id: 'chat 5', seq: 2 })
  })
})

it('what a service refuses for good is reported and not published again, and the next goes on at once', async () => {
  commit(message(1, 'odd'))
  await fail(new PublicationFailed('400', { final: true }))
  expect(outcomes).toEqual(['reported', 'new-message refused'])
  commit(message(1))
  expect(calls).toHaveLength(1)
  await clock.advance(60_000)
  expect(data().filter(({ chat_id }) => chat_id === 'odd')).toHaveLength(1)
})

describe('typing', () => {
  const types = (chat_id = 'a'): void => publishing.typing({ chat_id, sender_type: 'user', typing: true })

  it('goes to the chat alone, and past the hints that wait', () => {
    for (let n = 0; n < 2 * AT_ONCE; n++) commit(message(1, `chat ${n}`))
    types()
    expect(asked.at(-1)).toEqual({
      topics: [{ type: 'chat', chatId: 'a' }],
      event: 'typing',
      data: { chat_id: 'a', sender_type: 'user', typing: true },
    })
  })

  it('is dropped while an earlier one of the chat is on its way, and while the service is away', async () => {
    types()
    types()
    expect(asked).toHaveLength(1)
    await answer()
    commit(message(1))
    await fail()
    types()
    expect(asked).toHaveLength(2)
  })

  it('does not go to a service that keeps what it gets, and neither does a message', async () => {
    start(true, { ...service, maxData: 0 })
    types()
    commit(message(1))
    expect(data()).toEqual([{ chat_id: 'a', seq: 1 }])
  })

  it('goes out once a second at most for each side of a chat', async () => {
    const staffTypes = (): void => publishing.typing({ chat_id: 'a', sender_type: 'admin', typing: true })
    for (let n = 0; n < 10; n++) {
      types()
      await answer()
      staffTypes()
      await answer()
    }
    expect(asked).toHaveLength(2)
    await clock.advance(1_000)
    types()
    expect(asked).toHaveLength(3)
  })

  it('that fails is not tried again', async () => {
    types()
    await fail()
    await clock.advance(60_000)
    expect(asked).toHaveLength(1)
    expect(outcomes).toEqual(['typing dropped'])
  })
})

describe('the end of a request', () => {
  async function isSettled(settled: Promise<void>): Promise<boolean> {
    await clock.advance(0)
    return Promise.race([settled.then(() => true), Promise.resolve().then(() => Promise.resolve(false))])
  }

  it('waits for what came until then, and not for what comes after', async () => {
    commit(message(1))
    const settled = publishing.settled()
    commit(message(1, 'later'))
    expect(await isSettled(settled)).toBe(false)
    await answer()
    expect(await isSettled(settled)).toBe(true)
    expect(publishing.pending).toBe(1)
  })

  it('waits for another try as well, but not for long', async () => {
    commit(message(1))
    const settled = publishing.settled()
    await fail()
    await clock.advance(2_000)
    expect(await isSettled(settled)).toBe(false)
    await clock.advance(SETTLE_WITHIN)
    expect(await isSettled(settled)).toBe(true)
  })
})

describe('a stop', () => {
  it('waits for what is on its way, then publishes no more', async () => {
    commit(message(1))
    commit(message(2))
    const closed = publishing.close()
    await answer()
    await answer()
    await closed
    expect(isClosed).toBe(true)
    commit(message(3))
    expect(data()).toEqual([1, 2].map((seq) => ({ chat_id: 'a', seq })))
  })

  it('waits for no service that hangs, and aborts its call', async () => {
    commit(message(1))
    let closed = false
    void publishing.close().then(() => (closed = true))
    await clock.advance(3_000)
    expect(closed).toBe(false)
    await clock.advance(600)
    expect(closed).toBe(true)
    expect(calls[0]?.signal.aborted).toBe(true)
  })

  it('does not wait for a service that is away', async () => {
    commit(message(1))
    await fail()
    await publishing.close()
    await clock.advance(60_000)
    expect(asked).toHaveLength(1)
  })
})

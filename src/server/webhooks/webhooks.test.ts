import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sqliteStore } from '../../stores/sqlite.ts'
import { FakeClock } from '../../testing/fake-clock.ts'
import { isoTime } from '../ports/clock.ts'
import type { Store } from '../ports/store/store.ts'
import { outboxOf, readEndpoints } from './endpoint.ts'
import { Webhooks } from './webhooks.ts'

const HOUR = 3_600_000
const secret = `whsec_${btoa('a key that only the tests know!!')}`
const endpoints = readEndpoints([{ url: 'https://example.com/hook', secret }])

let store: Store
let clock: FakeClock
let webhooks: Webhooks
let chat: string
const errors: unknown[] = []
/** `webhook-id` and body of each attempt, and what is answered */
const sent: { id: string; body: string }[] = []
let answer: (body: string) => Promise<number>

beforeEach(async () => {
  clock = new FakeClock()
  store = await sqliteStore(':memory:')
  answer = async () => 204
  sent.splice(0)
  errors.splice(0)
  await store.savePeople([{ id: 'ada', email: 'ada@example.com', name: null }], now())
  chat = (await store.openChat('ada', crypto.randomUUID(), now())).id
  webhooks = new Webhooks({
    store,
    clock,
    endpoints,
    observer: undefined,
    onError: (error) => errors.push(error),
    post({ headers, body }) {
      sent.push({ id: headers['webhook-id'] ?? '', body })
      return answer(body)
    },
  })
})
afterEach(async () => {
  const closing = webhooks.close()
  await clock.advance(10_000)
  await closing
  await store.close()
})

const now = (): string => isoTime(clock.now())
async function write(content: string): Promise<void> {
  const sender = { sender_type: 'user', sender_id: 'ada', sender_name: null } as const
  const kept = { chat_id: chat, content, client_id: null, created_at: now(), notify_at: null }
  const [outcome] = await store.appendMessages([{ id: crypto.randomUUID(), ...sender, ...kept }], outboxOf(endpoints))
  if (outcome?.kind !== 'stored') return expect.fail()
  webhooks.receive([
    { type: 'message', chat: { id: chat, user_id: 'ada', user_email: 'ada@example.com' }, message: outcome.message },
  ])
}
const states = async () => (await webhooks.list({ limit: 9 })).webhooks.map(({ state, reason }) => [state, reason])
/** Lets the next one be sent that is due, and waits for what becomes of it: its signature is made on another thread */
async function attempt(): Promise<void> {
  const [before, dueAt] = [sent.length, await store.nextWebhook(endpoints[0]?.id ?? '')]
  await clock.advance(Math.max(1, Date.parse(dueAt ?? '') - clock.now()))
  await expect.poll(() => sent.length).toBeGreaterThan(before)
  await expect.poll(async () => (await states()).some(([state]) => state === 'sending')).toBe(false)
}

describe('a webhook', () => {
  it('is sent again for a day, with the same id and body; then it failed, and the next of its chat has its turn', async () => {
    answer = async (body) => (body.includes('"one"') ? 500 : 204)
    const begin = clock.now()
    await write('one')
    await attempt()
    await write('two')
    while (clock.now() < begin + 24 * HOUR) {
      expect(await states()).toEqual([
        ['pending', null],
        ['pending', 'status'],
      ])
      await attempt()
    }
    const ENDED = [
      ['delivered', null],
      ['failed', 'status'],
    ]
    await expect.poll(states).toEqual(ENDED)
    const one = sent.slice(0, -1)
    expect(one.length).toBeGreaterThan(10)
    expect(one.length).toBeLessThan(16)
    expect(new Set(one.map(({ id, body }) => `${id} ${body}`)).size).toBe(1)
    expect(errors).toEqual([])
  })

  it('that is not answered within ten seconds counts as not delivered, also where the transport hangs for good', async () => {
    answer = () => new Promise(() => undefined)
    await write('one')
    await clock.advance(1)
    await expect.poll(() => sent.length).toBe(1)
    await clock.advance(9_900)
    expect(await states()).toEqual([['sending', null]])
    await clock.advance(200)
    await expect.poll(states).toEqual([['pending', 'timed_out']])
  })

  it('is in the log for a week', async () => {
    await write('one')
    await attempt()
    await clock.advance(7 * 24 * HOUR - HOUR)
    expect(await states()).toEqual([['delivered', null]])
    await clock.advance(3 * HOUR)
    expect(await states()).toEqual([])
  })
})

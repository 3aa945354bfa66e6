import { describe, expect, it } from 'vitest'
import type { Outbox } from '../../server/ports/store/outbox.ts'
import type { DueWebhook, WebhookOutcome } from '../../server/ports/store/webhooks.ts'
import { at, uuid, type Kit } from './kit.ts'

const [CRM, LOG] = [uuid(1), uuid(2)]
const LEASE = 30_000
const LEASE_S = LEASE / 1000
const OUTBOX: Outbox = {
  'message.created': [CRM, LOG],
  'chat.archived': [CRM],
  'chat.unarchived': [CRM],
}

export function webhooksConformance(name: string, kit: Kit): void {
  const { chat, message, reply } = kit
  const claim = (seconds: number, limit = 20, endpoint = CRM) =>
    kit.store.claimWebhooks({ endpoint, at: at(seconds), lease: LEASE, limit })
  const claimOne = async (seconds: number): Promise<DueWebhook> =>
    (await claim(seconds))[0] ?? expect.fail(`nothing was due at ${seconds} s`)
  const settle = (due: DueWebhook, outcome: WebhookOutcome, seconds: number) =>
    kit.store.settleWebhook(due, outcome, at(seconds))
  const deliver = (due: DueWebhook, seconds: number) => settle(due, { state: 'delivered', status: 204 }, seconds)
  const retryAt = (seconds: number): WebhookOutcome => ({
    state: 'retry',
    retry_at: at(seconds),
    status: 503,
    reason: 'status',
  })
  const FAILED: WebhookOutcome = { state: 'failed', status: null, reason: 'timed_out' }
  const write = (...batch: Parameters<typeof kit.append>) => kit.store.appendMessages(batch, OUTBOX)
  const list = (more: object = {}) => kit.store.listWebhooks({ limit: 20, ...more })
  const contents = (due: DueWebhook[]) => due.map((one) => one.message?.content)
  /** Delivers all of a queue, one after the other */
  async function drain(seconds: number): Promise<(string | undefined)[]> {
    const events: (string | undefined)[] = []
    for (let due = await claim(seconds); due.length > 0; due = await claim(seconds))
      for (const one of due) {
        events.push(one.message?.content ?? one.event)
        await deliver(one, seconds)
      }
    return events
  }

  describe(`${name}: the outbox`, () => {
    it('has a webhook of each message for each endpoint, with the message and its chat', async () => {
      const id = await chat('u')
      const [stored] = await write(message(id))
      const [due] = await claim(1)
      expect(due).toMatchObject({ event: 'message.created', created_at: at(1), attempts: 0, claim: 1 })
      expect(due?.chat).toEqual({ id, user_id: 'u', user_email: 'u@example.com' })
      expect(due?.message).toEqual(stored?.kind === 'stored' && stored.message)
      const [other] = await claim(1, 20, LOG)
      expect(other?.message).toEqual(due?.message)
      expect(other?.id).not.toBe(due?.id)
    })

    it('has what else happened, in the order in which it did', async () => {
      const id = await chat('u')
      await write(message(id, { content: 'one' }), reply(id, 2, { content: 'two' }))
      expect(await kit.store.setArchived(id, true, at(3), { outbox: OUTBOX })).toBeDefined()
      expect(await kit.store.setArchived(id, true, at(4), { outbox: OUTBOX })).toBeUndefined()
      await write(message(id, { content: 'three', created_at: at(5) }))
      await kit.store.setArchived(id, true, at(6), { outbox: OUTBOX })
      await kit.store.setArchived(id, false, at(7), { outbox: OUTBOX })
      const ARCHIVED = 'chat.archived'
      const UNARCHIVED = 'chat.unarchived'
      expect(await drain(9)).toEqual(['one', 'two', ARCHIVED, 'three', UNARCHIVED, ARCHIVED, UNARCHIVED])
      expect(contents(await claim(9, 20, LOG))).toEqual(['one'])
    })

    it('has nothing that was not stored, and nothing where nobody is told', async () => {
      const id = await chat('u')
      await kit.append(message(id))
      await kit.store.setArchived(id, true, at(2))
      await kit.store.appendMessages([message(id)], {})
      expect(await list()).toEqual([])
      const once = { client_id: 'c', content: 'once' }
      await write(message(id, once))
      await write(message(id, once), message(id, { ...once, content: 'conflict' }), message(uuid(99)))
      expect(await drain(9)).toEqual(['once'])
    })

    it('has one webhook due for each chat and endpoint; the others wait for it, and other chats do not', async () => {
      const [a, b] = [await chat('a'), await chat('b')]
      await write(message(a, { content: 'a1' }), message(a, { content: 'a2' }), message(b, { content: 'b1' }))
      await write(message(a, { content: 'a3', created_at: at(2) }))
      const first = await claim(2)
      expect(new Set(contents(first))).toEqual(new Set(['a1', 'b1']))
      expect(await claim(2)).toEqual([])
      const a1 = first.find((due) => due.message?.content === 'a1') ?? expect.fail()
      expect(await settle(a1, retryAt(20), 3)).toBe(true)
      expect(await claim(19)).toEqual([])
      const again = await claimOne(20)
      expect(again).toMatchObject({ id: a1.id, attempts: 1, message: { content: 'a1' } })
      expect(await settle(again, FAILED, 21)).toBe(true)
      expect(await drain(21)).toEqual(['a2', 'a3'])
    })

    it('gives a webhook to one sender at a time, and to the next when the lease has expired', async () => {
      const id = await chat('u')
      await write(message(id))
      const claims = await Promise.all([claim(2), claim(2), claim(2)])
      expect(claims.flat()).toHaveLength(1)
      const [lost] = claims.flat()
      if (!lost) return expect.fail()
      expect(await kit.store.nextWebhook(CRM)).toBe(at(2 + LEASE_S))
      expect(await claim(2 + LEASE_S - 0.001)).toEqual([])
      const next = await claimOne(2 + LEASE_S)
      expect(next).toMatchObject({ id: lost.id, claim: lost.claim + 1, attempts: 0 })
      expect(await deliver(lost, 40)).toBe(false)
      expect(await deliver(next, 41)).toBe(true)
      expect(await deliver(next, 42)).toBe(false)
      expect(await kit.store.nextWebhook(CRM)).toBeUndefined()
    })

    it('claims the oldest first, and no more than asked', async () => {
      for (let i = 0; i < 5; i++) await write(message(await chat(`u${i}`), { content: `${i}`, created_at: at(10 - i) }))
      expect(await kit.store.nextWebhook(CRM)).toBe(at(6))
      expect(contents(await claim(20, 2))).toEqual(['4', '3'])
      expect(contents(await claim(20, 9))).toEqual(['2', '1', '0'])
    })

    it('is due at once, also where an earlier message of its chat is from a clock that was ahead', async () => {
      const id = await chat('u')
      await kit.append(message(id, { created_at: at(1000) }))
      await kit.store.setArchived(id, true, at(1001))
      await write(message(id, { content: 'now', created_at: at(2) }))
      expect(await kit.store.nextWebhook(CRM)).toBe(at(2))
      expect(await claimOne(2)).toMatchObject({ created_at: at(1000.001), message: { created_at: at(1000.001) } })
    })

    it('loses and reorders nothing, however many append and send at once', async () => {
      const ids = [await chat('a'), await chat('b')]
      const seen = new Map<string, (number | undefined)[]>(ids.map((id) => [id, []]))
      let left = 40
      const writer = async (id: string) => {
        for (let i = 0; i < 10; i++) await write(message(id), reply(id, 2))
      }
      const sender = async () => {
        while (left > 0) {
          const due = await claim(99, 1)
          for (const one of due) {
            seen.get(one.chat.id)?.push(one.message?.seq)
            await deliver(one, 99)
            left--
          }
          if (due.length === 0) await new Promise((resolve) => setTimeout(resolve, 1))
        }
      }
      await Promise.all([...ids.map(writer), sender(), sender(), sender()])
      for (const id of ids) expect(seen.get(id)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
    })
  })

  describe(`${name}: the log of webhooks`, () => {
    it('says what became of each, newest first, in pages', async () => {
      const id = await chat('u')
      await write(message(id))
      await kit.store.setArchived(id, true, at(2), { outbox: OUTBOX })
      await settle(await claimOne(3), { ...FAILED, status: 500, reason: 'status' }, 4)
      await deliver(await claimOne(5), 6)
      await settle((await claim(7, 1, LOG))[0] ?? expect.fail(), retryAt(60), 8)
      const common = { chat_id: id, user_email: 'u@example.com' }
      const archived = {
        ...common,
        endpoint: CRM,
        event: 'chat.archived',
        state: 'delivered',
        attempts: 0,
        status: 204,
      }
      const failed = { ...common, endpoint: CRM, event: 'message.created', state: 'failed', attempts: 1, status: 500 }
      const waiting = { ...common, endpoint: LOG, event: 'message.created', state: 'pending', attempts: 1, status: 503 }
      const all = await list()
      expect(all[0]).toMatchObject({ ...archived, reason: null, due_at: null, created_at: at(2), updated_at: at(6) })
      const rest = all.slice(1).toSorted((a, b) => (a.endpoint < b.endpoint ? -1 : 1))
      expect(rest).toMatchObject([
        { ...failed, reason: 'status', due_at: null, updated_at: at(4) },
        { ...waiting, reason: 'status', due_at: at(60) },
      ])
      const pages = []
      for (let cursor; pages.length < 5;) {
        const [row] = await list({ limit: 1, cursor })
        if (!row) break
        pages.push(row)
        cursor = { key: row.created_at, id: row.id }
      }
      expect(pages).toEqual(all)
      expect(await list({ failed: true })).toEqual(all.filter(({ state }) => state === 'failed'))
    })

    it('sends one again that has ended, without holding others or being held', async () => {
      const id = await chat('u')
      await write(...['one', 'two', 'three'].map((content) => message(id, { content })))
      const one = await claimOne(2)
      await settle(one, FAILED, 3)
      const two = await claimOne(4)
      expect(await kit.store.sendWebhookAgain(one.id, at(5))).toMatchObject({
        state: 'pending',
        due_at: at(5),
        attempts: 0,
      })
      const again = await claimOne(5)
      expect(again).toMatchObject({ id: one.id, message: { content: 'one' } })
      await deliver(two, 6)
      await deliver(again, 7)
      expect(await drain(8)).toEqual(['three'])
      // The newest of its queue: what comes now waits for it
      const [newest] = await list({ limit: 1 })
      if (!newest) return expect.fail()
      const last = (await list()).find((row) => row.endpoint === CRM) ?? expect.fail()
      await kit.store.sendWebhookAgain(last.id, at(9))
      await write(message(id, { content: 'four', created_at: at(9) }))
      expect(await drain(9)).toHaveLength(2)
    })

    it('sends one now that waits for its next attempt, and leaves alone what is being sent, waits or is unknown', async () => {
      const id = await chat('u')
      await write(message(id, { content: 'one' }), message(id, { content: 'two' }))
      const one = await claimOne(2)
      expect(await kit.store.sendWebhookAgain(one.id, at(3))).toMatchObject({
        state: 'sending',
        due_at: at(2 + LEASE_S),
      })
      await settle(one, retryAt(600), 4)
      const waiting = (await list()).find((row) => row.endpoint === CRM && row.id !== one.id) ?? expect.fail()
      expect(await kit.store.sendWebhookAgain(waiting.id, at(5))).toMatchObject({ state: 'pending', due_at: null })
      expect(await claim(5)).toEqual([])
      expect(await kit.store.sendWebhookAgain(one.id, at(5))).toMatchObject({
        state: 'pending',
        due_at: at(5),
        attempts: 1,
      })
      expect(await drain(5)).toEqual(['one', 'two'])
      for (const unknown of ['nothing', uuid(99)])
        expect(await kit.store.sendWebhookAgain(unknown, at(9))).toBeUndefined()
      expect(await settle({ ...one, id: uuid(99) }, FAILED, 9)).toBe(false)
    })

    it('forgets what is old and has ended, and what goes to endpoints that are gone', async () => {
      const id = await chat('u')
      await write(message(id, { content: 'one' }), message(id, { content: 'two' }))
      await deliver(await claimOne(2), 3)
      const forget = (before: number, endpoints: string[], limit = 20) =>
        kit.store.forgetWebhooks({ before: at(before), endpoints, limit })
      expect(await forget(0.5, [CRM, LOG])).toBe(0)
      expect(await forget(9, [CRM, LOG])).toBe(1)
      expect(await forget(9, [CRM, LOG])).toBe(0)
      expect(await forget(9, [CRM], 1)).toBe(1)
      expect(await forget(9, [CRM], 9)).toBe(1)
      expect(await drain(9)).toEqual(['two'])
      expect(await forget(9, [])).toBe(1)
      await write(message(id, { content: 'three', created_at: at(10) }))
      expect(await drain(10)).toEqual(['three'])
    })

    it('leaves nothing waiting for what it forgot of an endpoint that was gone for a while', async () => {
      const id = await chat('u')
      await write(message(id, { content: 'old' }), message(id, { content: 'kept', created_at: at(5) }))
      expect(await kit.store.forgetWebhooks({ before: at(4), endpoints: [LOG], limit: 20 })).toBe(1)
      await write(message(id, { content: 'new', created_at: at(6) }))
      expect(await drain(7)).toEqual(['kept', 'new'])
    })

    it('is erased with the person, also what waits and what is being sent', async () => {
      const [id, other] = [await chat('u'), await chat('v')]
      await write(message(id), message(id), message(other, { content: 'v' }))
      const held = (await claim(2)).find((due) => due.chat.id === id) ?? expect.fail()
      await kit.store.erasePerson('u')
      expect(await deliver(held, 3)).toBe(false)
      expect((await list()).map((row) => row.chat_id)).toEqual([other, other])
      expect(contents(await claim(2 + LEASE_S))).toEqual(['v'])
    })
  })
}

import { describe, expect, it } from 'vitest'
import { sqliteStore } from '../../stores/sqlite.ts'
import { MAX_CONTENT } from '../../protocol/limits.ts'
import { ChatEvents } from '../events/chat-events.ts'
import { MessageWriter } from './append.ts'

describe('a transaction', () => {
  it('takes no more than a database takes in one statement, however much waits', async () => {
    const store = await sqliteStore(':memory:')
    const at = '2026-03-02T09:00:00.000Z'
    await store.savePeople([{ id: 'u', email: 'u@example.com', name: null }], at)
    const chat = await store.openChat('u', '01950000-0000-7000-8000-000000000001', at)
    const batches: { messages: number; characters: number }[] = []
    const writer = new MessageWriter({
      store: {
        ...store,
        appendMessages(batch) {
          const characters = batch.reduce((sum, { content }) => sum + content.length, 0)
          batches.push({ messages: batch.length, characters })
          return store.appendMessages(batch)
        },
      },
      clock: { now: Date.now, after: () => () => undefined },
      notifyAfter: { admin: () => 1_000, user: null },
      answerAfter: null,
      outbox: undefined,
      openTime: undefined,
      onError: (error) => expect.fail(String(error)),
      observer: undefined,
      events: new ChatEvents((error) => expect.fail(String(error))),
    })
    const sender = { id: 'u', role: 'user', email: 'u@example.com', name: null, expiresAt: null } as const
    const send = (content: string): Promise<unknown> => writer.append({ sender, chat, content, clientId: null })
    await Promise.all(Array.from({ length: 250 }, (_, i) => send(`${i}`.padEnd(MAX_CONTENT, 'x'))))
    await Promise.all(Array.from({ length: 2_500 }, (_, i) => send(`${i}`)))
    expect(batches.map(({ messages }) => messages)).toEqual([100, 100, 50, 1_000, 1_000, 500])
    expect(Math.max(...batches.map(({ characters }) => characters))).toBe(1_000_000)
    const page = await store.messages(chat.id, { after: 0, limit: 5_000 })
    expect(page.messages.slice(250).map(({ content }) => content)).toEqual(
      Array.from({ length: 2_500 }, (_, i) => `${i}`),
    )
    await store.close()
  })
})

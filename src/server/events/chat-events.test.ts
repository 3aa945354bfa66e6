import { describe, expect, it } from 'vitest'
import type { SupportMessage } from '../../protocol/types.ts'
import type { ChatEvent } from './chat-event.ts'
import { ChatEvents } from './chat-events.ts'
import { hostListener } from './host-listener.ts'

const chat = { id: 'c', user_id: 'u', user_email: 'u@example.com', last_seq: 7 }
const message: SupportMessage = {
  id: 'm',
  seq: 1,
  content: 'Hello',
  sender_type: 'user',
  sender_name: null,
  client_id: null,
  read_at: null,
  created_at: '2026-03-02T09:00:00.000Z',
}
const stored: ChatEvent = { type: 'message', chat, message }
const unarchived: ChatEvent = { type: 'unarchived', chat, at: message.created_at }

function eventsWithErrors(): { events: ChatEvents; errors: unknown[]; onError: (error: unknown) => void } {
  const errors: unknown[] = []
  const onError = (error: unknown): void => void errors.push(error)
  return { events: new ChatEvents(onError), errors, onError }
}

describe('chat events', () => {
  it('reach every subscriber as one batch in its order', () => {
    const { events } = eventsWithErrors()
    const got: (readonly ChatEvent[])[][] = [[], []]
    for (const batches of got) events.subscribe((batch) => batches.push(batch))
    const batch = [stored, unarchived]
    events.emit(batch)
    events.emit([])
    expect(got).toEqual([[batch], [batch]])
    // No copy per subscriber
    expect(got.every(([first]) => first === batch)).toBe(true)
  })

  it('reach the others when a subscriber throws, which is reported', () => {
    const { events, errors } = eventsWithErrors()
    const got: ChatEvent[] = []
    const fault = new Error('The CRM is away')
    events.subscribe(() => {
      throw fault
    })
    events.subscribe((batch) => got.push(...batch))
    events.emit([stored])
    expect(got).toEqual([stored])
    expect(errors).toEqual([fault])
  })
})

describe("the host's listener", () => {
  it('gets copies of its own, without what the event does not promise', () => {
    const { events, onError } = eventsWithErrors()
    const got: ChatEvent[] = []
    events.subscribe(hostListener((event) => void got.push(event), onError))
    events.emit([stored, unarchived])
    const { last_seq: _, ...promised } = chat
    expect(got).toEqual([
      { type: 'message', chat: promised, message },
      { type: 'unarchived', chat: promised, at: message.created_at },
    ])
    const [first] = got
    if (first?.type === 'message') Object.assign(first.message, { content: 'changed by the host' })
    expect(message.content).toBe('Hello')
  })

  it('gets the rest of a batch when it throws or rejects, and each fault is reported', async () => {
    const { events, errors, onError } = eventsWithErrors()
    const seen: string[] = []
    events.subscribe(
      hostListener((event) => {
        seen.push(event.type)
        if (event.type === 'message') throw new Error('thrown')
        return Promise.reject(new Error('rejected'))
      }, onError),
    )
    events.emit([stored, unarchived])
    expect(seen).toEqual(['message', 'unarchived'])
    await expect.poll(() => errors).toEqual([new Error('thrown'), new Error('rejected')])
  })
})

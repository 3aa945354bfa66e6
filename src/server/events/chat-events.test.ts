import { describe, expect, it } from 'vitest'
import type { SupportMessage } from '../../protocol/types.ts'
import type { ChatEvent } from './chat-event.ts'
import { ChatEvents } from './chat-events.ts'
import { HostListeners } from './host-listeners.ts'

const chat = { id: 'c', user_id: 'u', user_email: 'u@example.com', last_seq: 7 }
const message: SupportMessage = {
  id: 'm',
  seq: 1,
  content: 'Hello',
  sender_type: 'user',
  sender_name: null,
  client_id: null,
  read_at: null,
  attachments: [],
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

describe("the host's listeners", () => {
  function hostListeners() {
    const { events, errors, onError } = eventsWithErrors()
    const listeners = new HostListeners(onError)
    events.subscribe(listeners.receive)
    return { events, errors, listeners }
  }

  it('get the events of their type, as copies of their own, without what the event does not promise', () => {
    const { events, listeners } = hostListeners()
    const got: ChatEvent[][] = [[], []]
    for (const mine of got) listeners.on('message', (event) => void mine.push(event))
    events.emit([stored, unarchived])
    const { last_seq: _, ...promised } = chat
    const copy = { type: 'message', chat: promised, message }
    expect(got).toEqual([[copy], [copy]])
    const [first] = got[0] ?? []
    if (first?.type === 'message') Object.assign(first.message, { content: 'changed by the host' })
    expect(message.content).toBe('Hello')
    expect(got[1]).toEqual([copy])
  })

  it('get nothing more once they are removed, each for itself, and may be removed while they are called', () => {
    const { events, listeners } = hostListeners()
    const seen: string[] = []
    const listen = (): void => void seen.push('twice')
    const removeFirst = listeners.on('unarchived', listen)
    listeners.on('unarchived', listen)
    const removeOnce = listeners.on('unarchived', () => {
      seen.push('once')
      removeOnce()
    })
    events.emit([unarchived])
    removeFirst()
    removeFirst()
    events.emit([unarchived])
    expect(seen).toEqual(['twice', 'twice', 'once', 'twice'])
  })

  it('get the rest of a batch when one throws or rejects, and each fault is reported', async () => {
    const { events, errors, listeners } = hostListeners()
    const seen: string[] = []
    listeners.on('message', () => {
      throw new Error('thrown')
    })
    listeners.on('message', ({ type }) => void seen.push(type))
    listeners.on('unarchived', ({ type }) => {
      seen.push(type)
      return Promise.reject(new Error('rejected'))
    })
    events.emit([stored, unarchived])
    expect(seen).toEqual(['message', 'unarchived'])
    await expect.poll(() => errors).toEqual([new Error('thrown'), new Error('rejected')])
  })
})

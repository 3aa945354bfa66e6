import { describe, expect, it } from 'vitest'
import type { NewMessage } from '../../server/ports/store/messages.ts'
import { advance, isSameMessage, place, type Head } from './message.ts'

const sent = (more: Partial<NewMessage> = {}): NewMessage => ({
  id: 'm',
  chat_id: 'c',
  content: 'hello',
  sender_type: 'user',
  sender_id: 'u',
  sender_name: 'U',
  client_id: 'x',
  created_at: '2026-03-02T09:00:00.000Z',
  notify_at: null,
  ...more,
})
const head = (more: Partial<Head> = {}): Head => ({
  user_id: 'u',
  last_seq: 4,
  last_user_seq: 2,
  last_message_at: '2026-03-02T08:00:00.000Z',
  archived_at: null,
  assignee_id: null,
  assignee_name: null,
  blocked_at: null,
  assistant_off_at: null,
  tags: null,
  waiting_since: null,
  last_activity_seq: 3,
  last_activity_at: '2026-03-02T08:45:00.000Z',
  last: null,
  ...more,
})

describe('A message', () => {
  it('gets the next seq of its chat, and is unread', () => {
    expect(place(sent(), head(), [])).toEqual({
      id: 'm',
      seq: 5,
      content: 'hello',
      sender_type: 'user',
      sender_name: 'U',
      client_id: 'x',
      read_at: null,
      created_at: '2026-03-02T09:00:00.000Z',
      attachments: [],
    })
  })

  it.each(['2026-03-02T09:00:00.000Z', '2026-03-02T09:00:00.500Z'])(
    'is dated a millisecond after the one before it when the clock is not ahead of that (%s)',
    (last_message_at) => {
      expect(place(sent(), head({ last_message_at }), []).created_at).toBe(last_message_at.replace('0Z', '1Z'))
    },
  )

  it('of a user takes the chat out of the archive, and one of staff does not', () => {
    const archived_at = '2026-03-02T08:30:00.000Z'
    for (const [sender_type, isUsers] of [
      ['user', true],
      ['admin', false],
    ] as const) {
      const chat = head({ archived_at })
      const one = sent({ sender_type })
      const message = place(one, chat, [])
      const { unarchived, taken } = advance(chat, one, message)
      expect(taken).toBeNull()
      if (isUsers)
        expect(unarchived).toMatchObject({ kind: 'unarchived', seq: 4, created_at: '2026-03-02T09:00:00.000Z' })
      else expect(unarchived).toBeNull()
      expect(chat).toEqual({
        waiting_since: null,
        user_id: 'u',
        last_seq: 5,
        last_user_seq: isUsers ? 5 : 2,
        last_message_at: '2026-03-02T09:00:00.000Z',
        tags: null,
        archived_at: isUsers ? null : archived_at,
        assignee_id: null,
        assignee_name: null,
        blocked_at: null,
        // A person of staff has the chat by a message
        assistant_off_at: isUsers ? null : '2026-03-02T09:00:00.000Z',
        last_activity_seq: isUsers ? 4 : 3,
        last_activity_at: isUsers ? '2026-03-02T09:00:00.000Z' : '2026-03-02T08:45:00.000Z',
        last: message,
      })
    }
  })

  it('is a repetition when what the sender wrote is the same, whatever their name and the time are now', () => {
    const stored = place(sent(), head(), [])
    expect(isSameMessage(stored, sent({ id: 'n', sender_name: 'V', created_at: '2026-03-03T09:00:00.000Z' }))).toBe(
      true,
    )
    expect(isSameMessage(stored, sent({ content: 'hello ' }))).toBe(false)
  })
})

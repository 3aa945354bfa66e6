import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  encode,
  encodeCableEvent,
  EncodedMessage,
  encodeEvent,
  encodeHints,
  encodeNewMessage,
  encodeNewUserMessage,
} from './encode.ts'
import type { SupportMessage } from './types.ts'

const text = fc.string({ unit: 'binary', maxLength: 40 })
const messages: fc.Arbitrary<SupportMessage> = fc.record({
  id: text,
  seq: fc.nat(),
  content: text,
  sender_type: fc.constantFrom('user', 'admin'),
  sender_name: fc.option(text),
  client_id: fc.option(text),
  read_at: fc.option(text),
  created_at: text,
  attachments: fc.array(
    fc.record({
      id: text,
      name: text,
      type: text,
      size: fc.nat(),
      width: fc.option(fc.nat()),
      height: fc.option(fc.nat()),
      url: text,
    }),
    { maxLength: 2 },
  ),
})

describe('what is put together from encoded pieces is what JSON.stringify makes of the whole', () => {
  it('a new message in its chat, with its place', () => {
    fc.assert(
      fc.property(messages, (message) => {
        const event = { type: 'new_message', message } as const
        const encoded = encodeNewMessage(new EncodedMessage(message))
        expect(encoded).toEqual({
          type: 'new_message',
          json: JSON.stringify(event),
          seq: message.seq,
          message: JSON.stringify(message),
        })
        // A replay encodes the whole event: its frames are the same
        expect(encodeEvent(event)).toEqual(encoded)
      }),
    )
  })

  it('a new user message, without a place', () => {
    fc.assert(
      fc.property(messages, text, text, (message, id, user_email) => {
        expect(encodeNewUserMessage({ id, user_email }, new EncodedMessage(message))).toEqual({
          type: 'new_user_message',
          json: JSON.stringify({ type: 'new_user_message', chat_id: id, user_email, message }),
          seq: undefined,
        })
      }),
    )
  })

  it('an event of the cable, with and without a position', () => {
    fc.assert(
      fc.property(messages, text, text, text, (message, identifier, stream, epoch) => {
        const event = encodeNewMessage(new EncodedMessage(message))
        const whole = { identifier, message: { type: 'new_message', message } }
        expect(encodeCableEvent(encode(identifier), event, undefined)).toBe(JSON.stringify(whole))
        expect(encodeCableEvent(encode(identifier), event, { stream, epoch, offset: message.seq })).toBe(
          JSON.stringify({ ...whole, stream_id: stream, epoch, offset: message.seq }),
        )
      }),
    )
  })

  it('hints of a node', () => {
    fc.assert(
      fc.property(text, fc.array(fc.record({ type: text, chat: text })), (node, hints) => {
        expect(encodeHints(node, hints.map(encode))).toBe(JSON.stringify({ node, hints }))
      }),
    )
  })
})

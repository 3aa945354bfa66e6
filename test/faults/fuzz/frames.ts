// What a peer may put on an open socket: commands of every dialect and everything near them, and bytes that are no frame at all.
import fc from 'fast-check'
import { jsonText, mutated } from './values.ts'

export type Sent =
  { kind: 'text'; text: string } | { kind: 'binary'; bytes: Uint8Array } | { kind: 'raw'; bytes: Uint8Array }

const GHOST = '01950000-0000-7000-8000-000000000000'

/** Actions as they should be */
const action: fc.Arbitrary<Record<string, unknown>> = fc.oneof(
  fc.record({
    action: fc.constant('send_message'),
    content: fc.string({ minLength: 1, unit: 'binary' }),
    client_id: fc.stringMatching(/^[\w.:-]{1,64}$/),
  }),
  fc.record({ action: fc.constantFrom('mark_read', 'mark_viewed'), up_to_seq: fc.nat(50) }),
  fc.record({ action: fc.constant('typing'), typing: fc.boolean() }),
  fc.record({ action: fc.constant('history'), after: fc.nat(50) }),
)

/** @param chats ids, the peer's own and others */
export function frames(chats: string[], epoch: string): fc.Arbitrary<Sent[]> {
  const chat = fc.constantFrom(...chats, GHOST)
  const identifier = fc.oneof(
    chat.map((chat_id) => JSON.stringify({ channel: 'ChatChannel', chat_id })),
    chat.map((chat_id) => JSON.stringify({ chat_id, channel: 'SupportChatChannel' })),
    fc.constant(JSON.stringify({ channel: 'AdminNotificationChannel' })),
    mutated(chat.map((chat_id) => ({ channel: 'ChatChannel', chat_id }))),
  )
  const history = fc.oneof(
    fc.record({ streams: chat.map((id) => ({ [`chat:${id}`]: { offset: 0, epoch } })) }),
    fc.record({ since: fc.oneof(fc.double(), fc.nat(), fc.constant(1e11), fc.constant(-1e11)) }),
    fc.record({ streams: fc.dictionary(fc.string(), fc.record({ offset: fc.double(), epoch: fc.string() })) }),
  )
  const command: fc.Arbitrary<Record<string, unknown>> = fc.oneof(
    fc.record({ command: fc.constantFrom('subscribe', 'history'), identifier, history }),
    fc.record({ command: fc.constantFrom('subscribe', 'unsubscribe', 'pong'), identifier }),
    fc.record({ command: fc.constant('message'), identifier, data: fc.oneof(mutated(action), jsonText) }),
    fc.record({
      command: fc.constant('whisper'),
      identifier,
      data: fc.record({ type: fc.constant('typing'), typing: fc.boolean() }),
    }),
  )
  const text = fc.oneof(mutated(command), mutated(action), jsonText, fc.string({ unit: 'binary' }))
  return fc.array(
    fc.oneof(
      { weight: 12, arbitrary: text.map((t): Sent => ({ kind: 'text', text: t })) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes): Sent => ({ kind: 'binary', bytes })) },
      { weight: 2, arbitrary: wire.map((bytes): Sent => ({ kind: 'raw', bytes })) },
    ),
    { minLength: 1, maxLength: 15 },
  )
}

/** Bytes on the wire: frames of any opcode, flags, length and mask, whole or in part, and what is no frame */
const wire: fc.Arbitrary<Uint8Array> = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 64 }),
  fc
    .record({
      flags: fc.constantFrom(0x80, 0x00, 0xc0, 0xb0, 0x90),
      opcode: fc.integer({ min: 0, max: 15 }),
      payload: fc.uint8Array({ maxLength: 130 }),
      masked: fc.boolean(),
      length: fc.constantFrom('true', 'short', 'huge' as const),
    })
    .map(({ flags, opcode, payload, masked, length }) => {
      const mask = masked ? 0x80 : 0
      const said =
        length === 'huge'
          ? [mask | 127, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]
          : length === 'short' || payload.length < 126
            ? [mask | Math.min(125, payload.length)]
            : [mask | 126, payload.length >> 8, payload.length & 0xff]
      return Uint8Array.from([flags | opcode, ...said, ...(masked ? [0, 0, 0, 0] : []), ...payload])
    }),
  // Half a character, in a text frame
  fc.constantFrom([0xc3], [0xe2, 0x82], [0xf0, 0x9f, 0x98], [0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80]).map((bytes) => {
    // A mask of zeros changes nothing
    return Uint8Array.from([0x81, 0x80 | bytes.length, 0, 0, 0, 0, ...bytes])
  }),
)

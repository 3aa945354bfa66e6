// Encodes all JSON that is sent to clients and between nodes. Only this file builds JSON by concatenation: a value that several
// frames contain is encoded once and embedded in each. `Json` marks text that is safe to embed.
import type { StreamPosition } from './cable.ts'
import type { AdminNotificationMessage, ChatChannelMessage } from './events.ts'
import type { SupportMessage } from './types.ts'

declare const encodedValue: unique symbol
/** The JSON text of a `Value` */
export type Json<Value> = string & { readonly [encodedValue]: Value }

export const encode = <Value>(value: Value): Json<Value> => JSON.stringify(value) as Json<Value>

/** An event before a dialect wraps it in its envelope */
export interface EncodedEvent {
  readonly type: (ChatChannelMessage | AdminNotificationMessage)['type']
  readonly json: Json<ChatChannelMessage | AdminNotificationMessage>
  /** The message's place in its chat. Undefined for events that are not stored, and so are never replayed */
  readonly seq: number | undefined
}

/** A stored message, encoded when the first frame needs it, and only once */
export class EncodedMessage {
  readonly message: SupportMessage
  #json: Json<SupportMessage> | undefined

  constructor(message: SupportMessage) {
    this.message = message
  }

  get json(): Json<SupportMessage> {
    return (this.#json ??= encode(this.message))
  }
}

export const encodeEvent = (event: ChatChannelMessage | AdminNotificationMessage): EncodedEvent => ({
  type: event.type,
  json: encode(event),
  seq: event.type === 'new_message' ? event.message.seq : undefined,
})

/** `new_message`, for the subscriptions of the chat */
export const encodeNewMessage = ({ message, json }: EncodedMessage): EncodedEvent => ({
  type: 'new_message',
  json: `{"type":"new_message","message":${json}}` as Json<ChatChannelMessage>,
  seq: message.seq,
})

/** `new_user_message`, for all staff. It has no `seq`, because the staff stream cannot be resumed */
export function encodeNewUserMessage(chat: { id: string; user_email: string }, { json }: EncodedMessage): EncodedEvent {
  const start = `{"type":"new_user_message","chat_id":${encode(chat.id)},"user_email":${encode(chat.user_email)}`
  return {
    type: 'new_user_message',
    json: `${start},"message":${json}}` as Json<AdminNotificationMessage>,
    seq: undefined,
  }
}

/**
 * An event in ActionCable's envelope.
 * @param position a stored message's position in its stream, added by AnyCable's extended protocol
 */
export function encodeCableEvent(
  identifier: Json<string>,
  event: EncodedEvent,
  position: ({ stream: string } & StreamPosition) | undefined,
): string {
  const start = `{"identifier":${identifier},"message":${event.json}`
  if (!position) return `${start}}`
  return `${start},"stream_id":${encode(position.stream)},"epoch":${encode(position.epoch)},"offset":${position.offset}}`
}

/** A message from one node to the others; see the server's `realtime/nodes/hint.ts` */
export const encodeHints = (node: string, hints: readonly Json<unknown>[]): string =>
  `{"node":${encode(node)},"hints":[${hints.join()}]}`

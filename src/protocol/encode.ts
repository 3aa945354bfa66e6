// Encodes all JSON that is sent to clients and between nodes. Only this file builds JSON by concatenation: a value that several
// frames contain is encoded once and embedded in each. `Json` marks text that is safe to embed.
import type { StreamPosition } from './cable.ts'
import type { ActivityChannelMessage, AdminNotificationMessage, ChatChannelMessage } from './events.ts'
import type { SupportMessage } from './types.ts'

declare const encodedValue: unique symbol
/** The JSON text of a `Value` */
export type Json<Value> = string & { readonly [encodedValue]: Value }

export const encode = <Value>(value: Value): Json<Value> => JSON.stringify(value) as Json<Value>

type ChannelMessage = ChatChannelMessage | ActivityChannelMessage | AdminNotificationMessage

/** An event before a dialect wraps it in its envelope */
export interface EncodedEvent {
  readonly type: ChannelMessage['type']
  readonly json: Json<ChannelMessage>
  /** The place of a message, or an activity, in its chat. Undefined for events that are not stored, and so are never replayed */
  readonly seq: number | undefined
  /** The message of `new_message` alone; undefined for every other event */
  readonly message: Json<SupportMessage> | undefined
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

export function encodeEvent(event: ChannelMessage): EncodedEvent {
  if (event.type === 'new_message') return encodeNewMessage(new EncodedMessage(event.message))
  const seq = event.type === 'new_activity' ? event.activity.seq : undefined
  return { type: event.type, json: encode(event), seq, message: undefined }
}

/** `new_message`, for the subscriptions of the chat */
export const encodeNewMessage = ({ message, json }: EncodedMessage): EncodedEvent => ({
  type: 'new_message',
  json: `{"type":"new_message","message":${json}}` as Json<ChatChannelMessage>,
  seq: message.seq,
  message: json,
})

/** `new_user_message`, for all staff. It has no `seq`, because the staff stream cannot be resumed */
export function encodeNewUserMessage(chat: { id: string; user_email: string }, { json }: EncodedMessage): EncodedEvent {
  const start = `{"type":"new_user_message","chat_id":${encode(chat.id)},"user_email":${encode(chat.user_email)}`
  return {
    type: 'new_user_message',
    json: `${start},"message":${json}}` as Json<AdminNotificationMessage>,
    seq: undefined,
    message: undefined,
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

/** An event for a client that follows several chats over one connection: it names the chat */
export const encodeChatEvent = (chatId: Json<string>, { json }: EncodedEvent): string =>
  `{"chat_id":${chatId},${json.slice(1)}`

/** A message from one node to the others; see the server's `realtime/nodes/hint.ts` */
export const encodeHints = (node: string, hints: readonly Json<unknown>[]): string =>
  `{"node":${encode(node)},"hints":[${hints.join()}]}`

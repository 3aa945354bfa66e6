// The channels of a chat and of the desk, as clients of Pusher Channels name them.
import { DeskbellError } from '../../../protocol/errors.ts'
import { findChat } from '../../chats/open.ts'
import type { Core } from '../../core.ts'
import type { Identity } from '../../people/identity.ts'
import { staffTopic, type SharedTopic } from '../streams/topic.ts'

export const STAFF_CHANNEL = 'private-support-staff'
export const chatChannel = (chatId: string): string => `private-support-chat-${chatId}`

/** With a hyphen, as in the specification, or with a dot, as Laravel separates an id */
const CHAT_CHANNEL = /^private-support-chat[-.]([0-9a-f-]{36})$/i

/**
 * What a channel is about. One that is unknown or public, and one of somebody else's chat, are refused alike.
 * @throws DeskbellError `forbidden`; StoreUnavailable
 */
export async function topicOf(core: Core, identity: Identity, channel: string): Promise<SharedTopic> {
  if (channel === STAFF_CHANNEL) return staffTopic(identity)
  const id = CHAT_CHANNEL.exec(channel)?.[1]
  if (id === undefined) throw refusal()
  return { type: 'chat', chat: await findChat(core, { identity, action: 'read_chat', id }).catch(forbid) }
}

const refusal = (): DeskbellError => new DeskbellError('forbidden', 'You may not hear this channel')

function forbid(error: unknown): never {
  throw error instanceof DeskbellError ? refusal() : error
}

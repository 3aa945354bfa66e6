import { chatStream } from '../../../protocol/cable.ts'
import type { Identity } from '../../people/identity.ts'
import { demand } from '../../people/policy.ts'
import type { ChatRecord } from '../../ports/store/chats.ts'

/** What can be subscribed to */
export type Topic =
  /** One chat, as it was read for this subscription */
  | { readonly type: 'chat'; readonly chat: ChatRecord }
  /** What all staff see: the user messages of every chat, and the rows of the list that change */
  | { readonly type: 'staff' }

const STAFF: Topic = { type: 'staff' }

/** @throws DeskbellError `forbidden` */
export function staffTopic(identity: Identity): Topic {
  demand(identity, 'follow_desk')
  return STAFF
}

/** The name of a topic's stream on the wire */
export const streamOf = (topic: Topic): string => (topic.type === 'chat' ? chatStream(topic.chat.id) : 'admin')

import { chatStream } from '../../../protocol/cable.ts'
import type { Identity } from '../../people/identity.ts'
import { demand } from '../../people/policy.ts'
import type { ChatRecord } from '../../ports/store/chats.ts'

/** What can be subscribed to */
export type Topic =
  /** One chat, as read for this subscription */
  | { readonly type: 'chat'; readonly chat: ChatRecord }
  /** The user messages of all chats, and changed rows of the list, for staff */
  | { readonly type: 'staff' }

const STAFF: Topic = { type: 'staff' }

/** @throws DeskbellError `forbidden` */
export function staffTopic(identity: Identity): Topic {
  demand(identity, 'follow_desk')
  return STAFF
}

/** The name of a topic's stream on the wire */
export const streamOf = (topic: Topic): string => (topic.type === 'chat' ? chatStream(topic.chat.id) : 'admin')

import { activityStream, chatStream } from '../../../protocol/cable.ts'
import type { Identity } from '../../people/identity.ts'
import { demand } from '../../people/policy.ts'
import type { ChatRecord } from '../../ports/store/chats.ts'

/** What can be subscribed to */
export type Topic =
  /** One chat, as read for this subscription */
  | { readonly type: 'chat'; readonly chat: ChatRecord }
  /** What only staff see of one chat, as read for this subscription */
  | { readonly type: 'activity'; readonly chat: ChatRecord }
  /** The user messages of all chats, and changed rows of the list, for staff */
  | { readonly type: 'staff' }

/** What clients of Pusher and of services can hear: activity goes over cable and event streams alone */
export type SharedTopic = Exclude<Topic, { type: 'activity' }>

type StaffTopic = Extract<Topic, { type: 'staff' }>

const STAFF: StaffTopic = { type: 'staff' }

/** @throws DeskbellError `forbidden` */
export function staffTopic(identity: Identity): StaffTopic {
  demand(identity, 'follow_desk')
  return STAFF
}

/** The name of a topic's stream on the wire */
export function streamOf(topic: Topic): string {
  if (topic.type === 'staff') return 'admin'
  return topic.type === 'activity' ? activityStream(topic.chat.id) : chatStream(topic.chat.id)
}

// Who is in a chat at a service, by the names that the server gave them: `user`, and `admin.` with something that tells them apart.
import type { ChatChannelMessage } from '../../protocol/events.ts'
import type { SenderType } from '../../protocol/types.ts'

export type Presence = Omit<Extract<ChatChannelMessage, { type: 'presence' }>, 'type'>

export const sideOfMember = (name: string): SenderType => (name === 'user' ? 'user' : 'admin')

/** @param names one for each connection, so that some may be there twice */
export function presenceOf(names: Iterable<string>): Presence {
  const present = new Set(names)
  const user_online = present.delete('user')
  return { user_online, admins_online: present.size }
}

/** Whether somebody of the other side is there, who sees what `name` types */
export const isSeen = (name: string, { user_online, admins_online }: Presence): boolean =>
  sideOfMember(name) === 'user' ? admins_online > 0 : user_online

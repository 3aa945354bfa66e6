// Who is in a chat, here and on other nodes.
import type { ChatStream } from './chat-stream.ts'
import type { Subscription } from './subscription.ts'

/** What one node knows */
export interface Presence {
  user: boolean
  /** Ids of the staff */
  admins: string[]
}

export function presenceHere({ listeners }: ChatStream): Presence {
  const admins = new Set<string>()
  let user = false
  for (const { identity } of listeners) {
    if (identity.role === 'user') user = true
    else admins.add(identity.id)
  }
  return { user, admins: [...admins] }
}

/** The same person is in it by another connection: that this one comes or goes changes nothing */
export function isHereOtherwise({ listeners }: ChatStream, subscription: Subscription): boolean {
  const { role, id } = subscription.identity
  for (const other of listeners) {
    if (other !== subscription && other.identity.role === role && other.identity.id === id) return true
  }
  return false
}

/** What clients are told */
export function presenceEverywhere(stream: ChatStream): { user_online: boolean; admins_online: number } {
  const all = [presenceHere(stream), ...(stream.elsewhere?.values() ?? [])]
  return {
    user_online: all.some(({ user }) => user),
    admins_online: new Set(all.flatMap(({ admins }) => admins)).size,
  }
}

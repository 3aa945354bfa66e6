// Who is in a chat, here and on other nodes.
import type { Subscription } from './subscription.ts'

/** What one node knows */
export interface Presence {
  user: boolean
  /** Ids of the staff */
  admins: string[]
}

/** The part of a chat's stream that says who is in it */
interface Listened {
  readonly listeners: ReadonlySet<Subscription>
  /** What other nodes say, by node */
  readonly elsewhere: ReadonlyMap<string, Presence> | undefined
}

export function presenceHere({ listeners }: Pick<Listened, 'listeners'>): Presence {
  const admins = new Set<string>()
  let user = false
  for (const { identity } of listeners) {
    if (identity.role === 'user') user = true
    else admins.add(identity.id)
  }
  return { user, admins: [...admins] }
}

/** The same person is in it by another connection: that this one comes or goes changes nothing */
export function isHereOtherwise({ listeners }: Pick<Listened, 'listeners'>, subscription: Subscription): boolean {
  const { role, id } = subscription.identity
  for (const other of listeners) {
    if (other !== subscription && other.identity.role === role && other.identity.id === id) return true
  }
  return false
}

/** What clients are told */
export function presenceEverywhere(stream: Listened): { user_online: boolean; admins_online: number } {
  const all = [presenceHere(stream), ...(stream.elsewhere?.values() ?? [])]
  return {
    user_online: all.some(({ user }) => user),
    admins_online: new Set(all.flatMap(({ admins }) => admins)).size,
  }
}

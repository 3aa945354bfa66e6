// Who is in a chat, on this node and on the other nodes.
import { encodeEvent } from '../../../protocol/encode.ts'
import { isSamePerson, sideOf } from '../../people/identity.ts'
import { fanOut } from './fan-out.ts'
import type { Subscription } from './subscription.ts'

/** Who is in a chat on one node */
export interface NodePresence {
  user: boolean
  /** Ids of the staff */
  admins: string[]
}

/** Who is in a chat, as clients see it */
export interface Presence {
  user_online: boolean
  admins_online: number
}

export const NOBODY: Presence = { user_online: false, admins_online: 0 }

export class ChatPresence {
  readonly #subscriptions: ReadonlySet<Subscription>
  /** Presence on other nodes, by node, and how long it is valid (ms since 1970). Created on demand: most chats are on one node only */
  #elsewhere: Map<string, NodePresence & { until: number }> | undefined
  /** The presence that was announced last; undefined until the first announcement */
  #announced: Presence | undefined

  /** @param subscriptions the live set of subscriptions to the chat on this node */
  constructor(subscriptions: ReadonlySet<Subscription>) {
    this.#subscriptions = subscriptions
  }

  here(): NodePresence {
    const admins = new Set<string>()
    let user = false
    for (const { identity } of this.#subscriptions) {
      if (sideOf(identity) === 'user') user = true
      else admins.add(identity.id)
    }
    return { user, admins: [...admins] }
  }

  everywhere(): Presence {
    const nodes = [this.here(), ...(this.#elsewhere?.values() ?? [])]
    return {
      user_online: nodes.some(({ user }) => user),
      admins_online: new Set(nodes.flatMap(({ admins }) => admins)).size,
    }
  }

  /** Whether the same person has another connection in the chat, so that this one does not change the presence */
  hasOther(subscription: Subscription): boolean {
    for (const other of this.#subscriptions) {
      if (other !== subscription && isSamePerson(other.identity, subscription.identity)) return true
    }
    return false
  }

  /** Sends the presence to all if it changed, otherwise only to the newcomer. */
  announce(newcomer?: Subscription): void {
    const presence = this.everywhere()
    const before = this.#announced
    // Presence matters only to the other side, so one person alone causes no frame
    if (!before && !(presence.user_online && presence.admins_online > 0)) return
    const isSame = before?.user_online === presence.user_online && before.admins_online === presence.admins_online
    this.#announced = presence
    // A further connection of the same person changes nothing, and must not cost a frame on every other connection
    if (!isSame) fanOut(this.#subscriptions, encodeEvent({ type: 'presence', ...presence }))
    else newcomer?.push(newcomer.frame(encodeEvent({ type: 'presence', ...presence })), undefined)
  }

  /** Sets who is in the chat on another node. @param until how long this is valid (ms since 1970) */
  setElsewhere(node: string, { user, admins }: NodePresence, until: number): void {
    if (user || admins.length > 0) (this.#elsewhere ??= new Map()).set(node, { user, admins, until })
    else this.#elsewhere?.delete(node)
  }

  /** Forgets what other nodes have not repeated in time */
  expire(now: number): void {
    for (const [node, { until }] of this.#elsewhere ?? []) if (until < now) this.#elsewhere?.delete(node)
  }
}

// Who is in a chat, on this node and on others.
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
  /** What other nodes say, by node, and until when (ms since 1970). Made when one does: most chats are on one node alone */
  #elsewhere: Map<string, NodePresence & { until: number }> | undefined
  /** As it was announced last; undefined as long as nobody had a reason to know */
  #announced: Presence | undefined

  /** @param subscriptions to the chat on this node, as they come and go */
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

  /** Whether the same person is in the chat by another connection, so that this one changes nothing by coming or going */
  hasOther(subscription: Subscription): boolean {
    for (const other of this.#subscriptions) {
      if (other !== subscription && isSamePerson(other.identity, subscription.identity)) return true
    }
    return false
  }

  /** Sends the presence to all if it changed, else to the newcomer alone. */
  announce(newcomer?: Subscription): void {
    const presence = this.everywhere()
    const before = this.#announced
    // It interests the other side alone, so a person by themselves causes no frame
    if (!before && !(presence.user_online && presence.admins_online > 0)) return
    const isSame = before?.user_online === presence.user_online && before.admins_online === presence.admins_online
    this.#announced = presence
    // Somebody's thousandth connection changes nothing, and must not cost a frame to each of the others
    if (!isSame) fanOut(this.#subscriptions, encodeEvent({ type: 'presence', ...presence }))
    else newcomer?.push(newcomer.frame(encodeEvent({ type: 'presence', ...presence })), undefined)
  }

  /** Another node says who is in the chat there. @param until how long to believe it (ms since 1970) */
  setElsewhere(node: string, { user, admins }: NodePresence, until: number): void {
    if (user || admins.length > 0) (this.#elsewhere ??= new Map()).set(node, { user, admins, until })
    else this.#elsewhere?.delete(node)
  }

  /** Forgets what other nodes have not said again in time */
  expire(now: number): void {
    for (const [node, { until }] of this.#elsewhere ?? []) if (until < now) this.#elsewhere?.delete(node)
  }
}

import { encodeEvent } from '../../../protocol/encode.ts'
import type { SupportActivity } from '../../../protocol/activity.ts'
import type { Looking } from '../../../protocol/events.ts'
import { LOOK_ENDS } from '../../../protocol/timing.ts'
import { isSamePerson } from '../../people/identity.ts'
import type { Clock } from '../../ports/clock.ts'
import type { ChatRecord } from '../../ports/store/chats.ts'
import type { Store } from '../../ports/store/store.ts'
import { fanOut } from './fan-out.ts'
import { Looks } from './looks.ts'
import type { Subscription } from './subscription.ts'

/** Entries in one read of missing ones */
const PAGE = 200
/** Milliseconds until a failed read is retried */
const READ_AGAIN = 1_000

/**
 * The staff on this node who follow the activity of one chat, and what was sent to them last. As with messages, a gap is filled from the
 * database before what comes after it is sent.
 */
export class ActivityStream {
  readonly chatId: string
  readonly subscriptions = new Set<Subscription>()
  readonly #store: Store
  readonly #clock: Clock
  #lastSentSeq: number
  #isWanted = false
  #reading = false
  #readsLater = false
  readonly #looks = new Looks()
  #cancelExpiry: (() => void) | undefined

  constructor({ id, last_activity_seq }: ChatRecord, store: Store, clock: Clock) {
    this.chatId = id
    this.#store = store
    this.#clock = clock
    this.#lastSentSeq = last_activity_seq
  }

  join(subscription: Subscription): void {
    this.subscriptions.add(subscription)
    if (this.#looks.isEmpty) return
    subscription.push(subscription.frame(encodeEvent({ type: 'looking', staff: this.#looks.told })), undefined)
  }

  /** @returns whether its person has gone with it, who had looked at the chat */
  leave(subscription: Subscription): boolean {
    if (!this.subscriptions.delete(subscription)) return false
    const { identity } = subscription
    const hasOther = [...this.subscriptions].some((other) => isSamePerson(other.identity, identity))
    if (!hasOther && this.gone(identity.id, true)) return true
    return false
  }

  close(): void {
    this.#cancelExpiry?.()
  }

  /** Those who said to this node that they look */
  get lookingHere(): Looking[] {
    return this.#looks.here
  }

  /** Somebody looks at the chat. @param isHere they said it to this node. @returns whether nobody knew it here */
  look(looking: Looking, isHere: boolean): boolean {
    const outcome = this.#looks.set({ looking, until: this.#clock.now() + LOOK_ENDS, isHere })
    this.#expireLater()
    if (outcome !== 'same') this.#tellLooks()
    return outcome === 'newcomer'
  }

  /** Somebody does not look any more. @returns whether they did */
  gone(id: string, isHere: boolean): boolean {
    const isChanged = this.#looks.drop(id, isHere)
    if (isChanged) this.#tellLooks()
    return isChanged
  }

  #tellLooks(): void {
    fanOut(this.subscriptions, encodeEvent({ type: 'looking', staff: this.#looks.told }))
  }

  #expireLater(): void {
    this.#cancelExpiry ??= this.#clock.after(LOOK_ENDS / 5, () => {
      this.#cancelExpiry = undefined
      if (this.#looks.expire(this.#clock.now())) this.#tellLooks()
      if (!this.#looks.isEmpty) this.#expireLater()
    })
  }

  /** This node committed an activity */
  committed(activity: SupportActivity): void {
    if (activity.seq <= this.#lastSentSeq) return
    if (this.#reading || activity.seq > this.#lastSentSeq + 1) this.catchUp()
    else this.#send(activity)
  }

  /** Reads what may be new, and sends it in order */
  catchUp(): void {
    this.#isWanted = true
    void this.#read()
  }

  /** @param chat its row; undefined: there is none any more */
  compare(chat: ChatRecord | undefined): void {
    if (!chat) this.reject()
    else if (chat.last_activity_seq > this.#lastSentSeq) this.catchUp()
  }

  /** The chat was erased */
  reject(): void {
    for (const subscription of this.subscriptions) subscription.reject()
  }

  /** One read at a time, and another one for requests that came meanwhile. Never rejects */
  async #read(): Promise<void> {
    if (this.#reading) return
    this.#reading = true
    try {
      while (this.subscriptions.size > 0 && this.#isWanted) {
        // Before the read: what is committed during it may not be in its result
        this.#isWanted = false
        const range = { after: this.#lastSentSeq, limit: PAGE }
        const { activities, has_more } = await this.#store.activities(this.chatId, range)
        for (const activity of activities) this.#send(activity)
        this.#isWanted ||= has_more
      }
    } catch {
      // The database is unavailable, which is reported elsewhere
      this.#readLater()
    } finally {
      this.#reading = false
    }
  }

  #readLater(): void {
    this.#isWanted = true
    if (this.#readsLater) return
    this.#readsLater = true
    this.#clock.after(READ_AGAIN, () => {
      this.#readsLater = false
      void this.#read()
    })
  }

  #send(activity: SupportActivity): void {
    // It may have arrived directly after the page was read
    if (activity.seq <= this.#lastSentSeq) return
    this.#lastSentSeq = activity.seq
    fanOut(this.subscriptions, encodeEvent({ type: 'new_activity', activity }))
  }
}

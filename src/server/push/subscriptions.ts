// The browsers of staff that get notifications, and the keys by which push services know this database.
import type { PushSubscribed } from '../../protocol/push.ts'
import { base64url, sha256 } from '../bytes.ts'
import type { Identity } from '../people/identity.ts'
import type { Whom } from '../people/revocations.ts'
import { isoTime, type Clock } from '../ports/clock.ts'
import type { PushStore, PushSubscriptionRecord } from '../ports/store/push.ts'
import type { PushTarget } from './encrypt.ts'
import { makePushKeys, PushKeys } from './push-keys.ts'

/** Browsers of one member; those renewed longest ago go */
export const MOST_BROWSERS = 10
/** A browser whose dashboard was not opened for this time gets none any more (ms) */
export const KEPT_FOR = 30 * 24 * 3_600_000
/** A digest in base64url */
const ID = /^[\w-]{43}$/
/** The list is read anew after this time (ms) */
const KNOWN_FOR = 5_000

export interface SubscriptionsOptions {
  /** See `Store.push` */
  open: () => Promise<PushStore>
  clock: Clock
  contact: string
}

export class Subscriptions {
  readonly #options: SubscriptionsOptions
  #store: Promise<PushStore> | undefined
  #keys: Promise<PushKeys> | undefined
  #known: { list: Promise<PushSubscriptionRecord[]>; until: number } | undefined

  constructor(options: SubscriptionsOptions) {
    this.#options = options
  }

  /** @throws StoreUnavailable */
  keys(): Promise<PushKeys> {
    this.#keys ??= this.#readKeys().catch((error: unknown) => {
      this.#keys = undefined
      throw error
    })
    return this.#keys
  }

  /** Those that have not expired, as they were within the last seconds. @throws StoreUnavailable */
  list(): Promise<PushSubscriptionRecord[]> {
    const now = this.#options.clock.now()
    if (!this.#known || this.#known.until <= now) {
      const list = this.#open().then((store) => store.pushSubscriptions(isoTime(now - KEPT_FOR)))
      this.#known = { list, until: now + KNOWN_FOR }
      list.catch(() => this.#forget())
    }
    return this.#known.list
  }

  /** @throws StoreUnavailable */
  async save(
    { id: staff_id, sessionId }: Identity,
    { endpoint, ...keys }: PushTarget & { endpoint: string },
  ): Promise<PushSubscribed> {
    const now = this.#options.clock.now()
    const id = base64url(await sha256(endpoint))
    const store = await this.#open()
    const record = { id, staff_id, session_id: sessionId ?? null, endpoint, ...keys, renewed_at: isoTime(now) }
    await store.savePushSubscription(record, MOST_BROWSERS)
    this.#forget()
    return { id, expires_at: isoTime(now + KEPT_FOR) }
  }

  /** Of a member; one of somebody else stays. @throws StoreUnavailable */
  async remove({ id: staff_id }: Pick<Identity, 'id'>, id: string): Promise<void> {
    // Some databases refuse text that others take
    if (!ID.test(id)) return
    await (await this.#open()).removePushSubscriptions({ id, staff_id })
    this.#forget()
  }

  /** There are no such browsers. @throws StoreUnavailable */
  async removeAll(ids: readonly string[]): Promise<void> {
    const store = await this.#open()
    for (const id of ids) await store.removePushSubscriptions({ id })
    if (ids.length > 0) this.#forget()
  }

  /** Somebody signed out, or is staff no more. @throws StoreUnavailable */
  async revoked(whom: Whom): Promise<void> {
    if (!('session' in whom) && whom.role !== 'admin') return
    const store = await this.#open()
    await store.removePushSubscriptions('session' in whom ? { session_id: whom.session } : { staff_id: whom.id })
    this.#forget()
  }

  /** Removes those that have expired. @throws StoreUnavailable */
  async sweep(): Promise<void> {
    const store = await this.#open()
    await store.sweepPushSubscriptions(isoTime(this.#options.clock.now() - KEPT_FOR))
  }

  #forget(): void {
    this.#known = undefined
  }

  #open(): Promise<PushStore> {
    this.#store ??= this.#options.open().catch((error: unknown) => {
      this.#store = undefined
      throw error
    })
    return this.#store
  }

  async #readKeys(): Promise<PushKeys> {
    const store = await this.#open()
    return PushKeys.of(await store.pushKeys(await makePushKeys()), this.#options)
  }
}

/** A browser of a member of staff that gets a notification while the dashboard is closed */
export interface PushSubscriptionRecord {
  /** A digest of the endpoint */
  id: string
  staff_id: string
  /** Of the session that made or renewed it, which ends it; null: the credentials had none */
  session_id: string | null
  /** The URL of the push service for this browser */
  endpoint: string
  /** The browser's public key, and the secret that it shares: base64url (RFC 8291) */
  p256dh: string
  auth: string
  /** When the dashboard last said that it is still wanted, by good credentials */
  renewed_at: string
}

/** Which subscriptions are removed; with several fields, those to which all apply */
export interface PushSubscriptionsOf {
  id?: string
  staff_id?: string
  session_id?: string
}

/** @throws StoreUnavailable from every method, as those of `Store` */
export interface PushStore {
  /**
   * The keys by which push services know this database.
   * @param made stored where there are none yet
   * @returns those that are stored: of several nodes that start at once, all get the same
   */
  pushKeys(made: string): Promise<string>
  /**
   * Adds a browser, or replaces what is known of it, whoever had it before.
   * @param most how many browsers a member has at most; the one that was renewed longest ago goes
   */
  savePushSubscription(subscription: PushSubscriptionRecord, most: number): Promise<void>
  /** Those that were renewed at this time or later, in any order */
  pushSubscriptions(since: string): Promise<PushSubscriptionRecord[]>
  removePushSubscriptions(which: PushSubscriptionsOf): Promise<void>
  /** Removes those that were renewed before */
  sweepPushSubscriptions(before: string): Promise<void>
}

export interface VisitorsQuery {
  /** Looks at ids above this one */
  after: string
  /** How many visitors to look at, at most */
  limit: number
  /** Idle are those who were last here, and whose chat had its last message, before this time */
  before: string
}

export interface IdleVisitors {
  /** Of those who were looked at, the idle ones, in order */
  ids: string[]
  /** The last id that was looked at; null: there are no more */
  last: string | null
}

/** Messages, and activities, that one transaction moves. People write fewer; a chat of more cannot follow another one */
export const MOST_MERGED = 10_000

/** What a merge did */
export interface VisitorMerge {
  /** The user's chat, with all messages */
  chat_id: string
  /** A chat that is no more: the visitor's, or the user's own, where that had no messages; null: there was one alone */
  gone_chat_id: string | null
}

/** Milliseconds between two mails about visitors to one address */
export const TYPED_EVERY = 24 * 3_600_000

/**
 * Visitors type addresses that nobody has verified. To each of these goes at most one mail in `TYPED_EVERY`, about whichever visitors
 * typed it: the others wait. `claimNotifications` and `handOverNotification` see to it. An account with the same address is
 * another matter.
 */
export interface VisitorStore {
  /** Looks for idle visitors (users whose id begins with `visitor:`), in order of their ids, by their key alone */
  idleVisitors(query: VisitorsQuery): Promise<IdleVisitors>
  /**
   * Gives a visitor's chat to a user, and deletes the visitor, in one transaction. If the user has no messages yet, the chat itself
   * becomes theirs. Otherwise its messages follow those of the user's chat: `seq` goes on without a hole, `created_at` stays where it
   * ascends, `client_id`s are kept unless the user's chat has the same one of that sender. The waiting e-mail and the webhooks
   * move along; a mail that is being sent to the visitor becomes `uncertain`.
   * From then on the visitor's messages have the outcome `no_chat`.
   * @returns undefined: there is no such user, or nothing was done in the visitor's chat, or they were merged before; nothing changed
   */
  mergeVisitor(visitorId: string, userId: string, at: string): Promise<VisitorMerge | undefined>
  /** Stops the mails about visitors to this address */
  unsubscribeTyped(address: string, at: string): Promise<void>
  /** Undoes it */
  resubscribeTyped(address: string): Promise<void>
  /** Since when; null: they go there */
  typedUnsubscribedAt(address: string): Promise<string | null>
  /** Forgets the addresses to which no mails about visitors went since this time, unless these were stopped */
  forgetTyped(before: string): Promise<void>
}

import type { Listening, RealtimeAuth } from '../../protocol/listening.ts'
import type { RealtimeHint, RealtimeTyping } from '../../protocol/publication.ts'
import type { SenderType } from '../../protocol/types.ts'

/** What a service has a channel for: one chat, or all chats, for staff */
export type PublishedTopic = { readonly type: 'chat'; readonly chatId: string } | { readonly type: 'staff' }

/** An event for every topic that it names */
export type Publication = { readonly topics: readonly PublishedTopic[] } & (
  | { readonly event: 'new-message'; readonly data: RealtimeHint }
  | { readonly event: 'typing'; readonly data: RealtimeTyping }
)

/** Who wants to listen. The policy has allowed it */
export interface Listener {
  side: SenderType
  /** Their id in the host */
  id: string
  /** Others may see that they are in the chat, and what they type. False for somebody whom staff have blocked */
  mayBeSeen: boolean
  /** The name that the service gave to the client's connection, as the client said; undefined: it said none */
  connection: string | undefined
  /** Milliseconds since 1970, after which the person's credentials are not valid any more; null: they stay valid */
  expiresAt: number | null
}

/**
 * Tells browsers of what is new through a service that they are connected to, where this server holds no connections. It is called after the
 * commit, with one call of a chat at a time. What it loses, listeners find out for themselves within 20 seconds.
 */
export interface Publisher {
  /** Names it in metrics and logs, such as `pusher` */
  readonly service: string
  /** How many bytes of `data` the service takes, as JSON in UTF-8. Of what has more, the message is left out. 0: hints alone, and no typing */
  readonly maxData: number
  /**
   * Resolves once the service has taken the publication, for all of its topics.
   * @param signal aborted when it takes too long
   * @throws PublicationFailed, or any other error, which counts as a failure that may pass
   */
  publish(publication: Publication, signal: AbortSignal): Promise<void>
  /** What a browser needs to listen to a topic, without any secret; null: listeners know by themselves */
  listen(topic: PublishedTopic): Listening | null
  /**
   * Lets one client listen to one topic, and to nothing else. For staff, whoever may listen to all chats may listen to each.
   * @throws DeskbellError `invalid_request` when `connection` is missing or cannot be one; `not_found` when the service needs no permission
   */
  authorize(topic: PublishedTopic, listener: Listener): Promise<RealtimeAuth>
  /**
   * Asks the service whether it knows the credentials, without publishing, for `deskbell doctor`.
   * @returns what is worth knowing, in words; null: nothing
   * @throws Error that says why nothing would be published
   */
  verify?(signal: AbortSignal): Promise<string | null>
  /** Called once, at the end of `deskbell.close()` */
  close?(): void
}

export interface PublicationFailedOptions extends ErrorOptions {
  /** Milliseconds until the service takes publications again, because there were too many. This attempt does not count */
  retryAfter?: number | undefined
  /** No other try of this publication would go better, so there is none */
  final?: boolean | undefined
}

/** The service did not take a publication. The message says why, and holds no secret */
export class PublicationFailed extends Error {
  override readonly name = 'PublicationFailed'
  readonly retryAfter: number | undefined
  readonly final: boolean
  constructor(message: string, { retryAfter, final = false, ...options }: PublicationFailedOptions = {}) {
    super(message, options)
    this.retryAfter = retryAfter
    this.final = final
  }
}

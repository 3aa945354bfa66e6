// What is asked of a service's official client: enter one channel, report what arrives, reconnect without help.
import type { Listening, RealtimeAuth } from '../../protocol/listening.ts'
import type { RealtimeHint, RealtimeTyping } from '../../protocol/publication.ts'
import type { Presence } from './members.ts'

export interface JoinOptions<L extends Listening = Listening> {
  listening: L
  /** Leaves the channel when it is aborted */
  signal: AbortSignal
  /** Channels of one owner may share a connection */
  owner: object
  /**
   * What lets the official client listen: the answer of `POST realtime/auth`
   * @param connection where the service signs for one connection and one channel
   * @throws ApiError
   */
  authorize: (connection?: { socket_id: string }) => Promise<RealtimeAuth>
  /** Hints arrive from now on. Called again after each interruption */
  joined: () => void
  /** Hints do not arrive; the official client is about to join again */
  lost: () => void
  /** The official client has given up. May be called at any time */
  refused: () => void
  hinted: (hint: Partial<RealtimeHint>) => void
  typing: (typing: Pick<RealtimeTyping, 'sender_type' | 'typing'>) => void
  /** Who is in the chat, where the service knows */
  present: (presence: Presence) => void
}

/** Tells the others in the channel whether this side types. @returns false when the service tells nobody of the other side */
export type TellTyping = (typing: boolean) => boolean

/**
 * @returns undefined where only the server can tell what is typed
 * @throws when the channel cannot be entered, such as where the official client does not load
 */
export type Join<L extends Listening = Listening> = (options: JoinOptions<L>) => Promise<TellTyping | undefined>

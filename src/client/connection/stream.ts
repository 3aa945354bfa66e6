// What brings the events of a channel while no socket does. Each kind is a script of its own, loaded when it is needed.
import type { ActivityAction, ChatAction } from '../../protocol/events.ts'
import type { Backoff } from './backoff.ts'
import type { SubscriptionHandlers } from './cable-frames.ts'
import type { Session } from './session.ts'

export interface Stream {
  /** Events arrive by themselves */
  readonly live: boolean
  /** No socket need be tried */
  readonly suffices?: boolean | undefined
  /** Sends an action. @returns false when it carries no such action */
  perform?(action: ChatAction | ActivityAction): boolean
  /** The network may be back: connects now, or checks that the stream is still alive */
  nudge(): void
  /** The network is gone; `nudge` starts again */
  cut(): void
  close(): void
}

export interface StreamOptions {
  /** URL of the socket; paths are relative to it */
  cable: string
  session: Session
  handlers: SubscriptionHandlers
  backoff: Backoff
  /** `live` changed. @param answers whether the server answers requests, as far as is known */
  changed: (answers: boolean) => void
  /** Neither do events arrive nor does the server answer */
  lost: () => void
}

export interface StreamModule {
  openStream: (options: StreamOptions) => Stream
}

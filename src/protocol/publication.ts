// What real-time services carry to those who listen.
import type { SenderType, SupportMessage } from './types.ts'

/** What a service carries: that a chat has something new. The listener asks this server for what it has not seen */
export interface RealtimeHint {
  chat_id: string
  /** The chat has messages up to this seq at least */
  seq: number
  /** Something other than messages changed, such as what was read, or the archive */
  state?: true
  /** The message with this seq, where the host publishes messages */
  message?: SupportMessage
}

/** The data of the event `typing` */
export interface RealtimeTyping {
  chat_id: string
  sender_type: SenderType
  typing: boolean
}

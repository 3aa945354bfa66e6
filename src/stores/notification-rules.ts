// What every engine does with a notification on its way from due to ended.
import type { Store } from '../server/ports/store/store.ts'

export type Notifications = Pick<
  Store,
  'claimNotifications' | 'handOverNotification' | 'settleNotification' | 'nextNotification'
>

/** A notification with what its chat and its person decide about it */
export interface NotificationRow {
  id: string
  chat_id: string
  state: 'pending' | 'claimed' | 'sending' | 'uncertain' | 'sent' | 'skipped' | 'failed'
  after_seq: number
  up_to_seq: number
  claim: number
  refusals: number
  user_id: string
  email: string
  name: string | null
  page_url: string | null
  unsubscribed_at: string | null
  archived_at: string | null
}

/** Looked at in one call, however many of them there is nothing to send for */
export const MAX_LOOKED_AT = 100

export const LOST = 'whoever sent it was lost before the provider answered'

/** Why no mail is sent, whatever is unread; null: nothing is in the way */
export const obstacleOf = ({ unsubscribed_at, archived_at }: NotificationRow): string | null =>
  unsubscribed_at !== null ? 'unsubscribed' : archived_at !== null ? 'archived' : null

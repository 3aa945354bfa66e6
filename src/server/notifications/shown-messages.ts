import type { SupportMessage } from '../../protocol/types.ts'
import type { DueNotification } from '../ports/store/notifications.ts'
import type { Store } from '../ports/store/store.ts'

/** Messages that a mail is about; the newest when there are more */
const MOST = 5
/** Messages before them, so that the person knows what this is about */
const BEFORE = 3
/** Messages that are looked at: others may lie between those that the mail is about */
const LOOKED_AT = 20

export interface ShownMessages {
  messages: SupportMessage[]
  before: SupportMessage[]
}

/** What a mail shows of its chat, up to the newest message that it is about. Messages that came later are for another mail. */
export async function shownMessages(store: Pick<Store, 'messages'>, due: DueNotification): Promise<ShownMessages> {
  const { chat_id, message: newest, unread } = due
  const slice = await store.messages(chat_id, { before: newest.seq + 1, limit: LOOKED_AT })
  const about = slice.messages.filter((m) => m.sender_type === newest.sender_type && m.read_at === null).slice(-unread)
  // The page is too short for a long burst, and then nothing of it came before
  const isWhole = about.length === unread
  const first = about[0]?.seq ?? newest.seq
  return {
    messages: about.length === 0 ? [newest] : about.slice(-MOST),
    before: isWhole ? slice.messages.filter(({ seq }) => seq < first).slice(-BEFORE) : [],
  }
}

// What the badge and the card show of one chat: the page that was loaded, and what the socket told since. As in `ConversationStore`, but
// without the messages that were read.
import type { StreamPosition } from '../../protocol/cable.ts'
import type { SupportChat, SupportMessage } from '../../protocol/types.ts'

export interface UnreadCount {
  readonly count: number
  readonly newest: SupportMessage | null
  /** Up to where the chat is known */
  readonly position: StreamPosition
  load(chat: Pick<SupportChat, 'messages' | 'epoch' | 'unread_count'>): void
  /** @returns false when some before it are missing */
  add(message: SupportMessage): boolean
  /** The user has read up to this seq. @returns false when nobody here can tell how many are left */
  read(upTo: number): boolean
}

/** @param onReply called for each new reply that nobody has read; those of the first page are not new */
export function createUnreadCount(onReply: (reply: SupportMessage) => void): UnreadCount {
  let unread: SupportMessage[] = []
  /** Unread ones before the first message of the page */
  let hidden = 0
  let first = 1
  let readUpTo = 0
  let epoch = ''
  let offset = 0
  const isUnread = ({ sender_type, read_at, seq }: SupportMessage): boolean =>
    sender_type === 'admin' && read_at === null && seq > readUpTo

  function settle(): void {
    unread = unread.filter(isUnread)
    // Everything before the page has been read
    if (readUpTo >= first - 1) hidden = 0
  }

  return {
    get count() {
      return hidden + unread.length
    },
    get newest() {
      return unread.at(-1) ?? null
    },
    get position() {
      return { offset, epoch }
    },
    load({ messages, ...chat }) {
      const known = offset
      const isNew = epoch !== chat.epoch
      if (isNew) readUpTo = 0
      epoch = chat.epoch
      offset = messages.at(-1)?.seq ?? 0
      first = messages[0]?.seq ?? 1
      const counted = messages.filter((message) => message.sender_type === 'admin' && message.read_at === null)
      hidden = Math.max(0, chat.unread_count - counted.length)
      unread = counted
      settle()
      if (!isNew) unread.filter(({ seq }) => seq > known).forEach(onReply)
    },
    add(message) {
      if (message.seq > offset + 1) return false
      if (message.seq <= offset) return true
      offset = message.seq
      if (isUnread(message)) {
        unread.push(message)
        onReply(message)
      }
      return true
    },
    read(upTo) {
      const isNews = upTo > readUpTo
      if (isNews) readUpTo = upTo
      settle()
      return hidden === 0 || !isNews
    },
  }
}

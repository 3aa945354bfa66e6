import type { SenderType } from '../../protocol/types.ts'
import type { NotificationKind } from '../../server/ports/store/notifications.ts'

/** Whose messages a kind of notification is about, and how a chat remembers up to where mails were about them */
export const NOTIFICATION_KINDS = {
  reply: { sender: 'admin', table: 'support_notifications', notified: 'notified_seq' },
  waiting: { sender: 'user', table: 'support_staff_mails', notified: 'staff_notified_seq' },
} as const satisfies Record<NotificationKind, { sender: SenderType; table: string; notified: string }>

/** Of the notification about a message of this side */
export const kindAbout = (sender: SenderType): NotificationKind => (sender === 'admin' ? 'reply' : 'waiting')

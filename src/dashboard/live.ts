// Keeps the list right without a reload: rows by socket, and all of it anew after every (re)connect, since what happened
// in between was not heard.
import { effect } from '@preact/signals'
import { ADMIN_CHANNEL } from '../protocol/cable.ts'
import type { AdminNotificationMessage } from '../protocol/events.ts'
import { applyRow, countUnread, refreshAll } from './desk.ts'
import { cable, connection } from './link.ts'
import { signedOut } from './session.ts'

export function goLive(): void {
  cable.subscribe(
    { channel: ADMIN_CHANNEL },
    {
      connected: refreshAll,
      message: (message) => {
        const event = message as AdminNotificationMessage
        if (event.type === 'chat_updated') applyRow(event.chat)
        countUnread()
      },
    },
  )
  effect(() => {
    // A socket gives no reason that a page can see; a REST call tells an ended session from a dead line
    if (connection.value === 'offline' && navigator.onLine) countUnread()
    if (signedOut.value) cable.close()
  })
}

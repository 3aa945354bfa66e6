// Keeps the list right without a reload: rows as they are told, and all of it anew after every (re)connect, since what
// happened in between was not heard. While nothing tells, its first page is asked for every few seconds.
import { effect } from '@preact/signals'
import { ADMIN_CHANNEL } from '../protocol/cable.ts'
import type { AdminNotificationMessage } from '../protocol/events.ts'
import { applyRow, countUnread, inbox, refreshAll } from './desk.ts'
import { cable, connection } from './link.ts'
import { signedOut } from './session.ts'

const POLL_EVERY = 5_000

export function goLive(): void {
  const subscription = cable.subscribe(
    { channel: ADMIN_CHANNEL },
    {
      events: 'admin/events',
      connected: refreshAll,
      message: (message) => {
        const event = message as AdminNotificationMessage
        if (event.type === 'chat_updated') applyRow(event.chat)
        countUnread()
      },
    },
  )
  const poll = (): void => {
    if (subscription.live) return
    inbox.value.poll().then(
      (answered) => {
        if (!answered) return
        cable.asked(true)
        countUnread()
      },
      () => cable.asked(false),
    )
  }
  const timer = setInterval(poll, POLL_EVERY)
  effect(() => {
    // A socket gives no reason that a page can see; a REST call tells an ended session from a dead line
    if (connection.value === 'offline' && navigator.onLine) countUnread()
    if (!signedOut.value) return
    cable.close()
    clearInterval(timer)
  })
}

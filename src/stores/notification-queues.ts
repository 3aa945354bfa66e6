import type { NotificationKind, NotificationStore } from '../server/ports/store/notifications.ts'

/** The notifications of one kind: each has a table of its own */
export interface NotificationQueue {
  claim: NotificationStore['claimNotifications']
  handOver: NotificationStore['handOverNotification']
  settle: NotificationStore['settleNotification']
  next(): Promise<string | undefined>
}

/** Asks the queue of the kind that a call is about */
export function queuesByKind(
  queue: (kind: NotificationKind) => NotificationQueue,
): Omit<NotificationStore, 'explainNotification'> {
  const queues = { reply: queue('reply'), waiting: queue('waiting') }
  return {
    claimNotifications: (query) => queues[query.kind].claim(query),
    handOverNotification: (claim, at, lease) => queues[claim.kind].handOver(claim, at, lease),
    settleNotification: (claim, outcome, at) => queues[claim.kind].settle(claim, outcome, at),
    nextNotification: (kind) => queues[kind].next(),
  }
}

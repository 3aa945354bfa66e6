// Two short soft notes for a reply: once per browser, however many tabs are open, and never before a first click or key press on
// the page. A chunk of its own, loaded with the first reply.
import type { KeyValue } from '../client/storage.ts'
import { chime } from '../ui/chime.ts'

let playedAt = 0

/** The newest reply that has rung. Ids ascend with time, so an id that is not above it is not new */
const RUNG = 'deskbell:rung'
/** Milliseconds between two rings: a tab that was away gets many replies at once */
const APART = 1_000

/** @param storage shared by the tabs */
export function ring(messageId: string, storage: KeyValue): void {
  if (navigator.userActivation?.hasBeenActive === false) return
  if (!('locks' in navigator)) return ringIfNew(messageId, storage)
  // The tab that gets the lock rings. It holds the lock for a while, for browsers where nothing can be stored.
  void navigator.locks.request(`deskbell:ring:${messageId}`, { ifAvailable: true }, async (lock) => {
    if (!lock) return
    ringIfNew(messageId, storage)
    await new Promise((resolve) => setTimeout(resolve, 5000))
  })
}

function ringIfNew(messageId: string, storage: KeyValue): void {
  // A tab that polls may learn of the reply long after the others.
  if (messageId <= (storage.get(RUNG) ?? '')) return
  storage.set(RUNG, messageId)
  if (Date.now() - playedAt < APART) return
  playedAt = Date.now()
  chime()
}

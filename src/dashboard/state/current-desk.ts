// The desk of who is signed in. It ends with the session; when the same person is back, another one begins where it ended.
import { signal, type ReadonlySignal } from '@preact/signals'
import type { Session } from '../../client/connection/session.ts'
import type { Desk } from './desk.ts'

export interface CurrentDeskOptions {
  session: Session
  createDesk: () => Desk
  /** Any request: its answer tells whose session it is now */
  ask: () => Promise<unknown>
  /** Calls `listener` when somebody comes to the page, or the network comes back */
  onAttention: (listener: () => void) => void
  /** Somebody else is signed in: begins as if the page were new, with nothing in memory */
  startOver: () => void
}

export function currentDesk({
  session,
  createDesk,
  ask,
  onAttention,
  startOver,
}: CurrentDeskOptions): ReadonlySignal<Desk> {
  const desk = signal(createDesk())
  session.onChange(() => {
    if (session.replaced) startOver()
    else if (!session.ended && desk.value.signedOut.value) desk.value = createDesk()
  })
  // A cookie changes without a word to this page
  onAttention(() => void ask().catch(() => undefined))
  return desk
}

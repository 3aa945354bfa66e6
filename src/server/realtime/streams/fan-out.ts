import type { EncodedEvent } from '../../../protocol/encode.ts'
import type { Frame } from '../../ports/socket.ts'
import type { Subscription } from './subscription.ts'

/** Writes one event to many subscriptions. Those that need the same bytes share one frame, encoded once */
export function fanOut(subscriptions: Iterable<Subscription>, event: EncodedEvent, except?: Subscription): void {
  let key: string | undefined
  let frame: Frame | undefined
  // Mostly there is one subscription, or all share a frame
  let others: Map<string, Frame> | undefined
  for (const subscription of subscriptions) {
    if (subscription === except) continue
    if (!frame || subscription.frameKey !== key) {
      if (frame && key !== undefined) (others ??= new Map()).set(key, frame)
      key = subscription.frameKey
      frame = others?.get(key) ?? subscription.frame(event)
    }
    subscription.push(frame, event.seq)
  }
}

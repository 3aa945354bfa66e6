import type { EncodedEvent } from '../../../protocol/encode.ts'
import type { Frame } from '../../ports/socket.ts'
import type { Subscription } from './subscription.ts'

/** Writes one event to many subscriptions. Those that need the same bytes share one frame, encoded once */
export function fanOut(subscriptions: Iterable<Subscription>, event: EncodedEvent, except?: Subscription): void {
  const frames = new Map<string, Frame>()
  for (const subscription of subscriptions) {
    if (subscription === except) continue
    let frame = frames.get(subscription.frameKey)
    if (!frame) frames.set(subscription.frameKey, (frame = subscription.frame(event)))
    subscription.push(frame, event.seq)
  }
}

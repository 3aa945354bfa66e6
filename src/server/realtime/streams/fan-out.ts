import type { SupportMessage } from '../../../protocol/types.ts'
import { Frame } from '../../ports/socket.ts'
import type { Subscription } from './subscription.ts'

/** Writes one event to many: listeners that want the same bytes share one frame, encoded once */
export function fanOut(
  listeners: Iterable<Subscription>,
  json: string,
  message?: SupportMessage,
  except?: Subscription,
): void {
  const frames = new Map<string, Frame>()
  for (const listener of listeners) {
    if (listener === except) continue
    const key = listener.frameKey
    let frame = frames.get(key)
    if (!frame) frames.set(key, (frame = new Frame(listener.wrap(json, message))))
    listener.push(frame, message?.seq)
  }
}

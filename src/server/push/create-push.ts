import type { Revocations } from '../people/revocations.ts'
import type { Store } from '../ports/store/store.ts'
import type { Hub } from '../realtime/streams/hub.ts'
import type { SettledOptions } from '../settled-options.ts'
import { Pushes, type PushesOptions } from './pushes.ts'
import { Subscriptions } from './subscriptions.ts'

interface PushOptions
  extends
    Pick<SettledOptions, 'push' | 'postPush' | 'words'>,
    Pick<PushesOptions, 'clock' | 'onError' | 'onDemand' | 'afterwork'> {
  store: Store
  hub: Pick<Hub, 'staffPresence' | 'presence'>
  revocations: Pick<Revocations, 'covers'>
}

/** Null: it is off, or the store keeps no subscriptions */
export function createPush(options: PushOptions): { subscriptions: Subscriptions; pushes: Pushes } | null {
  const { push, postPush: post, store, hub, revocations, clock } = options
  const open = store.push?.bind(store)
  if (!push || !open) return null
  const subscriptions = new Subscriptions({ clock, contact: push.contact, open })
  const pushes = new Pushes({
    ...options,
    subscriptions,
    post,
    online: () => hub.staffPresence.online(),
    isOnScreen: (chatId) => hub.presence(chatId).admins_online > 0,
    isRevoked: (identity) => revocations.covers(identity),
  })
  return { subscriptions, pushes }
}

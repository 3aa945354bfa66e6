// The activity of the chat on the screen. One with notes that were not sent yet lives on in the background until they are out.
import { batch, effect, signal, type ReadonlySignal } from '@preact/signals'
import type { ActivityFeed, ActivityState } from '../../client/staff/activity-feed.ts'
import type { ActivitySlice } from '../../protocol/activity.ts'
import type { AdminSupportChat } from '../../protocol/types.ts'

export type StaffActivity = Pick<
  ActivityFeed,
  | 'state'
  | 'subscribe'
  | 'open'
  | 'load'
  | 'close'
  | 'write'
  | 'retry'
  | 'discard'
  | 'reachBack'
  | 'refresh'
  | 'attend'
  | 'writes'
>

/** What the box below the thread writes */
export type ComposerKind = 'reply' | 'note'

export interface OpenActivityOptions {
  /** The chat that the address names */
  id: ReadonlySignal<string | null>
  /** The chat that the server was asked for last */
  openedChat: ReadonlySignal<AdminSupportChat | null>
  createFeed: (id: string) => StaffActivity
  isAttended: ReadonlySignal<boolean>
}

export class OpenActivity {
  readonly feed = signal<StaffActivity | null>(null)
  readonly state = signal<ActivityState | null>(null)
  /** Each chat opens with a reply: nobody goes on in a mode that they chose elsewhere */
  readonly kind = signal<ComposerKind>('reply')
  readonly #alive = new Map<string, StaffActivity>()
  readonly #taken = new WeakMap<StaffActivity, ActivitySlice>()
  readonly #stops: (() => void)[]

  constructor({ id, openedChat, createFeed, isAttended }: OpenActivityOptions) {
    this.#stops = [
      effect(() => this.#open(id.value, createFeed)),
      effect(() => {
        const chat = openedChat.value
        if (chat !== null && chat.id === id.value) this.#load(chat)
      }),
      effect(() => this.feed.value?.attend(isAttended.value)),
    ]
  }

  /** Ends those in the background too */
  close(): void {
    for (const stop of this.#stops) stop()
    for (const feed of this.#alive.values()) feed.close()
    this.#alive.clear()
  }

  /** Each page once: the chat changes for other reasons too, and by then the page is old */
  #load({ id, activity, epoch }: AdminSupportChat): void {
    const feed = this.#alive.get(id)
    if (!feed || this.#taken.get(feed) === activity) return
    this.#taken.set(feed, activity)
    feed.load(activity, epoch)
  }

  #open(id: string | null, createFeed: (id: string) => StaffActivity): (() => void) | undefined {
    if (id === null) {
      batch(() => {
        this.feed.value = this.state.value = null
        this.kind.value = 'reply'
      })
      return undefined
    }
    const current = this.#alive.get(id) ?? createFeed(id)
    this.#alive.set(id, current)
    batch(() => {
      this.feed.value = current
      this.state.value = current.state
      this.kind.value = 'reply'
    })
    const stop = current.subscribe(() => {
      this.state.value = current.state
    })
    current.open()
    return () => {
      stop()
      current.attend(false)
      this.#release(id, current)
    }
  }

  #release(id: string, old: StaffActivity): void {
    const isOpen = (): boolean => this.feed.peek() === old
    const done = (): boolean => {
      if (isOpen() || old.state.pending.some(({ status }) => status === 'sending')) return false
      old.close()
      this.#alive.delete(id)
      return true
    }
    // The next one takes its place after this
    queueMicrotask(() => {
      if (isOpen() || done()) return
      const stop = old.subscribe(() => {
        if (isOpen() || done()) stop()
      })
    })
  }
}

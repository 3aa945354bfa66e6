// Whether anything more of the open chat's user is taken in.
import { computed, type ReadonlySignal } from '@preact/signals'
import type { ConversationState } from '../../client/conversation/conversation-state.ts'
import type { ActivityState } from '../../client/staff/activity-feed.ts'
import type { AdminSupportChat } from '../../protocol/types.ts'

export interface BlockingOptions {
  /** The open chat, as the server said when it was opened */
  about: ReadonlySignal<Pick<AdminSupportChat, 'blocked_at' | 'user'> | null>
  /** What only staff see of the open chat */
  activity: ReadonlySignal<Pick<ActivityState, 'activities'> | null>
  /** The open chat's conversation */
  state: ReadonlySignal<Pick<ConversationState, 'typing'> | null>
  send: (userId: string, blocked: boolean) => Promise<void>
  /** It worked, which is not told by itself where no connection is */
  sent: () => void
  failed: () => void
}

export class Blocking {
  /** ISO 8601; null: it is taken in */
  readonly since: ReadonlySignal<string | null>
  /** Who types in the open chat. Hosted services pass on for minutes what a blocked person types, which is not shown */
  readonly typing: ReadonlySignal<ConversationState['typing']>
  readonly #options: BlockingOptions

  constructor(options: BlockingOptions) {
    this.#options = options
    const { about, activity, state } = options
    this.since = computed(() => {
      // As with the assignment, the last one of the activity counts on every screen
      const last = activity.value?.activities.findLast(({ kind }) => kind === 'blocked' || kind === 'unblocked')
      if (last) return last.kind === 'blocked' ? last.created_at : null
      return about.value?.blocked_at ?? null
    })
    this.typing = computed(() => (this.since.value === null ? (state.value?.typing ?? null) : null))
  }

  /** Of the open chat's user. Never rejects */
  async set(blocked: boolean): Promise<void> {
    const { about, send, sent, failed } = this.#options
    const user = about.peek()?.user
    if (!user) return
    try {
      await send(user.id, blocked)
      sent()
    } catch {
      failed()
    }
  }
}

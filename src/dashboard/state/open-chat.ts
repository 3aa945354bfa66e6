// The conversation on the screen. One that still has unsent replies lives on in the background until they are out.
import { batch, computed, effect, signal, untracked, type ReadonlySignal } from '@preact/signals'
import type { Conversation, ConversationState } from '../../client/conversation/conversation.ts'
import type { AdminSupportChat, SupportChatListItem } from '../../protocol/types.ts'
import type { Clock } from './environment.ts'

/** After so long (ms) what is on the screen counts as read: the log has drawn its "New" divider by then */
const LOOK = 300

export type StaffConversation = Pick<
  Conversation,
  | 'state'
  | 'subscribe'
  | 'open'
  | 'close'
  | 'markRead'
  | 'loadOlder'
  | 'send'
  | 'retry'
  | 'discard'
  | 'setTyping'
  | 'api'
  | 'role'
>

export interface OpenChatOptions {
  /** The chat that the address names */
  id: ReadonlySignal<string | null>
  createConversation: (id: string) => StaffConversation
  /** The chat that the server was asked for last */
  openedChat: ReadonlySignal<AdminSupportChat | null>
  /** What a list knows of a chat */
  row: (id: string) => SupportChatListItem | undefined
  /** Archives or restores; resolves to whether it worked */
  archive: (id: string, archived: boolean) => Promise<boolean>
  /** Somebody else has just archived or restored it */
  isSettling: (id: string) => boolean
  isAttended: ReadonlySignal<boolean>
  clock: Clock
}

export class OpenChat {
  readonly conversation = signal<StaffConversation | null>(null)
  readonly state = signal<ConversationState | null>(null)
  /** The conversation of the chat that the address names, once it has loaded */
  readonly loaded: ReadonlySignal<StaffConversation | null>
  /** Who it is about, as the server said when the chat was opened */
  readonly about: ReadonlySignal<AdminSupportChat | null>
  /** Their id and address, also before the chat has loaded: the list knows already */
  readonly user: ReadonlySignal<Pick<SupportChatListItem, 'user_id' | 'user_email'> | null>
  /** The name that they have, if any, likewise */
  readonly userName: ReadonlySignal<string | null>
  /** null until known */
  readonly archived: ReadonlySignal<boolean | null>
  /** While a request is under way a second click does nothing */
  readonly archiving = signal(false)

  readonly #options: OpenChatOptions
  readonly #alive = new Map<string, StaffConversation>()
  readonly #stop: () => void

  constructor(options: OpenChatOptions) {
    this.#options = options
    const { id, openedChat, row } = options
    this.loaded = computed(() => {
      const current = this.conversation.value
      const isCurrent = current !== null && this.#alive.get(id.value ?? '') === current
      return isCurrent && this.state.value?.status === 'ready' ? current : null
    })
    this.about = computed(() => (openedChat.value?.id === id.value ? openedChat.value : null))
    this.user = computed(() => {
      const chat = id.value
      if (chat === null) return null
      return this.about.value ?? untracked(() => row(chat)) ?? null
    })
    this.userName = computed(() => {
      const about = this.about.value
      if (about) return about.user.name
      return (id.value !== null && untracked(() => row(id.value ?? '')?.user_name)) || null
    })
    this.archived = computed(() => (this.state.value?.status === 'ready' ? this.state.value.archived : null))
    this.#stop = effect(() => this.#open(id.value))
  }

  async toggleArchived(): Promise<void> {
    const { id, archive, isSettling } = this.#options
    const chat = id.peek()
    const archived = this.archived.peek()
    if (chat === null || archived === null || this.archiving.peek() || isSettling(chat)) return
    this.archiving.value = true
    const worked = await archive(chat, !archived)
    this.archiving.value = false
    // The socket says it too; without one the button should still be right
    const state = this.state.peek()
    if (worked && id.peek() === chat && state !== null) this.state.value = { ...state, archived: !archived }
  }

  /** Ends those in the background too */
  close(): void {
    this.#stop()
    for (const conversation of this.#alive.values()) conversation.close()
    this.#alive.clear()
  }

  #open(id: string | null): (() => void) | undefined {
    if (id === null) {
      batch(() => {
        this.conversation.value = null
        this.state.value = null
      })
      return undefined
    }
    const { createConversation, isAttended, clock } = this.#options
    const current = this.#alive.get(id) ?? createConversation(id)
    this.#alive.set(id, current)
    let cancelLook = (): void => {}
    const look = (): void => {
      cancelLook()
      cancelLook = clock.after(LOOK, () => {
        if (isAttended.peek() && current.state.status === 'ready') current.markRead()
      })
    }
    const show = (): void => {
      this.state.value = current.state
      if (current.state.unread_count > 0) look()
    }
    batch(() => {
      this.conversation.value = current
      this.state.value = current.state
    })
    const stops = [current.subscribe(show), isAttended.subscribe(look)]
    void current.open()
    return () => {
      for (const stop of stops) stop()
      cancelLook()
      this.#release(id, current)
    }
  }

  #release(id: string, old: StaffConversation): void {
    const isOpen = (): boolean => this.#options.id.peek() === id
    const done = (): boolean => {
      if (old.state.pending.some((item) => item.status === 'sending') || isOpen()) return false
      old.close()
      this.#alive.delete(id)
      return true
    }
    if (done()) return
    const stop = old.subscribe(() => {
      if (isOpen() || done()) stop()
    })
  }
}

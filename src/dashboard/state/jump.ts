// Shows one message of the open chat. The conversation is loaded back to it page by page, so that it stays without holes; a
// message that lies too far back is shown with those around it, apart from the conversation.
import { computed, effect, signal, untracked, type ReadonlySignal } from '@preact/signals'
import type { MessagePage, SupportMessage } from '../../protocol/types.ts'
import type { Route } from './navigation.ts'
import type { StaffConversation } from './open-chat.ts'

export type JumpState =
  | { kind: 'none' | 'going' | 'missing' | 'failed' }
  /** The message is in the conversation */
  | { kind: 'here'; seq: number }
  | { kind: 'apart'; seq: number; messages: readonly SupportMessage[] }

/** How many messages the conversation is loaded back at most: twenty pages, a second or two */
const MAX_BACK = 1_000
/** Attempts per page: `loadOlder` drops a page when the loaded messages changed during the request, as when they become read */
const TRIES = 4
/** Messages before and after one that is shown apart */
const AROUND = 25

export interface JumpOptions {
  route: ReadonlySignal<Route>
  /** The conversation of the route's chat, once it has loaded */
  conversation: ReadonlySignal<StaffConversation | null>
  /** Messages before `before`, the newest `limit` of them */
  loadMessages: (chat: string, range: { before: number; limit: number }) => Promise<MessagePage>
}

interface Task {
  isOver: boolean
}

export class Jump {
  readonly state = signal<JumpState>({ kind: 'none' })
  readonly #options: JumpOptions
  readonly #chat = computed(() => this.#options.route.value.chat)
  readonly #seq = computed(() => this.#options.route.value.at)
  readonly #times = signal(0)
  readonly #stop: () => void

  constructor(options: JumpOptions) {
    this.#options = options
    this.#stop = effect(() => this.#begin())
  }

  /** Jumps to the current message again */
  again(): void {
    this.#times.value++
  }

  close(): void {
    this.#stop()
  }

  #begin(): () => void {
    const current = this.#options.conversation.value
    const chat = this.#chat.value
    const seq = this.#seq.value
    void this.#times.value
    const task: Task = { isOver: false }
    if (chat === null || seq === null) this.state.value = { kind: 'none' }
    else if (current === null) this.state.value = { kind: 'going' }
    else untracked(() => void this.#go(current, chat, seq, task))
    return () => {
      task.isOver = true
    }
  }

  async #go(current: StaffConversation, chat: string, seq: number, task: Task): Promise<void> {
    const tell = (state: JumpState): void => {
      if (!task.isOver) this.state.value = state
    }
    const { messages } = current.state
    const newest = messages.at(-1)?.seq ?? 0
    if (seq > newest) return tell({ kind: 'missing' })
    if (seq >= (messages[0]?.seq ?? 0)) return tell({ kind: 'here', seq })
    tell({ kind: 'going' })
    tell(newest - seq > MAX_BACK ? await this.#apart(chat, seq) : await loadBack(current, seq, task))
  }

  async #apart(chat: string, seq: number): Promise<JumpState> {
    try {
      const range = { before: seq + AROUND + 1, limit: 2 * AROUND + 1 }
      const { messages } = await this.#options.loadMessages(chat, range)
      return messages.some((message) => message.seq === seq) ? { kind: 'apart', seq, messages } : { kind: 'missing' }
    } catch {
      return { kind: 'failed' }
    }
  }
}

async function loadBack(current: StaffConversation, seq: number, task: Task): Promise<JumpState> {
  for (let tries = 0; tries < TRIES; tries++) {
    const first = current.state.messages[0]?.seq ?? 0
    if (first <= seq || task.isOver) return { kind: 'here', seq }
    if (!current.state.has_more) return { kind: 'missing' }
    await (current.state.loading_older ? loaded(current) : current.loadOlder())
    if ((current.state.messages[0]?.seq ?? 0) < first) tries = 0
  }
  return { kind: 'failed' }
}

/** The page that somebody else asked for has come */
const loaded = (current: StaffConversation): Promise<void> =>
  new Promise((resolve) => {
    const stop = current.subscribe(() => {
      if (current.state.loading_older) return
      stop()
      resolve()
    })
  })

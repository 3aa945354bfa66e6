// Shows one message of the open chat. The conversation is loaded back to it page by page, so that it stays without holes; what lies
// too far back is shown with what stands around it, apart from the conversation.
import { computed, effect, signal } from '@preact/signals'
import { chatEndpoint } from '../client/conversation/chat-endpoint.ts'
import type { Conversation } from '../client/conversation/conversation.ts'
import type { SupportMessage } from '../protocol/types.ts'
import { api } from './link.ts'
import { loadedConversation } from './open-chat.ts'
import { route } from './routes.ts'

export type Jump =
  | { kind: 'none' | 'going' | 'missing' | 'failed' }
  /** It is in the conversation */
  | { kind: 'here'; seq: number }
  | { kind: 'apart'; seq: number; messages: readonly SupportMessage[] }

/** How many messages the conversation is loaded back at most: twenty pages, a second or two */
const MAX_BACK = 1_000
/** For one page: it is dropped when what is held changes while it is on its way, as when messages become read */
const TRIES = 4
/** Messages before and after one that is shown apart */
const AROUND = 25

export const jump = signal<Jump>({ kind: 'none' })

const again = signal(0)
/** To the same message, once more */
export const jumpAgain = (): void => void again.value++

const seq = computed(() => route.value.at)

effect(() => {
  const current = loadedConversation.value
  const to = seq.value
  void again.value
  const task = { isOver: false }
  if (to === null) jump.value = { kind: 'none' }
  else if (current === null) jump.value = { kind: 'going' }
  else void go(current, to, task)
  return () => {
    task.isOver = true
  }
})

async function go(current: Conversation, to: number, task: { isOver: boolean }): Promise<void> {
  const tell = (kind: Jump): void => {
    if (!task.isOver) jump.value = kind
  }
  const { messages } = current.state
  const newest = messages.at(-1)?.seq ?? 0
  if (to > newest) return tell({ kind: 'missing' })
  if (to >= (messages[0]?.seq ?? 0)) return tell({ kind: 'here', seq: to })
  tell({ kind: 'going' })
  tell(newest - to > MAX_BACK ? await apart(to) : await loadBack(current, to, task))
}

async function apart(to: number): Promise<Jump> {
  const id = route.peek().chat ?? ''
  try {
    const { messages } = await chatEndpoint(api, 'admin', encodeURIComponent(id)).page({
      before: to + AROUND + 1,
      limit: 2 * AROUND + 1,
    })
    return messages.some((message) => message.seq === to) ? { kind: 'apart', seq: to, messages } : { kind: 'missing' }
  } catch {
    return { kind: 'failed' }
  }
}

async function loadBack(current: Conversation, to: number, task: { isOver: boolean }): Promise<Jump> {
  for (let tries = 0; tries < TRIES; tries++) {
    const first = current.state.messages[0]?.seq ?? 0
    if (first <= to || task.isOver) return { kind: 'here', seq: to }
    if (!current.state.has_more) return { kind: 'missing' }
    await (current.state.loading_older ? loaded(current) : current.loadOlder())
    if ((current.state.messages[0]?.seq ?? 0) < first) tries = 0
  }
  return { kind: 'failed' }
}

/** Somebody else asked for it */
const loaded = (current: Conversation): Promise<void> =>
  new Promise((resolve) => {
    const stop = current.subscribe(() => {
      if (current.state.loading_older) return
      stop()
      resolve()
    })
  })

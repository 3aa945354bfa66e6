// What a screen reader says by itself: what is new at the end of the log, once, and that a message was not sent. The log is silent: its
// older pages, times and marks come and go without being news. A chunk of its own, loaded when a log appears.
import type { ConversationState } from '../client/conversation/conversation-state.ts'
import type { SupportMessage } from '../protocol/types.ts'
import type { ConversationCatalogue } from './catalogue.ts'

/** Messages at once of which more than the number is said */
const FEW = 3
/** Milliseconds after which what was said is gone, so that nobody who walks through the page finds messages twice */
const STAYS = 10_000

export type Announcer = (state: ConversationState, senderName: (message: SupportMessage) => string) => void

/**
 * @param region a live region for nothing else
 * @returns to be called with each state; the first one, which is there when the log appears, is no news
 */
export function createAnnouncer(region: HTMLElement, words: ConversationCatalogue): Announcer {
  let before: ConversationState | undefined
  return (state, senderName) => {
    if (!before) {
      before = state
      return
    }
    const last = before.messages.at(-1)?.seq ?? 0
    const was = new Map(before.pending.map((item) => [item.client_id, item.status]))
    const news: string[] = []
    const failures: string[] = []
    for (let at = state.messages.length - 1; before.status === 'ready' && at >= 0; at--) {
      const message = state.messages[at]
      if (!message || message.seq <= last) break
      // What was pending was said when it was sent
      if (!was.has(message.client_id ?? '')) news.unshift(`${senderName(message)}: ${message.content}`)
    }
    for (const { client_id: id, content, status, reason } of state.pending) {
      if (!was.has(id)) news.push(`${words.you}: ${content}`)
      if (status === 'failed' && was.get(id) !== 'failed')
        failures.push(`${words.notSent} ${words.reasons[reason ?? ''] ?? ''}`)
    }
    for (const text of [...(news.length > FEW ? [words.jumpNew(news.length)] : news), ...failures]) {
      const line = document.createElement('p')
      line.textContent = text
      region.append(line)
      setTimeout(() => line.remove(), STAYS)
    }
    before = state
  }
}

// What a screen reader says by itself: what is new at the end of the log, once, and that a message was not sent. The log is silent: its
// older pages, times and marks come and go without being news. A chunk of its own, loaded when a log appears.
import type { ConversationState } from '../client/conversation/conversation-state.ts'
import type { PendingMessage } from '../client/conversation/outbox.ts'
import type { SupportMessage } from '../protocol/types.ts'
import type { ConversationCatalogue } from './catalogue.ts'

/** Messages at once of which more than the number is said */
const FEW = 3
/** Milliseconds after which what was said is gone, so that nobody who walks through the page finds messages twice */
const STAYS = 10_000

/** Its text, and the names of its files */
const said = ({ content, attachments = [] }: Pick<PendingMessage, 'content' | 'attachments'>): string =>
  [...(content ? [content] : []), ...attachments.map(({ name }) => name)].join(', ')

export type Announcer = (state: ConversationState, senderName: (message: SupportMessage) => string) => void

/**
 * @param region a live region for nothing else
 * @param before what is there when the log appears, which is no news
 * @returns to be called with each state after it
 */
export function createAnnouncer(
  region: HTMLElement,
  words: ConversationCatalogue,
  before: ConversationState,
): Announcer {
  return (state, senderName) => {
    const last = before.messages.at(-1)?.seq ?? 0
    const was = new Map(before.pending.map((item) => [item.client_id, item.status]))
    const news: string[] = []
    const failures: string[] = []
    for (let at = state.messages.length - 1; before.status === 'ready' && at >= 0; at--) {
      const message = state.messages[at]
      if (!message || message.seq <= last) break
      // What was pending was said when it was sent
      if (!was.has(message.client_id ?? '')) news.unshift(`${senderName(message)}: ${said(message)}`)
    }
    for (const message of state.pending) {
      const { client_id: id, status, reason } = message
      if (!was.has(id)) news.push(`${words.you}: ${said(message)}`)
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

// One-key shortcuts. They are off while somebody types, in a dialog, and with a modifier (that is the browser's).
import { focusTitle } from './chat-head.tsx'
import { closeChat, move, openCursor } from './cursor.ts'
import { archive, isArchived } from './desk.ts'
import { helpIsOpen, openHelp } from './help-dialog.tsx'
import { openChatArchived, toggleOpenChat } from './open-chat.ts'
import { route } from './routes.ts'
import { SEARCH_ID } from './search-box.tsx'

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))

const focusedCard = (): string | null =>
  document.activeElement?.closest<HTMLElement>('[data-chat]')?.dataset['chat'] ?? null

const composer = (): HTMLTextAreaElement | null => document.querySelector('.chat-pane textarea')

/** The card that has the focus, or else the open chat */
function archiveCurrent(): void {
  const card = focusedCard()
  if (card === null || card === route.value.chat) {
    if (route.value.chat !== null && openChatArchived.value !== null) void toggleOpenChat()
    return
  }
  const archived = isArchived(card)
  if (archived === undefined) return
  move(1)
  void archive(card, !archived)
}

function escape(target: EventTarget | null): void {
  // From the composer first back to the page, so that the one-key shortcuts work again
  if (isTyping(target)) focusTitle()
  else if (route.value.chat !== null) closeChat()
}

const SHORTCUTS: Record<string, () => void> = {
  j: () => move(1),
  k: () => move(-1),
  // A focused link or button does on Enter what it is for; this is for a focus that is nowhere
  Enter: () => {
    if (document.activeElement === document.body) openCursor()
  },
  r: () => composer()?.focus(),
  e: archiveCurrent,
  '/': () => document.querySelector<HTMLInputElement>(`#${SEARCH_ID}`)?.focus(),
  '?': openHelp,
}

export function listenToKeys(): void {
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return
    if (helpIsOpen()) return
    if (event.key === 'Escape') return escape(event.target)
    if (isTyping(event.target)) return
    if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && focusedCard() !== null) {
      event.preventDefault()
      return move(event.key === 'ArrowDown' ? 1 : -1)
    }
    const run = SHORTCUTS[event.key]
    if (run === undefined || (event.repeat && event.key !== 'j' && event.key !== 'k')) return
    if (event.key !== 'Enter') event.preventDefault()
    run()
  })
}

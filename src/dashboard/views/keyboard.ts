// One-key shortcuts. They are off while somebody types, in a dialog, and with a modifier (that is the browser's).
import type { Desk } from '../state/desk.ts'
import { focusTitle } from './focus-title.ts'
import { helpIsOpen, openHelp } from './help-dialog.tsx'
import { SEARCH_ID } from './search-box.tsx'

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'))

const focusedCard = (): string | null =>
  document.activeElement?.closest<HTMLElement>('[data-chat]')?.dataset['chat'] ?? null

const composer = (): HTMLTextAreaElement | null => document.querySelector('.chat-pane textarea')

/** @returns what ends it */
export function listenToKeys(desk: Desk): () => void {
  const { cursor, lists, navigation, openChat } = desk

  /** The card that has the focus, or else the open chat */
  function archiveCurrent(): void {
    const card = focusedCard()
    const { chat } = navigation.route.value
    if (card === null || card === chat) {
      if (chat !== null && openChat.archived.value !== null) void openChat.toggleArchived()
      return
    }
    const archived = lists.isArchived(card)
    if (archived === undefined) return
    cursor.move(1)
    void desk.archive(card, !archived)
  }

  function escape(target: EventTarget | null): void {
    // From the composer first back to the page, so that the one-key shortcuts work again
    if (isTyping(target)) focusTitle()
    else if (navigation.route.value.chat !== null) cursor.closeChat()
  }

  const shortcuts: Record<string, () => void> = {
    j: () => cursor.move(1),
    k: () => cursor.move(-1),
    // A focused link or button does on Enter what it is for; this is for a focus that is nowhere
    Enter: () => {
      if (document.activeElement === document.body) cursor.open()
    },
    r: () => composer()?.focus(),
    e: archiveCurrent,
    '/': () => document.querySelector<HTMLInputElement>(`#${SEARCH_ID}`)?.focus(),
    '?': openHelp,
  }

  function onKeyDown(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return
    if (helpIsOpen()) return
    if (event.key === 'Escape') return escape(event.target)
    if (isTyping(event.target)) return
    if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && focusedCard() !== null) {
      event.preventDefault()
      return cursor.move(event.key === 'ArrowDown' ? 1 : -1)
    }
    const run = shortcuts[event.key]
    if (run === undefined || (event.repeat && event.key !== 'j' && event.key !== 'k')) return
    if (event.key !== 'Enter') event.preventDefault()
    run()
  }

  addEventListener('keydown', onKeyDown)
  return () => removeEventListener('keydown', onKeyDown)
}

// Whatever vanishes under the keyboard, a button that was pressed or a row that left the list, leaves the focus nearby. A focus that
// is nowhere begins again at the top of the page.
import { TITLE_ID } from './focus-title.ts'
import { PANEL_ID } from './tabs.tsx'

const LIST = '.list-pane'
const CHAT = '.chat-pane'

/**
 * @param row the key of the row that the keyboard is at
 * @returns what ends it
 */
export function keepFocus(root: Element, row: () => string | null): () => void {
  /** The element that has the focus, and the pane that it is in */
  let last: { element: Element; pane: Element } | null = null

  function onFocusIn({ target }: FocusEvent): void {
    const pane = target instanceof Element ? target.closest(`${LIST}, ${CHAT}`) : null
    last = target instanceof Element && pane !== null ? { element: target, pane } : null
  }
  function onFocusOut({ target }: FocusEvent): void {
    // A removed element may say so too, while it is still there
    queueMicrotask(() => {
      if (last?.element === target && last.element.isConnected) last = null
    })
  }
  const observer = new MutationObserver(() => {
    if (last === null || last.element.isConnected || document.activeElement !== document.body) return
    const homes = last.pane.matches(LIST)
      ? [`[data-row="${CSS.escape(row() ?? '')}"]`, `#${PANEL_ID}`]
      : ['.db-log', `#${TITLE_ID}`, '#conversation']
    last = null
    for (const home of homes) {
      document.querySelector<HTMLElement>(home)?.focus({ preventScroll: true })
      if (document.activeElement !== document.body) return
    }
  })

  root.addEventListener('focusin', onFocusIn as EventListener)
  root.addEventListener('focusout', onFocusOut as EventListener)
  observer.observe(root, { childList: true, subtree: true })
  return () => {
    root.removeEventListener('focusin', onFocusIn as EventListener)
    root.removeEventListener('focusout', onFocusOut as EventListener)
    observer.disconnect()
  }
}

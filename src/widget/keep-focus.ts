// A control that disappears while it has the focus takes the focus with it, and then no key reaches the chat any more.

/** Leads the focus that such a control in `box` had to the log; while there is none, to the text box, or on a touch screen to the panel */
export function keepFocus(box: HTMLElement): void {
  let held: Element | null = null
  box.addEventListener('focusin', ({ target }) => (held = target as Element))
  // Some browsers say it of a control that is removed too, while it is still there
  box.addEventListener('focusout', ({ target }) =>
    queueMicrotask(() => {
      if (held === target && held?.isConnected) held = null
    }),
  )
  new MutationObserver(() => {
    if (!held || held.isConnected) return
    held = null
    // Somebody has led it elsewhere
    if (document.activeElement !== document.body) return
    const selectors = ['.db-log', matchMedia('(pointer: coarse)').matches ? '.panel' : 'textarea']
    const next = selectors.map((selector) => box.querySelector<HTMLElement>(selector)).find(Boolean)
    next?.focus({ preventScroll: true })
  }).observe(box, { childList: true, subtree: true })
}

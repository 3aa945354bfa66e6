// A control that disappears while it has the focus takes the focus with it, and then no key reaches the chat any more.

/** Leads the focus that such a control in `box` had to the log; while there is none, to the text box, or on a touch screen to the panel */
export function keepFocus(box: HTMLElement): void {
  // This code may come after the focus, or even after the control that had it
  let held: { isConnected: boolean } | null = (box.getRootNode() as ShadowRoot).activeElement ?? { isConnected: false }
  box.addEventListener('focusin', ({ target }) => (held = target as Element))
  // Some browsers say it of a control that is removed too, while it is still there
  box.addEventListener('focusout', ({ target }) =>
    queueMicrotask(() => {
      if (held === target && (target as unknown as Node).isConnected) held = null
    }),
  )
  const look = (): void => {
    if (!held || held.isConnected) return
    held = null
    // Somebody has led it elsewhere
    if (document.activeElement !== document.body) return
    const selectors = ['.db-log', matchMedia('(pointer: coarse)').matches ? '.panel' : 'textarea']
    const next = selectors.map((selector) => box.querySelector<HTMLElement>(selector)).find(Boolean)
    next?.focus({ preventScroll: true })
  }
  look()
  new MutationObserver(look).observe(box, { childList: true, subtree: true })
}

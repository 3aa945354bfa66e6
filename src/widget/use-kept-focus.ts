// A control that disappears while it has the focus takes the focus with it, and then no key reaches the chat any more.
import type { RefObject } from 'preact'
import { useEffect } from 'preact/hooks'

/** Leads the focus that such a control in `chat` had to the log; while there is none, to the box, or on a touch screen to `chat` itself */
export function useKeptFocus(chat: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const { current } = chat
    if (!current) return
    let held: Element | null = null
    const onFocusIn = ({ target }: FocusEvent): void => void (held = target as Element)
    // Some browsers say it of a control that is removed too, while it is still there
    const onFocusOut = ({ target }: FocusEvent): void =>
      queueMicrotask(() => {
        if (held === target && held?.isConnected) held = null
      })
    const observer = new MutationObserver(() => {
      if (!held || held.isConnected) return
      held = null
      // Somebody has led it elsewhere
      if (document.activeElement !== document.body) return
      const box = matchMedia('(pointer: coarse)').matches ? null : current.querySelector('textarea')
      const next = current.querySelector<HTMLElement>('.db-log') ?? box ?? current
      next.focus({ preventScroll: true })
    })
    current.addEventListener('focusin', onFocusIn)
    current.addEventListener('focusout', onFocusOut)
    observer.observe(current, { childList: true, subtree: true })
    return () => {
      current.removeEventListener('focusin', onFocusIn)
      current.removeEventListener('focusout', onFocusOut)
      observer.disconnect()
    }
  }, [])
}

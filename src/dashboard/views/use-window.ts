// Which rows of a long list are in view. All are equally high, so their places follow from the scroll position alone.
import type { RefObject } from 'preact'
import { useLayoutEffect, useReducer, useRef } from 'preact/hooks'

export interface RowWindow {
  /** Index of the first row in view; larger than `last` where none is */
  first: number
  /** Index of the last row in view */
  last: number
  /** Scrolls by as little as it takes to show the whole row */
  show: (index: number) => void
}

interface Rows {
  count: number
  /** Pixels of one row */
  height: number
}

export function useWindow(scroller: RefObject<HTMLElement | null>, { count, height }: Rows): RowWindow {
  const [, redraw] = useReducer((n: number) => n + 1, 0)
  /** How far the list is scrolled, and how much of it the window shows */
  const seen = useRef({ top: 0, size: 0 })
  const rows = useRef({ count, height })
  rows.current = { count, height }

  function look(): void {
    if (!scroller.current) return
    const before = inView(seen.current, rows.current)
    seen.current = { top: scroller.current.scrollTop, size: scroller.current.clientHeight }
    const now = inView(seen.current, rows.current)
    if (now.first !== before.first || now.last !== before.last) redraw(undefined)
  }
  useLayoutEffect(() => {
    const element = scroller.current
    if (!element) return undefined
    look()
    element.addEventListener('scroll', look, { passive: true })
    const observer = new ResizeObserver(look)
    observer.observe(element)
    return () => {
      element.removeEventListener('scroll', look)
      observer.disconnect()
    }
  }, [])

  const drawnAt = useRef(height)
  useLayoutEffect(() => {
    if (drawnAt.current === height || !scroller.current) return
    // The row at the top stays there
    scroller.current.scrollTop = (seen.current.top / drawnAt.current) * height
    drawnAt.current = height
    look()
  }, [height])

  return {
    ...inView(seen.current, rows.current),
    show(index) {
      const element = scroller.current
      if (!element) return
      const top = index * height
      if (top < element.scrollTop) element.scrollTop = top
      else element.scrollTop = Math.max(element.scrollTop, top + height - element.clientHeight)
      look()
    },
  }
}

function inView(
  { top, size }: { top: number; size: number },
  { count, height }: Rows,
): { first: number; last: number } {
  const last = Math.min(count, Math.ceil((top + size) / height)) - 1
  return { first: Math.max(0, Math.floor(top / height)), last }
}

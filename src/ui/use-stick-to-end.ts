// The scroll position of the log. A reader at the end stays at the end; a reader further up is never moved.
import type { RefObject } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'

/** Pixels from the end that still count as the end */
const NEAR = 48
/** Pixels left visible above the place that it opens at */
const ABOVE = 12

export interface StickToEnd {
  atEnd: boolean
  onScroll: () => void
  toEnd: () => void
}

/**
 * @param head identifies the first message: when it changes, older messages were added above
 * @param pending number of messages being sent: when it grows, the log goes to the end
 * @param start selector of the place to open at when it is more than one screen up
 */
export function useStickToEnd(
  log: RefObject<HTMLElement | null>,
  head: unknown,
  pending: number,
  start?: string,
): StickToEnd {
  const [atEnd, setAtEnd] = useState(true)
  const was = useRef({ atEnd: true, head, pending, height: 0, top: 0 }).current

  const toEnd = (): void => {
    const element = log.current
    if (element) element.scrollTop = element.scrollHeight
  }
  const onScroll = (): void => {
    const element = log.current
    if (!element) return
    was.top = element.scrollTop
    was.atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR
    setAtEnd(was.atEnd)
  }

  useLayoutEffect(() => {
    const element = log.current
    if (!element) return
    if (was.atEnd || pending > was.pending) toEnd()
    else if (head !== was.head) element.scrollTop = was.top + element.scrollHeight - was.height
    const mark = start && !was.height ? element.querySelector<HTMLElement>(start) : null
    if (mark && mark.offsetTop < element.scrollTop) {
      element.scrollTop = mark.offsetTop - ABOVE
      onScroll()
    }
    was.head = head
    was.pending = pending
    was.height = element.scrollHeight
    was.top = element.scrollTop
  })

  useLayoutEffect(() => {
    const element = log.current
    if (!element) return
    // The height changes too, when a keyboard opens or the composer grows.
    const observer = new ResizeObserver(() => {
      if (was.atEnd) toEnd()
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [])

  return { atEnd, onScroll, toEnd }
}

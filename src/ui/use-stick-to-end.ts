// Where the log stands. Someone at the end stays at the end; someone reading further up is never moved.
import type { RefObject } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'

const NEAR = 48
/** What is left to see above what it opens at */
const ABOVE = 12

export interface StickToEnd {
  atEnd: boolean
  onScroll: () => void
  toEnd: () => void
}

/**
 * @param head what stands first: when it changes, older messages came in above
 * @param pending counts what the reader has just sent: whoever writes goes to the end
 * @param start what to open at when it is further up than one screen; a selector
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
    // The box changes too: a keyboard comes up, the composer grows.
    const observer = new ResizeObserver(() => {
      if (was.atEnd) toEnd()
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [])

  return { atEnd, onScroll, toEnd }
}

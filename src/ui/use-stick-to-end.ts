// The scroll position of the log. A reader at the end stays at the end; a reader further up keeps the message they read.
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
 * @param log what scrolls
 * @param rows its messages and dividers
 * @param pending number of messages being sent: when it grows, the log goes to the end
 * @param drawn what the rows are made of. When it changes, they are put in their place before a frame shows them elsewhere; the layout
 *   of anything else can wait for the frame, which tells the observer
 * @param start selector of the place to open at when it is more than one screen up
 */
export function useStickToEnd(
  log: RefObject<HTMLElement | null>,
  rows: RefObject<HTMLElement | null>,
  pending: number,
  drawn: readonly unknown[],
  start?: string | false,
): StickToEnd {
  const [atEnd, setAtEnd] = useState(true)
  const was = useRef<Place>({ atEnd: true, pending, start, size: '', top: 0, at: 0 }).current

  const toEnd = (): void => {
    const element = log.current
    if (element) element.scrollTop = element.scrollHeight
  }
  /** After anything that may have changed the layout, or the position */
  const settle = (): void => {
    const element = log.current
    if (!element) return
    const { scrollTop } = element
    const isNearEnd = element.scrollHeight - scrollTop - element.clientHeight < NEAR
    // A reader has scrolled; the event that says so may be yet to come. Browsers scroll too, where a log that became higher has nothing
    // more to show: to its end. And where all of it is in view, nobody can scroll there.
    const fits = element.scrollHeight === element.clientHeight
    if (
      fits ||
      (sizeOf(element) === was.size ? scrollTop !== was.top : was.atEnd && !isNearEnd && scrollTop < was.top)
    ) {
      was.atEnd = isNearEnd
      look(element, was, rows.current)
      setAtEnd(was.atEnd)
    } else if (was.atEnd) toEnd()
    else if (was.read?.isConnected) element.scrollTop += placeOf(was.read, element) - was.at
    else look(element, was, rows.current)
    was.size = sizeOf(element)
    was.top = element.scrollTop
  }
  const onScroll = (): void => {
    const element = log.current
    // Something may have been drawn between the scroll and its event, which then tells nothing new
    if (element && (sizeOf(element) !== was.size || element.scrollTop !== was.top)) settle()
  }

  useLayoutEffect(() => {
    const element = log.current
    if (!element) return
    if (pending > was.pending) {
      was.atEnd = true
      setAtEnd(true)
    }
    was.pending = pending
    // There is nothing to place yet
    if (!rows.current?.firstChild) return
    const mark = was.start && element.querySelector(was.start)
    was.start = false
    // The heights of what was never in view are guesses, by which the place cannot be found
    if (mark)
      for (const one of element.querySelectorAll<HTMLElement>('.db-block')) one.style.contentVisibility = 'visible'
    settle()
    if (!mark || topOf(mark) >= topOf(element)) return
    element.scrollTop += topOf(mark) - topOf(element) - ABOVE
    settle()
  }, [pending, ...drawn])

  useLayoutEffect(() => {
    if (!log.current || !rows.current) return
    // A keyboard opens, the composer grows, a bar appears, a font loads, the text gets another size or width
    const observer = new ResizeObserver(settle)
    observer.observe(log.current)
    observer.observe(rows.current)
    return () => observer.disconnect()
  }, [])

  return { atEnd, onScroll, toEnd }
}

interface Place {
  atEnd: boolean
  pending: number
  /** Selector of the place to open at, until it has opened */
  start: string | false | undefined
  /** Of the log and of what is in it, when it was in its place last */
  size: string
  /** Its scroll position then */
  top: number
  /** The first message that begins in view, and where it is */
  read?: Element | null | undefined
  at: number
}

const sizeOf = ({ clientWidth, clientHeight, scrollHeight }: HTMLElement): string =>
  `${clientWidth} ${clientHeight} ${scrollHeight}`

const topOf = (element: Element): number => element.getBoundingClientRect().top

/** From the top of the whole chat, not of the log: a bar that appears above the log covers messages and moves none */
const placeOf = (message: Element, log: HTMLElement): number => {
  const chat = (log.parentElement ?? log).offsetParent ?? document.body
  // Its name may go when older messages of the same sender come above
  return topOf(message.querySelector('.db-bubble') ?? message) - topOf(chat)
}

function look(log: HTMLElement, was: Place, rows: Element | null): void {
  const { top, bottom } = log.getBoundingClientRect()
  const inView = (of: Element | null | undefined): Element | undefined =>
    of?.children[countWhile(of, (one) => one.getBoundingClientRect().bottom <= top)]
  const outer = inView(rows)
  const block = outer?.matches('.db-part') ? inView(outer) : outer
  const row =
    block?.children[countWhile(block, (one) => topOf(one) < top)] ??
    (block?.nextElementSibling ?? outer?.nextElementSibling?.firstElementChild)?.firstElementChild
  // Dividers come and go. A message that fills the log begins above it
  const next = row?.matches('.db-divider') ? (row.nextElementSibling ?? row) : row
  was.read = next && topOf(next) < bottom ? next : (row?.previousElementSibling ?? block?.lastElementChild)
  if (was.read) was.at = placeOf(was.read, log)
}

/** How many children, one after the other from the first, are so. By halves: each step of a scroll asks */
function countWhile({ children }: Element, is: (child: Element) => boolean): number {
  let from = 0
  let to = children.length
  while (from < to) {
    const middle = (from + to) >> 1
    if (is(children[middle] as Element)) from = middle + 1
    else to = middle
  }
  return from
}

// Brings one message of the log into view, and marks it and the words that were searched for in it for a moment. The log is
// shared with the widget and does not know of this.
import type { RefObject } from 'preact'
import { useLayoutEffect } from 'preact/hooks'
import type { JumpState } from '../state/jump.ts'
import { useDashboard } from './context.ts'
import { matcher } from './excerpt.ts'

/** How long the message stands out (ms) */
const SHOWN = 4_000
/** Pixels above the start of a message that is higher than the window */
const ABOVE = 24
const HIGHLIGHT = 'found'

/** @param isDrawn the log is in the thread, with its messages */
export function useShown(thread: RefObject<HTMLElement | null>, target: JumpState, isDrawn: boolean): void {
  const { search } = useDashboard().desk
  useLayoutEffect(() => {
    if (target.kind !== 'here' && target.kind !== 'apart') return undefined
    const log = thread.current?.querySelector<HTMLElement>('.db-log')
    const message = log?.querySelector<HTMLElement>(`[data-seq="${target.seq}"]`)
    if (!log || !message) return undefined
    const words = rangesOf(message, search.results.peek()?.q ?? '')
    bringIntoView(log, message, words[0])
    // Without support in the browser, the message stands out all the same
    if (typeof Highlight === 'function') CSS.highlights.set(HIGHLIGHT, new Highlight(...words))
    message.dataset['shown'] = ''
    const hide = (): void => message.removeAttribute('data-shown')
    const timer = setTimeout(hide, SHOWN)
    return () => {
      clearTimeout(timer)
      hide()
      if (typeof Highlight === 'function') CSS.highlights.delete(HIGHLIGHT)
    }
  }, [target, isDrawn])
}

function bringIntoView(log: HTMLElement, message: HTMLElement, word: Range | undefined): void {
  const isHigh = message.offsetHeight > log.clientHeight - 2 * ABOVE
  const box = (isHigh && word ? word : message).getBoundingClientRect()
  const space = isHigh && !word ? ABOVE : Math.max(ABOVE, (log.clientHeight - box.height) / 2)
  log.scrollTop += box.top - log.getBoundingClientRect().top - space
  // Now, before anything else draws: the log would think that its reader is still at the end, and go back there
  log.dispatchEvent(new Event('scroll'))
}

/** Where the words stand in the message. Its links are elements of their own, so there are several texts */
function rangesOf(message: HTMLElement, q: string): Range[] {
  const bubble = message.querySelector('.db-bubble')
  if (q === '' || bubble === null) return []
  const ranges: Range[] = []
  const texts = document.createTreeWalker(bubble, NodeFilter.SHOW_TEXT)
  for (let node = texts.nextNode(); node !== null; node = texts.nextNode()) {
    for (const { index, 0: match } of (node.nodeValue ?? '').matchAll(matcher(q))) {
      const range = document.createRange()
      range.setStart(node, index)
      range.setEnd(node, index + match.length)
      ranges.push(range)
    }
  }
  return ranges
}

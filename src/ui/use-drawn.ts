// From which block on the log is in the page: at first from the place where it opens, or shortly before it, then one more above at a time,
// between other work. So a chat opens as fast with all of it loaded, and in the end nothing is missing for a search in the page.
import { useEffect, useReducer, useRef } from 'preact/hooks'
import { blockOf } from './blocks.ts'

/**
 * @param first the first block that is loaded
 * @param last the last one
 * @param show the seq of a message that has to be in the page
 * @param atOnce draws at once, with so many blocks above that place: more than a screen. Without it, the frame of a log comes before
 *   the messages, and each block is a task of its own
 */
export function useDrawn(first: number, last: number, show: number | null, atOnce?: number): number {
  const [, draw] = useReducer((n: number) => n + 1, 0)
  const drawn = useRef(atOnce ? last : Infinity)
  const place = (show === null ? last : blockOf(show)) - (atOnce ?? 0)
  const from = drawn.current > last ? last + 1 : Math.max(first, Math.min(drawn.current, place))
  drawn.current = from
  useEffect(() => {
    if (from === first) return
    const timer = setTimeout(() => {
      drawn.current--
      draw(undefined)
    })
    return () => clearTimeout(timer)
  }, [from, first])
  return from
}

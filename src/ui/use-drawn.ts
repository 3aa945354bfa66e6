// From which block on the log is in the page: at first from shortly before the place where it opens, then one more above at a time,
// between other work. So a chat opens as fast with all of it loaded, and in the end nothing is missing for a search in the page.
import { useEffect, useReducer, useRef } from 'preact/hooks'
import { blockOf } from './blocks.ts'

/**
 * @param first the first block that is loaded
 * @param last the last one
 * @param show the seq of a message that has to be in the page
 * @param above blocks above that place that are drawn with it: more than a screen. The panel is small
 */
export function useDrawn(first: number, last: number, show: number | null, above = 1): number {
  const [, draw] = useReducer((n: number) => n + 1, 0)
  const drawn = useRef(Infinity)
  const from = Math.max(first, Math.min(drawn.current, (show === null ? last : blockOf(show)) - above))
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

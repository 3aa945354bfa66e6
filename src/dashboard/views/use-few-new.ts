// Spreads the drawing of many new rows over several frames: to draw a screenful of them takes longer than a frame lasts.
import { useLayoutEffect, useReducer, useRef } from 'preact/hooks'

/** New rows in one frame, after the first one */
const FEW = 4

/**
 * Which of the wanted rows to draw now; the others follow in the next frames.
 * @param wanted keys of rows, the most important ones first
 */
export function useFewNew(wanted: readonly string[]): ReadonlySet<string> {
  const [, drawMore] = useReducer((n: number) => n + 1, 0)
  const drawn = useRef<ReadonlySet<string>>(new Set())
  let left = drawn.current.size === 0 ? Number.POSITIVE_INFINITY : FEW
  const now = new Set(wanted.filter((key) => drawn.current.has(key) || left-- > 0))
  useLayoutEffect(() => {
    drawn.current = now
    if (now.size === wanted.length) return undefined
    let timer: ReturnType<typeof setTimeout> | undefined
    // After the coming frame, and not in it
    const frame = requestAnimationFrame(() => {
      timer = setTimeout(() => drawMore(undefined), 0)
    })
    return () => {
      cancelAnimationFrame(frame)
      clearTimeout(timer)
    }
  })
  return now
}

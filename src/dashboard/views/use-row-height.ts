// All rows of the list are equally high: as high as the first one is drawn, at whatever text size and spacing.
import type { RefObject } from 'preact'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'

/** In pixels, before a row is drawn, with the default text size */
const HEIGHT = 85
const DENSE_HEIGHT = 52

/** @param rows the element whose children are the rows */
export function useRowHeight(rows: RefObject<HTMLElement | null>, dense: boolean): number {
  const [measured, setMeasured] = useState({ dense, height: dense ? DENSE_HEIGHT : HEIGHT })
  const observed = useRef<Element | null>(null)
  const observer = useRef<ResizeObserver | null>(null)
  useLayoutEffect(() => () => observer.current?.disconnect(), [])
  useLayoutEffect(() => {
    const row = rows.current?.firstElementChild ?? null
    if (row === null || row === observed.current || observed.current?.isConnected) return
    observed.current = row
    observer.current?.disconnect()
    observer.current = new ResizeObserver(([entry]) => {
      const height = entry?.borderBoxSize[0]?.blockSize ?? 0
      // It is 0 while the list is hidden or the row is gone
      if (height > 0) setMeasured((before) => (before.height === height ? before : { ...before, height }))
    })
    observer.current.observe(row)
  })
  if (measured.dense === dense) return measured.height
  const height = dense ? DENSE_HEIGHT : HEIGHT
  setMeasured({ dense, height })
  return height
}

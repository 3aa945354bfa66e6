// Nothing moves under the pointer: while a mouse is over a list, its order is held; so it is from when a finger touches it until a
// moment after, so that a row is still there when the finger comes down on it again.
import { useEffect, useRef } from 'preact/hooks'
import type { ChatRows } from '../state/chat-rows.ts'
import { SETTLE } from '../state/settling.ts'

interface Handlers {
  onPointerEnter: (event: PointerEvent) => void
  onPointerLeave: (event: PointerEvent) => void
  onPointerDown: (event: PointerEvent) => void
  onPointerUp: (event: PointerEvent) => void
  onPointerCancel: (event: PointerEvent) => void
}

const isMouse = (event: PointerEvent): boolean => event.pointerType === 'mouse'

/** For the element that shows the list */
export function useHold(list: ChatRows): Handlers {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  // A list that is unmounted under the pointer gets no pointerleave
  useEffect(
    () => () => {
      clearTimeout(timer.current)
      list.hold(false)
    },
    [list],
  )
  const lift = (event: PointerEvent): void => {
    if (!isMouse(event)) timer.current = setTimeout(() => list.hold(false), SETTLE)
  }
  return {
    onPointerEnter: (event) => {
      if (isMouse(event)) list.hold(true)
    },
    onPointerLeave: (event) => {
      if (isMouse(event)) list.hold(false)
    },
    onPointerDown: (event) => {
      if (isMouse(event)) return
      clearTimeout(timer.current)
      list.hold(true)
    },
    onPointerUp: lift,
    // The finger scrolls
    onPointerCancel: lift,
  }
}

// Nothing moves under the pointer: while a mouse is over a list, its order is held.
import { useEffect } from 'preact/hooks'
import type { ChatRows } from '../state/chat-rows.ts'

interface Handlers {
  onPointerEnter: (event: PointerEvent) => void
  onPointerLeave: () => void
}

/** For the element that shows the list */
export function useHold(list: ChatRows): Handlers {
  // A list that is unmounted under the pointer gets no pointerleave
  useEffect(() => () => list.hold(false), [list])
  return {
    onPointerEnter: (event) => {
      if (event.pointerType === 'mouse') list.hold(true)
    },
    onPointerLeave: () => list.hold(false),
  }
}

// What the panel does about the page around it. A chunk of its own, since nobody needs it in the first moment.
import { fillScreen } from './fill-screen.ts'
import { keepEvents } from './keep-events.ts'
import { keepFocus } from './keep-focus.ts'
import { keepTab } from './keep-tab.ts'

/** @param box has the panel in it while that is open */
export function settleIn(box: HTMLElement): void {
  let release: (() => void) | undefined
  const look = (): void => {
    if (box.firstChild) release ??= fillScreen(box)
    else {
      release?.()
      release = undefined
    }
  }
  look()
  new MutationObserver(look).observe(box, { childList: true })
  keepFocus(box)
  keepTab(box)
  keepEvents(box)
}

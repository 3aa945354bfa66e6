// What the panel does about the page around it. A chunk of its own, since nobody needs it in the first moment.
import { keepPage } from '../ui/keep-page.ts'
import { refuseFiles } from '../ui/refuse-files.ts'
import { fillScreen } from './fill-screen.ts'
import { keepEvents } from './keep-events.ts'
import { keepFocus } from './keep-focus.ts'
import { keepTab } from './keep-tab.ts'

/** For the button beside the panel; one function, so that the root takes it once */
const keepDropped = (event: Event): void => keepPage(event as DragEvent)

/**
 * @param box has the panel in it while that is open
 * @param noFiles said where somebody drops or pastes a file
 */
export function settleIn(root: ShadowRoot, box: HTMLElement, noFiles: string): void {
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
  refuseFiles(box, noFiles)
  for (const name of ['dragover', 'drop']) root.addEventListener(name, keepDropped)
}

// What the panel does about the page around it. A chunk of its own, since nobody needs it in the first moment.
import { keepPage } from '../ui/keep-page.ts'
import { refuseFiles } from '../ui/refuse-files.ts'
import { watchAssistant } from './assistant/watch-assistant.ts'
import { watchVisitor } from './contact/watch-visitor.ts'
import type { FormatterIn, LateParts, Life } from './contract.ts'
import { fillScreen } from './fill-screen.ts'
import { watchHours } from './hours/watch-hours.ts'
import { keepEvents } from './keep-events.ts'
import { keepFocus } from './keep-focus.ts'
import { keepTab } from './keep-tab.ts'
import { watchRating } from './rating/watch-rating.ts'

/** For the button beside the panel; one function, so that the root takes it once */
const keepDropped = (event: Event): void => keepPage(event as DragEvent)

/**
 * @param box has the panel in it while that is open
 * @param noFiles said where somebody drops or pastes a file that cannot be sent
 * @param current the conversation of now
 */
export function settleIn(
  root: ShadowRoot,
  box: HTMLElement,
  noFiles: string,
  current: () => Life,
  formatterIn: FormatterIn,
): void {
  const late: LateParts = {
    contactForm: () => import('./contact/contact-form.ts'),
    closedNotice: () => import('./hours/closed-notice.ts'),
    rating: () => import('./rating/rating.ts'),
    offer: () => import('./assistant/person-offer.ts'),
    formatterIn,
  }
  let release: (() => void) | undefined
  const lookForVisitor = watchVisitor(root, box, current, late.contactForm)
  const lookAtHours = watchHours(root, box, current, late)
  const lookAtRating = watchRating(root, current, late)
  const lookForAssistant = watchAssistant(root, box, current, late)
  const look = (): void => {
    lookForVisitor()
    lookAtHours()
    lookAtRating()
    lookForAssistant()
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
  refuseFiles(box, noFiles, () => !!current().conversation.state.attachments)
  // Before somebody opens the panel, where there is time, in two tasks. Safari has no such callback
  globalThis.requestIdleCallback?.(() => Intl.Collator())
  globalThis.requestIdleCallback?.(() => Intl.DateTimeFormat())
  for (const name of ['dragover', 'drop']) root.addEventListener(name, keepDropped)
}

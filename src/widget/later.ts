// What nobody sees in the first moment: some styles, and what is said about files. A chunk of its own.
import { keepPage } from '../ui/keep-page.ts'
import log from '../ui/log-later.css?inline'
import { refuseFiles } from '../ui/refuse-files.ts'
import own from './later.css?inline'

let sheet: CSSStyleSheet | undefined
/** For the button beside the panel; one function, so that the root takes it once */
const keepDropped = (event: Event): void => keepPage(event as DragEvent)

/**
 * @param box has the panel in it while that is open
 * @param noFiles said where somebody drops or pastes a file
 */
export function complete(box: HTMLElement, root: ShadowRoot, noFiles: string): void {
  if (!sheet) {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(log + own)
  }
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet)
  refuseFiles(box, noFiles)
  for (const name of ['dragover', 'drop']) root.addEventListener(name, keepDropped)
}

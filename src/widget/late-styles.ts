// The styles of what nobody sees in the first moment. A chunk of its own.
import composer from '../ui/composer-later.css?inline'
import files from '../ui/files/files.css?inline'
import formatting from '../ui/formatting/formatting.css?inline'
import log from '../ui/log-later.css?inline'
import own from './late-styles.css?inline'

let sheet: CSSStyleSheet | undefined

export function settleIn(root: ShadowRoot): void {
  if (!sheet) {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(log + formatting + files + composer + own)
  }
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet)
}

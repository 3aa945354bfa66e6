// Says below the panel's header when staff are back. A chunk of its own, since most hosts set no hours.
import type { ClosedPeriod } from '../../protocol/types.ts'
import { words } from '../locales/hours.en.ts'
import { backText, type FormatterIn } from './back.ts'
import css from './hours.css?inline'

/** How often the clock is read while the panel is open (ms): a computer that slept has missed the moment */
const LOOK_EVERY = 15_000
const SVG = 'http://www.w3.org/2000/svg'

function clock(): SVGElement {
  const icon = document.createElementNS(SVG, 'svg')
  icon.setAttribute('viewBox', '0 0 24 24')
  icon.setAttribute('aria-hidden', 'true')
  const path = document.createElementNS(SVG, 'path')
  path.setAttribute('d', 'M12 7v5l3 2M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Z')
  icon.append(path)
  return icon
}

/**
 * @param box has the panel in it while that is open
 * @param formatter `formatterIn` of the panel
 * @returns to be called with the state's `closed` whenever that or the panel may have changed
 */
export function closedNotice(
  root: ShadowRoot,
  box: HTMLElement,
  formatter: FormatterIn,
): (closed: ClosedPeriod | null | undefined) => void {
  const sheet = new CSSStyleSheet()
  sheet.replaceSync(css)
  root.adoptedStyleSheets.push(sheet)
  const part = document.createElement('p')
  part.className = 'away'
  part.role = 'status'
  const text = document.createElement('span')
  text.dir = 'auto'
  part.append(clock(), text)
  let closed: ClosedPeriod | null | undefined
  let timer: ReturnType<typeof setInterval> | undefined

  function look(): void {
    const header = box.querySelector('.header')
    if (!header || !closed) {
      clearInterval(timer)
      timer = undefined
      return part.remove()
    }
    timer ??= setInterval(look, LOOK_EVERY)
    const now = new Date()
    if (now < new Date(closed.from) || now >= new Date(closed.until)) return part.remove()
    const said = backText(words, formatter(words.locale), { until: closed.until, now })
    if (text.textContent !== said) text.textContent = said
    if (header.nextSibling !== part) header.after(part)
  }

  return (now) => {
    closed = now
    look()
  }
}

// Images on the whole screen: one after the other, larger and smaller. A chunk of its own, which imports nothing.
import type { FilesCatalogue } from './catalogue.ts'
import type { Renew } from './file-source.ts'
import css from './viewer.css?inline'

/** Steps of the zoom; 1: all of it is seen */
const ZOOMS = [1, 1.5, 2, 3, 4, 6]
const MOST = 6
/** Pixels of a wheel that zoom by e */
const WHEEL = 200
/** Pixels that a finger moves to go to the next image */
const SWIPE = 48

type Point = Pick<Touch, 'clientX' | 'clientY'>

const distance = (one: Point, two: Point): number => Math.hypot(one.clientX - two.clientX, one.clientY - two.clientY)
const middle = (one: Point, two: Point): Point => ({
  clientX: (one.clientX + two.clientX) / 2,
  clientY: (one.clientY + two.clientY) / 2,
})

let sheet: CSSStyleSheet | undefined

/**
 * @param from the link of the image to begin with; the others are those of its log
 * @param renew for what an old URL does not open
 */
export function showImages(from: HTMLAnchorElement, words: FilesCatalogue, renew: Renew): void {
  const root = from.getRootNode() as Document | ShadowRoot
  const links = [
    ...(from.closest('.db-log')?.querySelectorAll<HTMLAnchorElement>('.db-image:not(.is-broken)') ?? [from]),
  ]
  if (!sheet) {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(css)
  }
  if (!root.adoptedStyleSheets.includes(sheet)) root.adoptedStyleSheets.push(sheet)

  const renewed = new Set<HTMLAnchorElement>()
  let at = links.indexOf(from)
  let scale = 1
  const box = document.createElement('div')
  const dialog = box.appendChild(document.createElement('dialog'))
  dialog.className = 'db-viewer'
  dialog.ariaLabel = words.images
  const head = dialog.appendChild(document.createElement('div'))
  head.className = 'db-viewer-head'
  const title = head.appendChild(document.createElement('div'))
  title.setAttribute('aria-live', 'polite')
  const name = title.appendChild(document.createElement('bdi'))
  const position = title.appendChild(document.createElement('small'))
  position.dir = 'auto'
  const stage = dialog.appendChild(document.createElement('div'))
  stage.className = 'db-stage'
  const image = stage.appendChild(document.createElement('img'))
  image.draggable = false

  const button = (into: HTMLElement, says: string, path: string, act: () => void): HTMLButtonElement => {
    const made = into.appendChild(document.createElement('button'))
    made.type = 'button'
    made.ariaLabel = made.title = says
    made.append(drawn(path))
    made.onclick = act
    return made
  }
  const smaller = button(head, words.zoomOut, 'M6 12h12', () => step(-1))
  const larger = button(head, words.zoomIn, 'M6 12h12M12 6v12', () => step(1))
  const original = head.appendChild(document.createElement('a'))
  original.target = '_blank'
  original.rel = 'noopener'
  original.ariaLabel = original.title = words.original
  original.append(drawn('M10 6H6v12h12v-4M13 5h6v6M19 5l-8 8'))
  button(head, words.close, 'm6 6 12 12M18 6 6 18', () => dialog.close()).autofocus = true
  const before = button(dialog, words.previous, 'm14.5 6-6 6 6 6', () => go(at - 1))
  const after = button(dialog, words.next, 'm9.5 6 6 6-6 6', () => go(at + 1))
  before.className = 'db-before'
  after.className = 'db-after'

  const layOut = (): void => {
    const link = links[at]
    const [width, height] = [Number(link?.dataset.width), Number(link?.dataset.height)]
    const fits = Math.min(stage.clientWidth / width, stage.clientHeight / height, 1)
    image.style.inlineSize = `${Math.max(1, width * fits * scale)}px`
    image.style.aspectRatio = `${width}/${height}`
    // They keep the focus
    smaller.ariaDisabled = `${scale === 1}`
    larger.ariaDisabled = `${scale === MOST}`
    stage.classList.toggle('is-zoomed', scale > 1)
  }
  /** @param point keeps its place; the middle unless given */
  function zoomTo(to: number, point?: Point): void {
    const { left, top, width, height } = stage.getBoundingClientRect()
    const [x, y] = point ? [point.clientX - left, point.clientY - top] : [width / 2, height / 2]
    const shown = image.getBoundingClientRect()
    const [partX, partY] = [(left + x - shown.left) / shown.width, (top + y - shown.top) / shown.height]
    scale = Math.max(1, Math.min(MOST, to))
    layOut()
    const now = image.getBoundingClientRect()
    stage.scrollBy(now.left + partX * now.width - left - x, now.top + partY * now.height - top - y)
  }
  const step = (by: 1 | -1): void =>
    zoomTo((by > 0 ? ZOOMS.find((one) => one > scale) : ZOOMS.findLast((one) => one < scale)) ?? scale)
  function go(to: number): void {
    const link = links[to]
    if (!link) return
    const isAtEdge =
      (to === 0 && root.activeElement === before) || (to === links.length - 1 && root.activeElement === after)
    at = to
    scale = 1
    image.alt = link.querySelector('img')?.alt ?? ''
    image.src = original.href = link.href
    name.textContent = image.alt
    position.textContent = words.position(to + 1, links.length)
    before.disabled = to === 0
    after.disabled = to === links.length - 1
    // A button that is disabled would lose the focus to nowhere
    if (isAtEdge) (to === 0 ? after : before).focus()
    layOut()
  }

  const isRtl = getComputedStyle(from).direction === 'rtl'
  const keys: Record<string, () => void> = {
    ArrowLeft: () => go(at + (isRtl ? 1 : -1)),
    ArrowRight: () => go(at + (isRtl ? -1 : 1)),
    Home: () => go(0),
    End: () => go(links.length - 1),
    '+': () => step(1),
    '=': () => step(1),
    '-': () => step(-1),
    '0': () => zoomTo(1),
  }
  dialog.addEventListener('keydown', (event) => {
    // Neither the page's shortcuts nor the panel's
    event.stopPropagation()
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const act = keys[event.key]
    if (!act) return
    event.preventDefault()
    act()
  })
  image.addEventListener('click', (event) => zoomTo(scale === 1 ? 2 : 1, event))
  image.addEventListener('error', () => {
    const link = links[at]
    if (!link || renewed.has(link)) return
    renewed.add(link)
    void renew(link).then(() => {
      if (links[at] === link) image.src = original.href = link.href
    })
  })
  stage.addEventListener('click', ({ target }) => target === stage && dialog.close())
  stage.addEventListener(
    'wheel',
    (event) => {
      // Two fingers on a touchpad come as a wheel with Ctrl
      if (!event.ctrlKey) return
      event.preventDefault()
      zoomTo(scale * Math.exp(-event.deltaY / WHEEL), event)
    },
    { passive: false },
  )
  let begun: Touch | undefined
  /** Of two fingers: how far apart they are at a scale of 1 */
  let apart = 0
  stage.addEventListener(
    'touchstart',
    ({ touches }) => {
      begun = touches.length === 1 ? touches[0] : undefined
      const [one, two] = touches
      if (one && two) apart = distance(one, two) / scale
    },
    { passive: true },
  )
  stage.addEventListener(
    'touchmove',
    (event) => {
      const [one, two] = event.touches
      if (!one || !two) return
      event.preventDefault()
      zoomTo(distance(one, two) / apart, middle(one, two))
    },
    { passive: false },
  )
  stage.addEventListener('touchend', ({ changedTouches: [end] }) => {
    const moved = begun && end && scale === 1 ? end.clientX - begun.clientX : 0
    if (Math.abs(moved) > SWIPE) go(at + (moved < 0 === isRtl ? -1 : 1))
  })
  const observer = new ResizeObserver(layOut)
  dialog.addEventListener('close', () => {
    observer.disconnect()
    box.remove()
    // Where the last image stands
    ;(links[at]?.isConnected ? links[at] : from)?.focus()
  })
  const place = root instanceof Document ? root.body : root
  place.append(box)
  dialog.showModal()
  observer.observe(stage)
  go(at)
}

function drawn(path: string): SVGSVGElement {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  for (const [name, value] of Object.entries({
    viewBox: '0 0 24 24',
    width: '22',
    height: '22',
    'aria-hidden': 'true',
  }))
    svg.setAttribute(name, value)
  svg.appendChild(document.createElementNS(svg.namespaceURI, 'path')).setAttribute('d', path)
  return svg as SVGSVGElement
}

// The chat looks and can be used the same, whatever the styles of the page.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { htmlPage, startHostSite, type HostSite } from '../support/host-site.ts'
import { startServer, type TestServer } from '../support/running-server.ts'

let browser: Browser
let desk: TestServer
let site: HostSite
let token: string

beforeAll(async () => {
  browser = await launchBrowser()
  desk = await startServer()
  site = await startHostSite()
  token = await desk.userToken('ada')
  const call = async (method: string, path: string, bearer: string, body: object | null = null) => {
    const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' }
    const init = { method, headers, ...(body && { body: JSON.stringify(body) }) }
    return (await (await fetch(desk.url + path, init)).json()) as { id: string }
  }
  const { id } = await call('GET', '/support_chat', token)
  const question = 'A question with some more words in it than fit into one line of a bubble'
  await call('POST', '/support_chat/messages', token, { content: question })
  const answer = 'An answer, “quoted” and hyphenatable'
  await call('POST', `/admin/chats/${id}/messages`, await desk.adminToken(), { content: answer })
  await call('PATCH', '/support_chat/mark_read', token, { up_to_seq: 2 })
})
afterAll(async () => {
  await browser.close()
  await site.stop()
  await desk.stop()
})

const chat = `document.querySelector('deskbell-chat')`
/** Of the button, of the panel, and of what nobody sees at first */
const SHEETS = 3
const launcher = (page: Page) => page.getByRole('button', { name: /^Open support chat/ })

async function show(css: string, { attributes = '', colors = false, own = false, doctype = true } = {}): Promise<Page> {
  const page = await browser.newPage({
    viewport: { width: 900, height: 700 },
    forcedColors: colors ? 'active' : 'none',
  })
  page.setDefaultTimeout(120_000)
  const element = own ? `<deskbell-chat token="${token}"></deskbell-chat>` : ''
  const html = htmlPage(
    `<main>Host</main>${element}<script src="${desk.url}/widget.js" ${own ? 'data-manual' : `data-token="${token}"`}></script>`,
    `<style>${css}</style>`,
  ).replace('<html', `<html ${attributes}`)
  await page.goto(site.set('/', doctype ? html : html.replace('<!doctype html>', '')))
  await launcher(page).waitFor()
  return page
}

/** Of every element in the chat: its place, and all its computed styles but the page's custom properties. As text, which is sent faster */
const LOOK = `{
  for (const animation of ${chat}.shadowRoot.getAnimations()) animation.finish()
  const all = []
  for (const element of ${chat}.shadowRoot.querySelectorAll('*')) {
    const { x, y, width, height } = element.getBoundingClientRect()
    const style = getComputedStyle(element)
    const values = [...style].filter((name) => !name.startsWith('--')).map((name) => [name, style.getPropertyValue(name)])
    const name = (element.getAttribute('class') ?? element.localName) + ' ' + all.length
    all.push([name, Object.fromEntries([['place', [x, y, width, height].join()], ...values])])
  }
  JSON.stringify(Object.fromEntries(all))
}`
type Look = Record<string, Record<string, string>>

/** While it is connected: on a busy machine a connection may be found dead meanwhile, and the panel says so */
async function lookNow(page: Page): Promise<Look> {
  for (;;) {
    await page.getByText('Connected').first().waitFor({ state: 'attached' })
    const found = JSON.parse(await page.evaluate<string>(LOOK)) as Look
    if (Object.keys(found).some((name) => name.startsWith('status connected'))) return found
  }
}

async function open(page: Page): Promise<void> {
  await launcher(page).click()
  await page.getByRole('log').getByText('An answer').waitFor()
  await page.getByText('Connected').first().waitFor({ state: 'attached' })
  // These come later
  await page.locator('.db-attach').first().waitFor({ state: 'attached' })
  await expect.poll(() => page.evaluate(`${chat}.shadowRoot.adoptedStyleSheets.length`)).toBe(SHEETS)
  // It is in the same place each time
  await page.mouse.move(5, 5)
}
async function look(css: string, options?: Parameters<typeof show>[1]): Promise<Look> {
  const page = await show(css, options)
  await open(page)
  const found = await lookNow(page)
  await page.close()
  return found
}
/** With each of these styles in turn, what differs from how it looks without any */
async function differencesWith(styles: string[]): Promise<string[][]> {
  const page = await show('')
  await open(page)
  const plain = await lookNow(page)
  const found: string[][] = []
  for (const css of styles) {
    await page.evaluate(`void (document.querySelector('style').textContent = ${JSON.stringify(css)})`)
    found.push(differences(plain, await lookNow(page)))
  }
  await page.close()
  return found
}
/** What differs: `element property: before → after` */
function differences(before: Look, after: Look): string[] {
  expect(Object.keys(after)).toEqual(Object.keys(before))
  return Object.entries(before).flatMap(([name, values]) =>
    Object.entries(values)
      .filter(([property, value]) => after[name]?.[property] !== value)
      .map(([property, value]) => `${name} ${property}: ${value} → ${after[name]?.[property]}`),
  )
}

/** A value of every property that elements inherit, other than its initial one */
const INHERITED = {
  'accent-color': 'red',
  'border-collapse': 'collapse',
  'border-spacing': '9px',
  'caption-side': 'bottom',
  'caret-color': 'transparent',
  'caret-animation': 'manual',
  'clip-rule': 'evenodd',
  color: 'red',
  'color-interpolation': 'linearrgb',
  'color-rendering': 'optimizespeed',
  'color-scheme': 'dark',
  cursor: 'wait',
  'dominant-baseline': 'hanging',
  'dynamic-range-limit': 'standard',
  'empty-cells': 'hide',
  fill: 'red',
  'fill-opacity': '0.1',
  'fill-rule': 'evenodd',
  'font-family': 'monospace',
  'font-feature-settings': '"smcp"',
  'font-kerning': 'none',
  'font-language-override': '"TRK"',
  'font-optical-sizing': 'none',
  'font-palette': 'dark',
  'font-size': '31px',
  'font-size-adjust': '0.9',
  'font-stretch': '50%',
  'font-style': 'italic',
  'font-synthesis': 'none',
  'font-variant': 'small-caps slashed-zero',
  'font-variant-emoji': 'text',
  'font-variation-settings': '"wght" 900',
  'font-weight': '900',
  'hanging-punctuation': 'first',
  'hyphenate-character': '"+"',
  'hyphenate-limit-chars': '3',
  hyphens: 'auto',
  'image-orientation': 'none',
  'image-rendering': 'pixelated',
  'interpolate-size': 'allow-keywords',
  'letter-spacing': '5px',
  'line-break': 'anywhere',
  'line-height': '3',
  'list-style': 'square inside',
  marker: 'url(#x)',
  'math-depth': '2',
  'math-shift': 'compact',
  'math-style': 'compact',
  orphans: '5',
  'overflow-wrap': 'anywhere',
  'paint-order': 'stroke',
  'pointer-events': 'none',
  'print-color-adjust': 'exact',
  quotes: '"<" ">"',
  'ruby-align': 'center',
  'ruby-position': 'under',
  'scrollbar-color': 'red blue',
  'shape-rendering': 'crispedges',
  'speak-as': 'spell-out',
  speak: 'none',
  stroke: 'red',
  'stroke-dasharray': '2',
  'stroke-linejoin': 'bevel',
  'stroke-opacity': '0.2',
  'stroke-width': '9',
  'tab-size': '1',
  'text-align': 'right',
  'text-align-last': 'center',
  'text-anchor': 'end',
  'text-autospace': 'normal',
  'text-box-edge': 'cap alphabetic',
  'text-combine-upright': 'all',
  'text-decoration-skip-ink': 'none',
  'text-emphasis': 'dot red',
  'text-emphasis-position': 'under left',
  'text-indent': '50px',
  'text-justify': 'none',
  'text-orientation': 'upright',
  'text-rendering': 'optimizelegibility',
  'text-shadow': '3px 3px red',
  'text-size-adjust': '200%',
  'text-spacing-trim': 'space-all',
  'text-transform': 'uppercase',
  'text-underline-offset': '9px',
  'text-underline-position': 'under',
  'text-wrap': 'nowrap',
  'user-select': 'none',
  visibility: 'hidden',
  'white-space': 'pre',
  widows: '5',
  'word-break': 'break-all',
  'word-spacing': '30px',
  'writing-mode': 'vertical-rl',
  '-webkit-box-direction': 'reverse',
  '-webkit-font-smoothing': 'antialiased',
  '-webkit-locale': '"ja"',
  '-webkit-line-break': 'after-white-space',
  '-webkit-rtl-ordering': 'visual',
  '-webkit-tap-highlight-color': 'red',
  '-webkit-text-fill-color': 'red',
  '-webkit-text-security': 'disc',
  '-webkit-text-stroke': '2px red',
  '-webkit-user-drag': 'element',
  '-webkit-user-modify': 'read-write',
}
const NAMES = ['accent', 'on-accent', 'surface', 'muted', 'line', 'line-strong', 'text', 'text-soft', 'inset', 'shadow']
  .concat(['accent-text', 'danger', 'good', 'warn', 'db-screen', 'db-screen-top'])
  .map((name) => `--${name}: 77px;`)
  .join(' ')
const declarations = Object.entries(INHERITED)
  .map(([name, value]) => `${name}: ${value};`)
  .join(' ')

it('looks the same whatever the page lets it inherit', async () => {
  const styles = [`body { ${declarations} ${NAMES} }`, `html { ${declarations} ${NAMES} }`, 'html { font-size: 62.5% }']
  expect(await differencesWith(styles)).toEqual(styles.map(() => []))
})

it('looks the same whatever the page says of all elements, of its own children, and of this one', async () => {
  const box = `opacity: 0.3; filter: blur(2px); max-width: 10px; max-height: 10px; overflow: hidden; margin: 40px; padding: 40px;
    border: 5px solid; transform: rotate(5deg); scale: 2; contain: strict; clip-path: inset(50%); float: left; zoom: 2; columns: 2;
    will-change: transform; position: static; inset: 0; z-index: -1; width: 5px; height: 5px; perspective: 1px; mix-blend-mode: difference;
    content-visibility: hidden; backdrop-filter: blur(2px); animation: spin 1s infinite; transition: all 9s; mask: linear-gradient(red, red)`
  const styles = [
    ...['deskbell-chat', 'body > *:not(main)', 'body *'].map(
      (selector) =>
        `@keyframes spin { to { rotate: 360deg } } ${selector} { ${declarations} ${NAMES} ${box}; display: grid }`,
    ),
    `* { ${declarations} ${NAMES} }`,
    `body > * { ${box} !important }`,
  ]
  expect(await differencesWith(styles)).toEqual(styles.map(() => []))
})

it('looks the same on a page without a doctype, and where the page hid the element until it was defined', async () => {
  const plain = await look('')
  expect(differences(plain, await look('', { doctype: false }))).toEqual([])
  expect(differences(plain, await look(':not(:defined) { display: none }', { own: true }))).toEqual([])
})

it('can be used where the page lets nobody touch or select anything', async () => {
  const page = await show(
    'body { pointer-events: none; user-select: none; -webkit-user-select: none; visibility: hidden }',
  )
  await open(page)
  await page.getByRole('log').getByText('An answer').click({ clickCount: 3 })
  expect(await page.evaluate('String(getSelection())')).toContain('An answer')
  await page.close()
})

it('runs in the direction of the page, takes its public properties, and is hidden where the page says so', async () => {
  const left = async (page: Page) => (await launcher(page).boundingBox())?.x ?? -1
  const rtl = await show('body { --deskbell-accent: rgb(1, 2, 3); --deskbell-inset: 40px }', {
    attributes: 'dir="rtl"',
  })
  expect(await left(rtl)).toBe(40)
  const color = `getComputedStyle(${chat}.shadowRoot.querySelector('.launch')).backgroundColor`
  expect(await rtl.evaluate(color)).toBe('rgb(1, 2, 3)')
  await rtl.evaluate(`${chat}.hidden = true`)
  expect(await launcher(rtl).isVisible()).toBe(false)
  await rtl.evaluate(`${chat}.hidden = false`)
  expect(await launcher(rtl).isVisible()).toBe(true)
  await rtl.addStyleTag({ content: '@media (width > 1px) { deskbell-chat { --deskbell-display: none } }' })
  expect(await launcher(rtl).isVisible()).toBe(false)
  await rtl.close()
  const printed = await show('')
  await printed.emulateMedia({ media: 'print' })
  expect(await launcher(printed).isVisible()).toBe(false)
  await printed.close()
})

it('keeps its parts and the state of the connection apart in forced colours', async () => {
  const page = await show('', { colors: true })
  const border = (selector: string, pseudo = '') =>
    page.evaluate<string>(`{
      const s = getComputedStyle(${chat}.shadowRoot.querySelector('${selector}'), '${pseudo}')
      s.borderTopStyle + ' ' + s.borderTopWidth + ' ' + s.width
    }`)
  expect(await border('.launch')).toMatch(/^solid 2px/)
  expect(await border('.badge')).toMatch(/^solid 2px/)
  await open(page)
  expect(await border('.panel')).toMatch(/^solid 1px/)
  expect(await border('.db-send')).toMatch(/^solid 1px/)
  await expect.poll(() => border('.close')).toMatch(/^solid 1px/)
  const outline = `getComputedStyle(${chat}.shadowRoot.querySelector('.db-field')).outlineStyle`
  await page.getByRole('textbox', { name: 'Message' }).focus()
  expect(await page.evaluate(outline)).toBe('solid')
  const dots = new Set<string>()
  for (const state of ['connected', 'reconnecting', 'offline']) {
    await page.evaluate(`${chat}.shadowRoot.querySelector('.status').className = 'status ${state}'`)
    dots.add(await border('.status', '::after'))
  }
  expect(dots.size).toBe(3)
  await page.close()
})

it('leaves no empty strip where the bar about the connection is about to appear', async () => {
  const page = await show('')
  await open(page)
  const heights = await page.evaluate<number[]>(`{
    const bar = document.createElement('div')
    bar.className = 'bar'
    bar.textContent = 'Offline'
    ${chat}.shadowRoot.querySelector('.header').after(bar)
    const [animation] = bar.getAnimations()
    const before = bar.offsetHeight
    animation.finish();
    [before, bar.offsetHeight]
  }`)
  expect(heights).toEqual([0, 32])
  await page.close()
})

// The dashboard in small windows, with large text, in high contrast, with dense rows, and at addresses that people type.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { violations } from '../support/axe.ts'
import { launchBrowser } from '../support/browser.ts'
import { startServer, type TestServer } from '../support/running-server.ts'

let browser: Browser
let server: TestServer
let chat = ''
let contexts: BrowserContext[] = []

beforeAll(async () => {
  browser = await launchBrowser()
  server = await startServer()
  for (let n = 0; n < 30; n++) await say(`person${n}`, 'A long question about the address of an order')
  await say('noa', 'שלום', 'נועה לוי')
  chat = await say(
    'long',
    'https://example.com/' + 'x'.repeat(300),
    'Maximiliana Theodora Alexandrina von und zu Hohenstauffen',
  )
})
afterAll(async () => {
  await browser.close()
  await server.stop()
})
afterEach(async () => {
  await Promise.all(contexts.map((context) => context.close()))
  contexts = []
})

async function say(id: string, content: string, name?: string): Promise<string> {
  const headers = {
    authorization: `Bearer ${await server.userToken(id, name)}`,
    'content-type': 'application/json',
  }
  const { id: own } = (await (await fetch(`${server.url}/support_chat`, { headers })).json()) as { id: string }
  await fetch(`${server.url}/support_chat/messages`, { method: 'POST', headers, body: JSON.stringify({ content }) })
  return own
}

async function staffPage(path = '', options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context = await browser.newContext(options)
  contexts.push(context)
  context.setDefaultTimeout(120_000)
  await context.request.post(`${server.url}/dashboard/session`, {
    headers: { authorization: `Bearer ${await server.adminToken()}` },
  })
  const page = await context.newPage()
  await page.goto(`${server.url}/dashboard${path}`)
  return page
}

const rowHeight = (page: Page): Promise<number> =>
  page
    .locator('.rows > li')
    .first()
    .evaluate((row) => row.getBoundingClientRect().height)

/** What lies outside of the page, or is covered there, once it is scrolled to */
const unreachable = (page: Page): Promise<string[]> =>
  page.evaluate<string[]>(`(() => {
    const wide = document.documentElement.scrollWidth > innerWidth ? ['the page scrolls sideways'] : []
    const cut = [...document.querySelectorAll('a, button, input, textarea, [role=tab]')].filter((element) => {
      if (getComputedStyle(element).visibility === 'hidden' || element.closest('dialog:not([open])')) return false
      // Those of files, which a button opens, and the camera's, which only touch screens have
      if (element.matches('[type=file], .db-camera') && element.getClientRects().length === 0) return false
      if (element.matches('.skip') || element.closest('.sr')) return false
      // There the dialog about the person has what this zone has where there is room
      if (element.closest('.info-pane')?.getClientRects().length === 0) return false
      element.scrollIntoView({ block: 'center' })
      const box = element.getBoundingClientRect()
      const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
      return box.left < 0 || box.right > innerWidth || top === null || !(element.contains(top) || top.contains(element))
    })
    return [...wide, ...cut.map((element) => element.outerHTML.slice(0, 80))]
  })()`)

it.each([
  [320, 480],
  [320, 256],
  [160, 400],
  [160, 120],
])('keeps everything within reach at %d × %d pixels, and scrolls one way', async (width, height) => {
  for (const dense of [false, true]) {
    const page = await staffPage('', { viewport: { width, height } })
    await page.getByRole('link', { name: /long@/ }).waitFor({ state: 'attached' })
    if (dense) await page.getByRole('button', { name: 'Dense list' }).click()
    await expect.poll(() => unreachable(page)).toEqual([])
    await page.getByRole('button', { name: /^Menu/ }).click()
    await page.getByRole('button', { name: 'Keyboard shortcuts' }).click()
    const dialog = page.getByRole('dialog')
    expect(await dialog.evaluate((element) => element.scrollWidth - element.clientWidth)).toBe(0)
    await page.keyboard.press('Escape')
    await page.goto(`${server.url}/dashboard?chat=${chat}`)
    await page.getByRole('log').getByText(/xxx/).waitFor()
    expect(await unreachable(page)).toEqual([])
  }
})

it('gives no row the place of another, however text is spaced and sized', async () => {
  const css = [
    '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }',
    '.card * { font-size: 28px !important; line-height: 40px !important }',
  ]
  for (const content of css) {
    const page = await staffPage('', { bypassCSP: true })
    for (const dense of [false, true]) {
      if (dense) await page.getByRole('button', { name: 'Dense list' }).click()
      await page.getByRole('link', { name: /long@/ }).waitFor()
      if (!dense) await page.addStyleTag({ content })
      await expect
        .poll(() =>
          page.evaluate<number>(`(() => {
            const boxes = [...document.querySelectorAll('.rows > li')].map((row) => row.getBoundingClientRect())
            return Math.max(...boxes.slice(1).map((box, i) => Math.abs(box.top - boxes[i].bottom)))
          })()`),
        )
        .toBeLessThan(1)
    }
  }
})

it.each(['light', 'dark'] as const)(
  'tells unread, open, chosen and focused apart in high contrast, %s',
  async (scheme) => {
    const page = await staffPage(`?chat=${chat}`, { colorScheme: scheme, forcedColors: 'active' })
    await page.getByRole('textbox', { name: 'Message' }).waitFor()
    async function style(selector: string, property: string, pseudo = ''): Promise<string> {
      await page.locator(selector).first().waitFor({ state: 'attached' })
      return page.evaluate<string>(
        `getComputedStyle(document.querySelector('${selector}'), '${pseudo}').getPropertyValue('${property}')`,
      )
    }
    const ground = await style('body', 'background-color')
    for (const [selector, pseudo] of [
      ['.is-unread .dot', ''],
      ['.card.is-open', '::before'],
      ['[role=tab][aria-selected=true]', '::after'],
    ] as const)
      expect([selector, await style(selector, 'background-color', pseudo)]).not.toEqual([selector, ground])
    expect(await page.locator('.card:not(.is-unread) .dot').count()).toBe(0)
    await page.getByRole('textbox', { name: 'Search people', exact: true }).focus()
    expect(await style('.search', 'outline-style')).toBe('solid')
    expect(Number.parseFloat(await style('.total', 'border-top-width'))).toBeGreaterThan(0)
  },
)

it('has room for the name of the chat, and for thousands of unread ones, in any width', async () => {
  for (const [width, room] of [
    [320, 90],
    [360, 120],
    [768, 150],
    [960, 200],
    [1280, 200],
  ] as const) {
    const page = await staffPage('', { viewport: { width, height: 700 } })
    await page.route('**/admin/unread_count', (route) => route.fulfill({ json: { unread_chats: 1_000 } }))
    await page.reload()
    const total = page.locator('.total')
    await expect.poll(() => total.innerText()).toMatch(/^999\+/)
    expect(await total.getAttribute('title')).toBe('999+ unread chats')
    const ends = await page.locator('.title-row > :not(.sr)').evaluateAll((parts) =>
      parts.map((part) => {
        const { left, right } = part.getBoundingClientRect()
        return [left, right]
      }),
    )
    for (const [i, [left = 0]] of ends.entries()) expect(left).toBeGreaterThanOrEqual(ends[i - 1]?.[1] ?? 0)
    expect(ends.at(-1)?.[1]).toBeLessThanOrEqual(width)
    await page.getByRole('link', { name: /long@/ }).click()
    await page.locator('.assign-button').waitFor()
    expect(await page.locator('.chat-who').evaluate((who) => who.getBoundingClientRect().width)).toBeGreaterThan(room)
  }
})

it('shows twice as many rows where somebody wants that, remembers it, and never jumps between the two', async () => {
  const page = await staffPage('', { viewport: { width: 1000, height: 700 } })
  await page.getByRole('link', { name: /long@/ }).waitFor()
  const high = await rowHeight(page)
  expect(high).toBeGreaterThan(80)
  await page.locator('.scroller').evaluate((scroller) => scroller.scrollTo(0, 85 * 10))
  const atTop = (): Promise<string> =>
    page.evaluate<string>(`(() => {
      const box = document.querySelector('.scroller').getBoundingClientRect()
      return document.elementFromPoint(box.x + 100, box.y + 10).closest('[data-row]').dataset.row
    })()`)
  await expect.poll(() => page.locator('.scroller').evaluate((scroller) => scroller.scrollTop)).toBe(850)
  const before = await atTop()
  await page.keyboard.press('d')
  await expect.poll(() => rowHeight(page)).toBe(52)
  // The reader's place stays
  expect(await atTop()).toBe(before)
  expect(await page.getByRole('button', { name: 'Dense list', pressed: true }).count()).toBe(1)
  await page.addInitScript(`
    globalThis.heights = []
    new MutationObserver(() => {
      const row = document.querySelector('.rows > li')
      if (row) heights.push(row.getBoundingClientRect().height)
    }).observe(document, { childList: true, subtree: true })
  `)
  await page.reload()
  await page.getByRole('link', { name: /long@/ }).waitFor()
  expect(new Set(await page.evaluate<number[]>('heights'))).toEqual(new Set([52]))
  await page.getByRole('button', { name: 'Dense list' }).click()
  await expect.poll(() => rowHeight(page)).toBe(high)
})

it('is large enough for fingers on a phone, and leaves axe nothing to complain about, dense in light and dark', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await staffPage('', {
      colorScheme,
      bypassCSP: true,
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
    })
    await page.getByRole('button', { name: 'Dense list' }).tap()
    await expect.poll(() => rowHeight(page)).toBeGreaterThanOrEqual(44)
    await expect.poll(() => rowHeight(page)).toBeLessThan(60)
    const small = await page.evaluate<string[]>(`[...document.querySelectorAll('button, [data-row], .search')]
      .filter((element) => element.checkVisibility({ visibilityProperty: true }) && element.offsetHeight < 44)
      .map((element) => element.outerHTML.slice(0, 80))`)
    expect(small).toEqual([])
    expect(await violations(page)).toEqual([])
  }
})

it('leads on from an address with capitals, of an unknown chat, and of other products', async () => {
  const page = await staffPage(`?chat=${chat.toUpperCase()}`)
  await page.getByRole('log').getByText(/xxx/).waitFor()
  expect(await page.locator('.card.is-open').count()).toBe(1)
  for (const path of ['?chat=UNKNOWN', '/chats/UNKNOWN', '/chats/%22%3E%3Cb%3E']) {
    await page.goto(`${server.url}/dashboard${path}`)
    await page.getByText('This chat does not exist, or it was deleted.').waitFor()
    await page.getByRole('link', { name: 'To all chats' }).click()
    await page.getByText('Choose a chat').waitFor()
  }
  await page.goto(`${server.url}/dashboard/chats/${chat}`)
  await page.getByRole('log').getByText(/xxx/).waitFor()
  await page.context().clearCookies()
  await page.goto(`${server.url}/dashboard/chats/${chat}`)
  await page.getByRole('heading', { name: 'Nobody has an account yet' }).waitFor()
})

// The log of a chat in a real browser: it moves nobody, keeps the keyboard, and says what is new.
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { startLongChat, type LongChat } from '../support/long-chat.ts'

const SIDES = ['widget', 'dashboard'] as const
/** The first of the last fifty, which a chat begins with */
const OLDEST = 71
type Side = (typeof SIDES)[number]

let browser: Browser
let chat: LongChat
let contexts: BrowserContext[] = []

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

beforeEach(async () => {
  chat = await startLongChat(120)
})
afterEach(async () => {
  await Promise.all(contexts.map((context) => context.close()))
  contexts = []
  await chat.stop()
})

const log = (page: Page) => page.getByRole('log')
const box = (page: Page) => page.getByRole('textbox', { name: 'Message' })
const jump = (page: Page) => page.getByRole('button', { name: /Jump to newest|new message/ })

async function newContext(options?: BrowserContextOptions): Promise<BrowserContext> {
  // A panel that moves into its place moves its messages too
  const context = await browser.newContext({
    viewport: { width: 1000, height: 640 },
    reducedMotion: 'reduce',
    ...options,
  })
  contexts.push(context)
  context.setDefaultTimeout(120_000)
  return context
}
/** A page of one side, with the chat open at its end */
async function open(side: Side, options?: BrowserContextOptions): Promise<Page> {
  const page = await chat[side](await newContext(options))
  if (side === 'widget') await page.getByRole('button', { name: /^Open support chat/ }).click()
  await bubble(page, 120).waitFor()
  // Those above are drawn one after the other
  await bubble(page, OLDEST).waitFor({ state: 'attached' })
  await atEnd(page)
  return page
}
const bubble = (page: Page, n: number) =>
  log(page)
    .locator('.db-bubble')
    .filter({ hasText: new RegExp(`^${n}: `) })

/** Pixels between what is seen and the end of the log */
const fromEnd = (page: Page): Promise<number> =>
  log(page).evaluate((element: { scrollHeight: number; scrollTop: number; clientHeight: number }) =>
    Math.round(element.scrollHeight - element.scrollTop - element.clientHeight),
  )
const atEnd = (page: Page): Promise<void> => expect.poll(() => fromEnd(page)).toBe(0)
/** Two frames, after which the browser has laid out and told what it has to tell */
const frames = (page: Page): Promise<void> =>
  page.evaluate<void>(
    'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))',
  )
const scrollBy = async (page: Page, by: number): Promise<void> => {
  await log(page).evaluate((element: { scrollTop: number }, step) => void (element.scrollTop += step), by)
  await frames(page)
}
/** Where the message is, from the top of the window */
const topOf = async (page: Page, n: number): Promise<number> =>
  Math.round((await bubble(page, n).boundingBox())?.y ?? NaN)
async function typeLines(page: Page): Promise<void> {
  await box(page).focus()
  for (let line = 0; line < 5; line++) {
    await page.keyboard.type('a line')
    await page.keyboard.press('Shift+Enter')
  }
  await page.keyboard.type('ten of them')
}
const style = (page: Page, css: string): Promise<void> =>
  page.evaluate<void>(`(() => {
    const sheet = new CSSStyleSheet()
    sheet.replaceSync(${JSON.stringify(css)})
    for (const root of [document, document.querySelector('deskbell-chat')?.shadowRoot])
      root?.adoptedStyleSheets.push(sheet)
  })()`)
/** What has the focus, in a shadow root too */
const focused = (page: Page): Promise<string> =>
  page.evaluate<string>(`(() => {
    let { activeElement } = document
    while (activeElement?.shadowRoot?.activeElement) ({ activeElement } = activeElement.shadowRoot)
    return activeElement.getAttribute('role') ?? activeElement.localName
  })()`)
/** Until the chunk is there that keeps the keyboard in the panel */
async function settledIn(page: Page): Promise<void> {
  const loaded = `performance.getEntriesByType('resource').some(({ name }) => name.includes('/in-page-'))`
  await expect.poll(() => page.evaluate(loaded)).toBe(true)
  await frames(page)
}
/** Nothing gets through but requests, and what is sent is refused */
async function refuse(page: Page): Promise<void> {
  await page.route(/messages$/, (route, request) =>
    request.method() === 'POST'
      ? route.fulfill({
          status: 403,
          contentType: 'application/problem+json',
          body: JSON.stringify({ type: 'about:blank', title: 'No', status: 403, code: 'forbidden' }),
        })
      : route.continue(),
  )
  await page.routeWebSocket(/cable/, () => undefined)
  await page.route(/\/events/, (route) => route.abort())
  await page.reload()
}

describe.each(SIDES)('the log of the %s', (side) => {
  it('stays at its end while the box grows and shrinks, and when a reply comes then', async () => {
    const page = await open(side)
    await typeLines(page)
    await frames(page)
    expect(await fromEnd(page)).toBe(0)
    await chat.write(side === 'widget' ? 'admin' : 'user', 'While you were typing')
    await log(page).getByText('While you were typing').waitFor()
    await frames(page)
    expect(await fromEnd(page)).toBe(0)
    expect(await jump(page).count()).toBe(0)
    await box(page).fill('')
    await frames(page)
    expect(await fromEnd(page)).toBe(0)
    await box(page).fill('Sent')
    await page.keyboard.press('Enter')
    await log(page).getByText('Sent', { exact: true }).waitFor()
    await frames(page)
    expect(await fromEnd(page)).toBe(0)
  })

  it('keeps the place of somebody who reads further up, whatever else changes', async () => {
    const page = await open(side)
    const { seen, top } = await scrollAndLook(page, -700)
    await jump(page).waitFor()
    const bar = page.locator(side === 'widget' ? '.bar' : '.link-bar p')
    const still = async (after: string): Promise<void> => {
      await frames(page)
      expect(Math.abs((await topOf(page, seen)) - top), after).toBeLessThanOrEqual(1)
    }
    await typeLines(page)
    await still('the box has grown')
    await chat.write(side === 'widget' ? 'admin' : 'user', 'A reply')
    await jump(page).waitFor()
    await still('a reply has come')
    await box(page).fill('')
    await still('the box has shrunk')
    await page.context().setOffline(true)
    await bar.waitFor()
    await still('a bar has appeared above')
    await page.context().setOffline(false)
    await bar.waitFor({ state: 'detached' })
    await still('the bar has gone')
    await style(page, ':root, :host { --deskbell-font: monospace }')
    await still('another font has loaded')
    await style(page, '.db-bubble { font-size: 22px; line-height: 34px }')
    await still('the text is larger')
  })

  it('follows a reader who scrolls at the moment in which something is drawn', async () => {
    const page = await open(side)
    await page.evaluate(`(() => {
      const log = (document.querySelector('deskbell-chat')?.shadowRoot ?? document).querySelector('.db-log')
      log.scrollTop -= 700
      // A bar appears above it
      dispatchEvent(new Event('offline'))
    })()`)
    await frames(page)
    expect(await fromEnd(page)).toBeGreaterThan(600)
    await jump(page).waitFor()
  })

  it('keeps the place when older messages come above', async () => {
    const page = await open(side)
    const { seen, top } = await scrollAndLook(page, -1e6)
    await bubble(page, 30).waitFor({ state: 'attached' })
    // Between two frames the browser has not laid out yet what came
    await expect.poll(async () => Math.abs((await topOf(page, seen)) - top)).toBeLessThanOrEqual(1)
  })

  it('keeps the keyboard when the control that has the focus disappears', async () => {
    const page = await open(side)
    if (side === 'widget') await settledIn(page)
    await scrollBy(page, -700)
    await jump(page).press('Enter')
    await jump(page).waitFor({ state: 'detached' })
    expect(await focused(page)).toBe('log')

    await refuse(page)
    if (side === 'widget') await page.getByRole('button', { name: /^Open support chat/ }).click()
    for (const text of ['One', 'Two']) {
      await box(page).fill(text)
      await box(page).press('Enter')
      await log(page).getByText(text, { exact: true }).waitFor()
    }
    const failed = (name: string) => log(page).getByRole('button', { name })
    await expect.poll(() => failed('Retry').count()).toBe(2)
    if (side === 'widget') await settledIn(page)
    await failed('Discard').last().press('Enter')
    await log(page).getByText('Two', { exact: true }).waitFor({ state: 'detached' })
    expect(await focused(page)).toBe('log')
    await page.unroute(/messages$/)
    await failed('Retry').press('Enter')
    await failed('Retry').waitFor({ state: 'detached' })
    expect(await focused(page)).toBe('log')
    await page.keyboard.press('Escape')
    await log(page).waitFor({ state: 'detached' })
  })

  it('announces what is new at its end, once, with who wrote it, and nothing else', async () => {
    const page = await open(side)
    const own = side === 'widget' ? 'user' : 'admin'
    const other = side === 'widget' ? 'admin' : 'user'
    const name = side === 'widget' ? 'Sam' : 'User ada'
    await listen(page)
    await chat.write(other, 'A reply')
    await expect.poll(() => said(page)).toEqual([`${name}: A reply`])
    await box(page).fill('My answer')
    await page.keyboard.press('Enter')
    await expect.poll(() => said(page)).toHaveLength(2)
    await log(page).locator('.db-own time').last().waitFor()
    await chat.write(own, 'From another device')
    await expect.poll(() => said(page)).toHaveLength(3)
    await scrollBy(page, -1e6)
    await bubble(page, 30).waitFor({ state: 'attached' })
    await chat.write(other, 'Another reply')
    await expect.poll(() => said(page)).toHaveLength(4)
    expect(await said(page)).toEqual([
      `${name}: A reply`,
      'You: My answer',
      'You: From another device',
      `${name}: Another reply`,
    ])
  })

  it('announces that a message was not sent', async () => {
    const page = await open(side)
    await refuse(page)
    if (side === 'widget') await page.getByRole('button', { name: /^Open support chat/ }).click()
    await bubble(page, 120).waitFor()
    await listen(page)
    await box(page).fill('A question')
    await page.keyboard.press('Enter')
    await log(page).getByRole('button', { name: 'Retry' }).waitFor()
    await expect.poll(() => said(page)).toEqual(['You: A question', 'Not sent. You may not write here.'])
  })

  it('tells its own bubbles from theirs in forced colours', async () => {
    const page = await open(side, { forcedColors: 'active' })
    const edges = (of: string): Promise<string> =>
      log(page)
        .locator(`.${of} .db-bubble`)
        .last()
        .evaluate((element) => {
          const { getComputedStyle } = globalThis as unknown as {
            getComputedStyle: (of: unknown) => { borderInlineStartWidth: string; borderInlineEndWidth: string }
          }
          const { borderInlineStartWidth: start, borderInlineEndWidth: end } = getComputedStyle(element)
          return `${start} ${end}`
        })
    expect(await edges('db-other')).toBe('1px 1px')
    expect(await edges('db-own')).toBe('1px 5px')
  })
})

it('a short chat with a new reply is all in view, and offers no way to its end', async () => {
  await chat.stop()
  chat = await startLongChat(1)
  await chat.write('admin', 'A reply')
  const page = await chat.widget(await newContext())
  await page.getByRole('button', { name: /^Open support chat/ }).click()
  await log(page).getByText('A reply').waitFor()
  await frames(page)
  await log(page).getByText('New', { exact: true }).waitFor()
  await expect.poll(() => jump(page).count()).toBe(0)
})

describe('a chat with new replies', () => {
  const REPLIES = ['One', 'Two', 'Three', 'Four', 'Five', 'Six', 'Seven', 'Eight', 'Nine', 'Ten']
  const divider = (page: Page) => log(page).locator('.db-new')
  const openNew = async (height: number): Promise<Page> => {
    for (const reply of REPLIES) await chat.write('admin', reply)
    const page = await chat.widget(await newContext({ viewport: { width: 1000, height } }))
    await page.getByRole('button', { name: /^Open support chat/ }).click()
    await divider(page).waitFor({ state: 'attached' })
    await frames(page)
    return page
  }
  /** Pixels from the top of the log to the divider, and from there to the end of the chat; the height of the log */
  const place = (page: Page) =>
    divider(page).evaluate((mark) => {
      const scroller = mark.closest('[role=log]') as unknown as Record<
        'scrollTop' | 'scrollHeight' | 'clientHeight',
        number
      > & { getBoundingClientRect: () => { top: number } }
      const top = mark.getBoundingClientRect().top - scroller.getBoundingClientRect().top
      return { top, below: scroller.scrollHeight - scroller.scrollTop - top, height: scroller.clientHeight }
    })

  it.each([20, 200])(
    'opens at the first of them where %i messages came before, the longest of them last',
    async (before) => {
      await chat.stop()
      chat = await startLongChat(before)
      for (let n = 0; n < 3; n++) await chat.write('user', 'A long text. '.repeat(n * 100 + 1))
      const page = await openNew(500)
      await expect.poll(async () => Math.round((await place(page)).top)).toBe(12)
      await frames(page)
      expect(Math.round((await place(page)).top)).toBe(12)
    },
  )

  it('offers no way to its end where that is nearly in view', async () => {
    const first = await openNew(640)
    const { below, height } = await place(first)
    await first.close()
    // What comes next is as high, and a little of it is out of view
    const page = await openNew(640 + Math.round(below - height) - 20)
    const outOfView = async (): Promise<number> => {
      const { top, below: rest, height: seen } = await place(page)
      return Math.round(top + rest - seen)
    }
    await expect.poll(outOfView).toBe(0)
    await frames(page)
    expect([await outOfView(), await jump(page).count()]).toEqual([0, 0])
  })
})

it('does not scroll the page behind the panel', async () => {
  const page = await open('widget')
  for (const place of [page.getByRole('heading', { name: 'Support' }), log(page), box(page)]) {
    await place.hover()
    await page.mouse.wheel(0, 2_000)
    await frames(page)
  }
  expect(await page.evaluate<number>('scrollY')).toBe(0)
  await page.mouse.move(5, 5)
  await page.mouse.wheel(0, 2_000)
  await expect.poll(() => page.evaluate<number>('scrollY')).toBeGreaterThan(0)
})

it('keeps the keyboard when the chat is loaded again', async () => {
  const page = await chat.widget(await newContext())
  await page.route(/support_chat(\?|$)/, (route) => route.fulfill({ status: 500 }))
  await page.getByRole('button', { name: /^Open support chat/ }).click()
  await page.getByRole('button', { name: 'Try again' }).press('Enter')
  await expect.poll(() => focused(page)).toBe('textarea')
  await page.keyboard.press('Escape')
  await box(page).waitFor({ state: 'detached' })
})

it.each(['has the focus', 'is gone'])('keeps the keyboard when its code comes once the control %s', async (control) => {
  const context = await newContext()
  const held = Promise.withResolvers<void>()
  await context.route('**/in-page-*.js', async (route) => {
    await held.promise
    await route.continue()
  })
  await context.route(/support_chat(\?|$)/, (route) => route.fulfill({ status: 500 }))
  const page = await chat.widget(context)
  await page.getByRole('button', { name: /^Open support chat/ }).click()
  const again = page.getByRole('button', { name: 'Try again' })
  await again.focus()
  if (control === 'has the focus') {
    const code = page.waitForEvent('requestfinished', (request) => request.url().includes('/in-page-'))
    held.resolve()
    await code
  }
  await again.press('Enter')
  if (control === 'is gone') await expect.poll(() => focused(page)).toBe('body')
  held.resolve()
  await expect.poll(() => focused(page)).toBe('textarea')
})

/** Scrolls, and tells at once which message is the first that begins in view, and how far from the top of the window */
const scrollAndLook = (page: Page, by: number): Promise<{ seen: number; top: number }> =>
  page.evaluate<{ seen: number; top: number }>(`(() => {
    const log = (document.querySelector('deskbell-chat')?.shadowRoot ?? document).querySelector('.db-log')
    log.scrollTop += ${by}
    const { top } = log.getBoundingClientRect()
    const seen = [...log.querySelectorAll('.db-msg')].find((one) => one.getBoundingClientRect().top >= top)
    const bubble = seen.querySelector('.db-bubble')
    return { seen: parseInt(bubble.textContent), top: Math.round(bubble.getBoundingClientRect().top) }
  })()`)

/** Collects what a screen reader would say: text that comes into a live region */
const listen = (page: Page): Promise<void> =>
  page.evaluate<void>(`(() => {
    window.said = []
    const roots = [document, ...[...document.querySelectorAll('*')].flatMap(({ shadowRoot }) => shadowRoot ?? [])]
    const isLive = (node) => {
      const element = node.nodeType === 1 ? node : node.parentElement
      const region = element?.closest('[aria-live], [role=log], [role=status], [role=alert]')
      return region && !region.closest('.db-typing, .link-bar, .header') && region.getAttribute('aria-live') !== 'off'
    }
    for (const root of roots)
      new MutationObserver((changes) => {
        for (const { addedNodes } of changes)
          for (const node of addedNodes) if (isLive(node) && node.textContent) window.said.push(node.textContent)
      }).observe(root, { childList: true, characterData: true, subtree: true })
  })()`)
const said = (page: Page): Promise<string[]> => page.evaluate<string[]>('window.said.map((text) => text.trim())')

it.each(SIDES)('looks at no more rows for a keystroke, a reply or a mark, the more are loaded (%s)', async (side) => {
  const page = await open(side)
  const other = side === 'widget' ? 'admin' : 'user'
  await page.evaluate(`(() => {
    // Each row that is looked at asks for its day
    const { toDateString } = Date.prototype
    window.looks = 0
    Date.prototype.toDateString = function () {
      window.looks++
      return toDateString.call(this)
    }
  })()`)
  const looksAt = async (text: string): Promise<number> => {
    const before = await page.evaluate<number>('window.looks')
    await box(page).fill(text)
    await chat.write(other, text)
    await log(page).getByText(text, { exact: true }).waitFor({ state: 'attached' })
    await frames(page)
    return (await page.evaluate<number>('window.looks')) - before
  }
  const few = await looksAt('With fifty loaded')
  while ((await bubble(page, 1).count()) === 0) await scrollBy(page, -1e6)
  expect(await log(page).locator('.db-msg').count()).toBeGreaterThan(120)
  await scrollBy(page, 1e6)
  const many = await looksAt('With all loaded')
  expect(few).toBeGreaterThan(0)
  // Clocks look at the day too, so the two differ; each draw of the whole log would look at 122 rows
  expect(many).toBeLessThan(100)
  // Opened again it does not draw them all at once, and in the end none is missing
  if (side === 'dashboard') return
  await page.getByRole('button', { name: 'Close support chat' }).click()
  await page.evaluate(`(() => {
    window.drawn = []
    new MutationObserver((changes) => {
      const rows = changes.flatMap(({ addedNodes }) => [...addedNodes]).flatMap((node) => [...(node.querySelectorAll?.('.db-msg') ?? [])])
      if (rows.length > 0) window.drawn.push(rows.length)
    }).observe(document.querySelector('deskbell-chat').shadowRoot, { childList: true, subtree: true })
  })()`)
  await page.getByRole('button', { name: /^Open support chat/ }).click()
  await bubble(page, 1).waitFor({ state: 'attached' })
  expect(Math.max(...(await page.evaluate<number[]>('window.drawn')))).toBeLessThan(70)
  expect(await log(page).locator('.db-msg').count()).toBe(122)
  await atEnd(page)
})

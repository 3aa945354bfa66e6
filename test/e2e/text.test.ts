// What people write, and when, as the widget and the dashboard show it.
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { startServer, type TestServer } from '../support/running-server.ts'

const DAY = 24 * 3_600_000

let browser: Browser
let server: TestServer
/** As staff */
let signedIn: Awaited<ReturnType<BrowserContext['storageState']>> = { cookies: [], origins: [] }
beforeAll(async () => {
  browser = await launchBrowser()
  server = await startServer()
  const context = await newContext()
  const page = await context.newPage()
  await page.goto(server.signInUrl)
  await page.getByRole('main').waitFor()
  signedIn = await context.storageState()
  await context.close()
})
afterAll(async () => {
  await browser.close()
  await server.stop()
})

/** @returns when the message was stored, in milliseconds since 1970 */
async function write(person: string, content: string): Promise<number> {
  const headers = {
    authorization: `Bearer ${await server.userToken(person)}`,
    'content-type': 'application/json',
  }
  await fetch(`${server.url}/support_chat`, { headers })
  const body = JSON.stringify({ content })
  const answer = await fetch(`${server.url}/support_chat/messages`, { method: 'POST', headers, body })
  const { created_at } = (await answer.json()) as { created_at: string }
  return Date.parse(created_at)
}

async function newContext(): Promise<BrowserContext> {
  const context = await browser.newContext({
    timezoneId: 'UTC',
    viewport: { width: 1200, height: 800 },
    storageState: signedIn,
  })
  context.setDefaultTimeout(120_000)
  return context
}

async function openWidget(page: Page, person: string): Promise<void> {
  await page.goto(`${server.url}/demo`)
  const token = JSON.stringify(await server.userToken(person))
  await page.evaluate(`document.querySelector('deskbell-chat').setAttribute('token', ${token})`)
  await page.getByRole('button', { name: /^Open support chat/ }).click()
  await page.getByRole('textbox', { name: 'Message' }).waitFor()
}

async function openDashboard(page: Page, person: string): Promise<void> {
  await page.goto(`${server.url}/dashboard`)
  await page.getByRole('link', { name: new RegExp(person) }).click()
  await page.getByRole('textbox', { name: 'Message' }).waitFor()
}

const days = (page: Page) => page.locator('.db-day')

it.each([
  ['widget', openWidget],
  ['dashboard', openDashboard],
])(
  'addresses are links that nothing before them turns around, or text where their rules do not load (%s)',
  async (where, open) => {
    const person = `links-${where}`
    await write(person, '\u202e请看 https://a.example/x。')
    const context = await newContext()
    const page = await context.newPage()
    await open(page, person)
    const link = page.getByRole('log').getByRole('link')
    await link.waitFor()
    expect(await link.getAttribute('href')).toBe('https://a.example/x')
    expect(await link.textContent()).toBe('https://a.example/x')
    // In Hebrew and Arabic too, and after a character that turns what follows
    const style = await link.evaluate((element) => {
      const { getComputedStyle } = globalThis as unknown as {
        getComputedStyle: (e: unknown) => { direction: string; unicodeBidi: string }
      }
      const { direction, unicodeBidi } = getComputedStyle(element)
      return [direction, unicodeBidi]
    })
    expect(style).toEqual(['ltr', 'isolate'])
    await page.route('**/formatting-*', (route) => route.abort())
    await page.reload()
    await open(page, person)
    await page.getByRole('log').getByText('https://a.example/x').waitFor()
    expect(await link.count()).toBe(0)
    await context.close()
  },
)

it.each([
  ['widget', openWidget],
  ['dashboard', openDashboard],
])('formatted text is drawn as elements, each line in its direction, and its code copied (%s)', async (where, open) => {
  const person = `formatted-${where}`
  const code = 'if (a < b) {\n  *run* <b>'
  await write(person, `*One* <i>two</i>:\n\n2. three\n5. שלום\n\n> _four_\n\`\`\`js\n${code}\n\`\`\``)
  await write(person, '🎉')
  const context = await newContext()
  const page = await context.newPage()
  await open(page, person)
  const bubble = page.locator('.db-bubble').first()
  await bubble.locator('strong').waitFor()
  const texts = (tag: string): Promise<string[]> => bubble.locator(tag).allTextContents()
  expect(await Promise.all(['strong', 'i', 'li', 'blockquote em', 'pre'].map(texts))).toEqual([
    ['One'],
    [],
    ['three', 'שלום'],
    ['four'],
    [code],
  ])
  const items = bubble.locator('li')
  expect(await items.evaluateAll((all) => all.map((one) => (one as unknown as { value: number }).value))).toEqual([
    2, 5,
  ])
  const direction = (of: Locator): Promise<string> =>
    of.evaluate((element) => {
      const { getComputedStyle } = globalThis as unknown as { getComputedStyle: (e: unknown) => { direction: string } }
      return getComputedStyle(element).direction
    })
  expect([await direction(bubble), await direction(bubble.locator('pre'))]).toEqual(['ltr', 'ltr'])
  const emoji = page.locator('.db-emoji')
  expect(await emoji.textContent()).toBe('🎉')
  // Some systems draw emoji in the colour of the text, and it has no ground of its own
  const colour = (of: Locator): Promise<string> =>
    of.evaluate((element) => {
      const { getComputedStyle } = globalThis as unknown as { getComputedStyle: (e: unknown) => { color: string } }
      return getComputedStyle(element).color
    })
  expect(await colour(emoji)).toBe(await colour(page.getByRole('textbox', { name: 'Message' })))

  const box = page.getByRole('textbox', { name: 'Message' })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  // Pages without https have no `navigator.clipboard`
  for (const surroundings of ['true', 'delete Navigator.prototype.clipboard']) {
    await page.evaluate(surroundings)
    await box.fill('other')
    await box.press('Control+a')
    await box.press('Control+x')
    // It says so for three seconds, in which a busy machine may not look
    const copy = bubble.getByRole('button', { name: /^(Copy|Copied)$/ })
    await expect.poll(async () => (await copy.press('Enter'), copy.innerText())).toBe('Copied')
    await box.press('Control+v')
    expect(await box.inputValue()).toBe(code)
  }
  await context.close()
})

interface Side {
  left: number
  right: number
}
/** What the test needs of a page's own names */
interface InPage {
  document: {
    createTreeWalker: (root: unknown, shows: number) => { nextNode: () => unknown; currentNode: { data: string } }
    createRange: () => {
      setStart: (node: unknown, at: number) => void
      setEnd: (node: unknown, at: number) => void
      getBoundingClientRect: () => Side
    }
  }
  getComputedStyle: (element: unknown) => { paddingLeft: string; paddingRight: string; direction: string }
}

/** Of a text in the element, from the edges of where its lines can be, in pixels */
const distances = (of: Locator, text: string): Promise<Side> =>
  of.evaluate((element, wanted) => {
    const { document, getComputedStyle } = globalThis as unknown as InPage
    const walker = document.createTreeWalker(element, 4)
    while (walker.nextNode() && !walker.currentNode.data.includes(wanted));
    const range = document.createRange()
    const from = walker.currentNode.data.indexOf(wanted)
    range.setStart(walker.currentNode, from)
    range.setEnd(walker.currentNode, from + wanted.length)
    const { paddingLeft, paddingRight } = getComputedStyle(element)
    const line = range.getBoundingClientRect()
    const box = (element as unknown as { getBoundingClientRect: () => Side }).getBoundingClientRect()
    return {
      left: line.left - box.left - parseFloat(paddingLeft),
      right: box.right - parseFloat(paddingRight) - line.right,
    }
  }, text)

it.each(['ltr', 'rtl'])(
  'each line of a message and of a note has its own direction, in a page that is %s',
  async (dir) => {
    const person = `lines-${dir}`
    const content = 'As wide as the others are not:\nשורה\nsecond\n\n- one\n- two\n\nעוד שורה\nlast'
    await write(person, content)
    const context = await newContext()
    for (const open of [openWidget, openDashboard]) {
      const page = await context.newPage()
      await open(page, person)
      await page.evaluate(`document.documentElement.dir = '${dir}'`)
      const texts = [page.locator('.db-bubble')]
      if (open === openDashboard) {
        await page.getByRole('button', { name: /^Note/ }).click()
        const box = page.getByRole('textbox', { name: 'Note, only staff sees this' })
        await box.fill(content)
        await box.press('Enter')
        texts.push(page.locator('.note-text'))
      }
      for (const text of texts) {
        await text.getByRole('list').waitFor()
        for (const [line, side] of [
          ['שורה', 'right'],
          ['second', 'left'],
          ['עוד שורה', 'right'],
          ['last', 'left'],
        ] as const) {
          // Its styles come after the messages
          await expect
            .poll(async () => [line, Math.abs((await distances(text, line))[side]) <= 1])
            .toEqual([line, true])
        }
      }
      // A bubble has its tail on the side of who wrote it
      const direction = await texts[0]?.evaluate(
        (element) => (globalThis as unknown as InPage).getComputedStyle(element).direction,
      )
      expect(direction).toBe(dir)
    }
    await context.close()
  },
)

it('what is copied from a page is pasted as its text', async () => {
  const context = await newContext()
  const page = await context.newPage()
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  await openWidget(page, 'rich')
  await page.evaluate(`navigator.clipboard.write([new ClipboardItem({
    'text/html': new Blob(['<h1>Big</h1><b>bold</b>'], { type: 'text/html' }),
    'text/plain': new Blob(['Big\\nbold'], { type: 'text/plain' }),
  })])`)
  const box = page.getByRole('textbox', { name: 'Message' })
  await box.press('Control+v')
  expect(await box.inputValue()).toBe('Big\nbold')
  await context.close()
})

it.each([
  ['widget', openWidget],
  ['dashboard', openDashboard],
])('over midnight, today becomes yesterday by itself (%s)', async (where, open) => {
  const person = `late-${where}`
  const at = await write(person, 'Still up?')
  const context = await newContext()
  const page = await context.newPage()
  await page.clock.install({ time: Math.floor(at / DAY) * DAY + DAY - 60_000 })
  await open(page, person)
  await page.getByRole('log').getByText('Still up?').waitFor()
  expect(await days(page).allTextContents()).toEqual(['Today'])
  await page.clock.fastForward(61_000)
  await expect.poll(() => days(page).allTextContents()).toEqual(['Yesterday'])
  await context.close()
})

it('with a clock that is a day ahead, each day is shown once, in order, offline and back', async () => {
  const context = await newContext()
  const page = await context.newPage()
  await page.clock.install({ time: Date.now() + DAY })
  await openWidget(page, 'early')
  const box = page.getByRole('textbox', { name: 'Message' })
  const log = page.getByRole('log')
  const send = async (text: string): Promise<void> => {
    await box.fill(text)
    await box.press('Enter')
  }
  await send('One')
  await expect.poll(() => days(page).allTextContents()).toEqual(['Yesterday'])
  await context.setOffline(true)
  await send('Two')
  await log.getByText('Waiting to send').waitFor()
  expect(await days(page).allTextContents()).toEqual(['Yesterday'])
  await context.setOffline(false)
  await expect.poll(() => log.getByText('Waiting to send').count()).toBe(0)
  // While it is on its way, it is of today by this machine's clock
  await expect.poll(() => days(page).allTextContents()).toEqual(['Yesterday'])
  await expect.poll(() => log.locator('time').count()).toBe(1)
  await context.close()
})

it('a time reads in the direction of its own words in a page that reads the other way', async () => {
  await write('rita', 'Shalom')
  const context = await newContext()
  const page = await context.newPage()
  await openWidget(page, 'rita')
  await page.evaluate(`document.documentElement.dir = 'rtl'`)
  const time = page.getByRole('log').locator('time').last()
  await time.waitFor()
  /** Where the first and the last character begin, in pixels from the left */
  const ends = (): Promise<number[]> =>
    time.evaluate((element: unknown) => {
      const { document } = globalThis as unknown as {
        document: { createRange: () => { setStart: Edge; setEnd: Edge; getBoundingClientRect: () => { left: number } } }
      }
      type Edge = (node: unknown, at: number) => void
      const { firstChild } = element as { firstChild: { data: string } }
      return [0, firstChild.data.length - 1].map((at) => {
        const range = document.createRange()
        range.setStart(firstChild, at)
        range.setEnd(firstChild, at + 1)
        return range.getBoundingClientRect().left
      })
    })
  expect(await time.textContent()).toMatch(/\d [AP]M$/)
  // The late styles come after the first moment
  await expect
    .poll(async () => {
      const [first = 0, last = 0] = await ends()
      return first < last
    })
    .toBe(true)
  await context.close()
})

it('Enter sends, also by keyboards that do not say which key it was, but not while a word is composed', async () => {
  const context = await newContext()
  const page = await context.newPage()
  await openWidget(page, 'keys')
  const box = page.getByRole('textbox', { name: 'Message' })
  const sent = page.locator('.db-bubble')
  const browserKeys = await context.newCDPSession(page)
  const press = async (key: { text?: string; modifiers?: number }): Promise<void> => {
    const unknown = { key: 'Unidentified', windowsVirtualKeyCode: 229, modifiers: key.modifiers ?? 0 }
    await browserKeys.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...unknown })
    if (key.text !== undefined)
      await browserKeys.send('Input.dispatchKeyEvent', { type: 'char', ...unknown, text: key.text })
    await browserKeys.send('Input.dispatchKeyEvent', { type: 'keyUp', ...unknown })
  }
  const shift = 8
  await box.focus()
  await browserKeys.send('Input.imeSetComposition', { text: '하', selectionStart: 1, selectionEnd: 1 })
  // It takes a proposal over, and is no line break
  await press({})
  await browserKeys.send('Input.insertText', { text: '한' })
  await press({ text: '\r', modifiers: shift })
  await box.pressSequentially('글')
  expect(await box.inputValue()).toBe('한\n글')
  expect(await sent.count()).toBe(0)
  await press({ text: '\r' })
  await expect.poll(() => sent.allTextContents()).toEqual(['한\n글'])
  expect(await box.inputValue()).toBe('')
  await box.fill('again')
  await box.press('Shift+Enter')
  await box.press('Enter')
  await expect.poll(() => sent.allTextContents()).toEqual(['한\n글', 'again'])
  await context.close()
})

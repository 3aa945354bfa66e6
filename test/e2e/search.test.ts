// Searching what was written, on PostgreSQL, as staff do it.
import { v7 as uuidv7 } from 'uuid'
import type { Browser, BrowserContext, Page, Route } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { postgresStore } from '../../src/entries/node.ts'
import type { FoundPage, SenderType } from '../../src/protocol/types.ts'
import { violations } from '../support/axe.ts'
import { launchBrowser } from '../support/browser.ts'
import { freshDatabase } from '../support/databases.ts'
import { startServer, type TestServer } from '../support/running-server.ts'

const database = await freshDatabase('postgres')

/** On a busy machine a browser takes its time */
const poll = <T>(look: () => T) => expect.poll(look)

let browser: Browser
let server: TestServer
let contexts: BrowserContext[] = []
const problems: string[] = []

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())
afterEach(async () => {
  await Promise.all(contexts.map((context) => context.close()))
  contexts = []
  expect(problems.splice(0)).toEqual([])
})

/** Keeps in `stoodOut` the number of each message that stands out: it does so for four seconds, which a busy machine may miss */
const NOTE_SHOWN = `
  window.stoodOut = []
  new MutationObserver((changes) => {
    for (const { target } of changes) if (target.hasAttribute('data-shown')) window.stoodOut.push(target.dataset.seq)
  }).observe(document, { subtree: true, attributes: true, attributeFilter: ['data-shown'] })`

async function staffPage(options: Parameters<Browser['newContext']>[0] = {}, url = server.url): Promise<Page> {
  const context = await browser.newContext(options)
  contexts.push(context)
  context.setDefaultTimeout(120_000)
  await context.request.post(`${url}/dashboard/session`, {
    headers: { authorization: `Bearer ${await server.adminToken()}` },
  })
  const page = await context.newPage()
  await page.addInitScript(NOTE_SHOWN)
  page.on('pageerror', (error) => problems.push(error.message))
  await page.goto(`${url}/dashboard`)
  return page
}

const box = (page: Page) => page.getByRole('textbox', { name: 'Search people and messages' })
const card = (page: Page, name: RegExp) => page.getByRole('region', { name: 'In messages' }).getByRole('link', { name })
const message = (page: Page, seq: number) => page.locator(`.db-msg[data-seq="${seq}"]`)
/** Until a message has stood out since this was last asked */
async function stoodOut(page: Page, seq: number): Promise<void> {
  await poll(() => page.evaluate('stoodOut')).toContain(String(seq))
  await page.evaluate('stoodOut.splice(0)')
}
const log = (page: Page) => page.getByRole('log')

/** Numbers in the messages that the log holds, from top to bottom */
const numbers = (page: Page): Promise<number[]> =>
  log(page)
    .locator('.db-bubble')
    .evaluateAll((bubbles) => bubbles.map((bubble) => Number(/\d+/.exec(bubble.textContent)?.[0])))

async function isInView(page: Page, seq = 40): Promise<boolean> {
  const [box, window] = [await message(page, seq).boundingBox(), await log(page).boundingBox()]
  if (!box || !window) return false
  return box.y >= window.y && box.y + box.height <= window.y + window.height
}

describe.skipIf(!database)('searching in the dashboard', () => {
  beforeAll(async () => {
    server = await startServer({
      DATABASE_URL: database?.url ?? '',
      BUS_URL: 'off',
      FULL_TEXT_SEARCH: 'on',
      RATE_LIMIT: 'off',
    })
    await fill('ada', ['Where is invoice 4312?', 'Please', 'It was <b>invoice</b> 4313, sorry'], 'user', 'Ada Lovelace')
    await fill('bob', ['Nothing of that kind here'])
    await fill('evil', ['<img src=x onerror="document.title=1"> \u202Ewalrus\u202C & <mark>more</mark>'])
    await fill('noa', ['שלום, לא קיבלתי את walrus במייל'])
    // The needle is message 40 of each
    await fill('far', haystack('needle', 460))
    await fill('farther', haystack('thimble', 1_300))
  })
  afterAll(async () => {
    await server.stop()
    await database?.drop()
  })

  const haystack = (needle: string, count: number): string[] =>
    Array.from({ length: count }, (_, i) =>
      i === 39 ? `40 here is the ${needle}` : `${i + 1} hay `.repeat(1 + (i % 9)),
    )

  async function fill(
    id: string,
    contents: string[],
    sender_type: SenderType = 'user',
    name: string | null = null,
  ): Promise<void> {
    const store = await postgresStore(database?.url ?? '')
    const now = new Date().toISOString()
    await store.savePeople([{ id, email: `${id}@example.com`, name }], now)
    const chat = await store.openChat(id, uuidv7(), now)
    await store.appendMessages(
      contents.map((content) => ({
        id: uuidv7(),
        chat_id: chat.id,
        content,
        sender_type,
        sender_id: id,
        sender_name: null,
        client_id: null,
        created_at: now,
        notify_at: null,
      })),
    )
    await store.close()
  }

  it('finds a chat by what was written, marks the words, and opens it at that message', async () => {
    const page = await staffPage()
    await box(page).fill('invoice 43')
    const found = card(page, /ada@example\.com/)
    expect(await found.textContent()).toContain('It was <b>invoice</b> 4313, sorry')
    expect(await found.locator('mark').allTextContents()).toEqual(['invoice', '43'])
    expect(await found.locator('.card-line bdi').allTextContents()).toEqual(['Ada Lovelace', 'ada@example.com'])
    expect(await page.getByRole('region', { name: 'People' }).count()).toBe(0)
    await box(page).fill('invoice 4312')
    await poll(() => found.locator('mark').allTextContents()).toEqual(['invoice', '4312'])
    await found.click()
    await stoodOut(page, 1)
    await message(page, 1).getByText('Where is invoice 4312?').waitFor()
    expect(await found.getAttribute('aria-current')).toBe('page')
    // It stands out for a moment
    await page.locator('[data-shown]').waitFor({ state: 'detached' })
    await log(page).getByText('Where is invoice 4312?').waitFor()
  })

  it('shows people by their address first, then messages', async () => {
    const page = await staffPage()
    await box(page).fill('far')
    const people = page.getByRole('region', { name: 'People' })
    await people.getByRole('link', { name: /farther@example\.com/ }).waitFor()
    expect(await people.getByRole('link').count()).toBe(2)
    await page.getByText('No message matches.').waitFor()
    await box(page).fill('qqq')
    await page.getByText('Nothing matches “qqq”').waitFor()
    await box(page).press('Escape')
    await page.getByRole('link', { name: /bob@example\.com/ }).waitFor()
    expect(await page.getByRole('region', { name: 'In messages' }).count()).toBe(0)
  })

  it('finds people by their name, also where no message mentions it, and no longer when they are called otherwise', async () => {
    const text = 'Where is my parcel?'
    await fill('x1', [text], 'user', 'Anna Rossi')
    await fill('rossi', [text], 'user', null)
    await fill('x2', [text], 'user', 'Rossella Bianchi')
    const page = await staffPage()
    const people = page.getByRole('region', { name: 'People' }).getByRole('link')
    const called = () => people.locator('.card-line').allTextContents()
    await box(page).fill('ROSSI')
    await poll(called).toEqual(['Anna Rossix1@example.com', 'rossi@example.com'])
    await box(page).fill('ross')
    await poll(called).toEqual(['Rossella Bianchix2@example.com', 'Anna Rossix1@example.com', 'rossi@example.com'])
    await box(page).fill('rossi anna')
    await poll(called).toEqual(['Anna Rossix1@example.com'])
    await page.getByText('No message matches.').waitFor()
    // Somebody who is found by name writes, and stands first
    await box(page).fill('ross')
    await poll(called).toHaveLength(3)
    await page.mouse.move(1, 1)
    const token = await server.userToken('x1', 'Anna Rossi')
    await fetch(`${server.url}/support_chat/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ content: 'It is here' }),
    })
    await poll(called).toEqual(['Anna Rossix1@example.com', 'Rossella Bianchix2@example.com', 'rossi@example.com'])
    await people.first().click()
    await log(page).getByText('It is here').waitFor()
  })

  it('shows what people wrote as text, whatever it is', async () => {
    const page = await staffPage()
    await box(page).fill('walrus')
    const found = card(page, /evil@example\.com/)
    expect(await found.locator('.found-text').textContent()).toBe(
      '<img src=x onerror="document.title=1"> \u202Ewalrus\u202C & <mark>more</mark>',
    )
    expect(await found.locator('mark').allTextContents()).toEqual(['walrus'])
    expect(await found.locator('img, b').count()).toBe(0)
    // What an override turns around ends with the text
    expect(await found.locator('.found-text').evaluate((element) => element.tagName)).toBe('BDI')
    await card(page, /noa@example\.com/).waitFor()
    for (const hostile of ['"', '\\', ':* & |', '<script>', '\u202E', '(', '%', '\u0000x', '😀', '-'])
      await box(page).fill(hostile)
    await box(page).fill('x'.repeat(10_000))
    expect((await box(page).inputValue()).length).toBe(320)
    await page.getByText(/^Nothing matches/).waitFor()
    expect(await page.title()).not.toBe('1')
  })

  it('goes back to a message that lies far behind, without a hole', async () => {
    const page = await staffPage({ viewport: { width: 1280, height: 700 } })
    await box(page).fill('needle')
    await card(page, /far@example\.com/).click()
    await stoodOut(page, 40)
    await message(page, 40).getByText('40 here is the needle').waitFor()
    expect(await isInView(page)).toBe(true)
    const held = await numbers(page)
    expect(held).toEqual(Array.from({ length: held.length }, (_, i) => i + 461 - held.length))
    expect(held[0]).toBeLessThanOrEqual(40)
    // It stays there, also when something is said
    await fill('far', ['461 one more'])
    const token = await server.userToken('far')
    await fetch(`${server.url}/support_chat/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ content: '462 and another' }),
    })
    await log(page).getByText('462 and another').waitFor({ state: 'attached' })
    const top = await log(page).evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight)
    expect(top).toBeGreaterThan(1_000)
    // By a link of it too, and once more by the same result
    await page.reload()
    await stoodOut(page, 40)
    await message(page, 40).getByText('40 here is the needle').waitFor()
    expect(await isInView(page)).toBe(true)
    await page.getByRole('button', { name: /Jump to newest/ }).click()
    await poll(() => isInView(page)).toBe(false)
    await box(page).fill('needle')
    await card(page, /far@example\.com/).click()
    await poll(() => isInView(page)).toBe(true)
  })

  it('shows what lies too far back apart, says so, and leads to the newest', async () => {
    const page = await staffPage()
    await box(page).fill('thimble')
    await card(page, /farther@example\.com/).click()
    await stoodOut(page, 40)
    await message(page, 40).getByText('40 here is the thimble').waitFor()
    expect(await isInView(page)).toBe(true)
    await page.getByText(/1,260 messages back: too far/).waitFor()
    expect(await numbers(page)).toEqual(Array.from({ length: 51 }, (_, i) => i + 15))
    await page.getByRole('button', { name: 'Go to the newest' }).click()
    await log(page)
      .getByText(/^1300 hay/)
      .waitFor()
    expect(await numbers(page)).toContain(1_299)
    // A reply goes where replies go
    await card(page, /farther@example\.com/).click()
    await stoodOut(page, 40)
    await message(page, 40).getByText('40 here is the thimble').waitFor()
    await page.getByRole('textbox', { name: 'Message', exact: true }).fill('1301 found it')
    await page.getByRole('button', { name: 'Send' }).click()
    await log(page).getByText('1301 found it').waitFor()
    expect(await page.getByText(/too far/).count()).toBe(0)
  })

  it('says that a message is not there', async () => {
    const page = await staffPage()
    await box(page).fill('invoice 4312')
    await card(page, /ada@example\.com/).click()
    await stoodOut(page, 1)
    await page.goto(page.url().replace(/&at=\d+/, '&at=99'))
    await page.getByText('That message is not in this chat.').waitFor()
    await log(page).getByText('Where is invoice 4312?').waitFor()
  })

  it('works without a mouse', async () => {
    const page = await staffPage()
    await page.getByRole('link', { name: /bob@example\.com/ }).waitFor()
    await poll(async () => {
      // The page may show its list a moment before it listens to keys
      await page.keyboard.press('/')
      return box(page).and(page.locator(':focus')).count()
    }).toBe(1)
    await box(page).fill('')
    await page.keyboard.type('walrus')
    await card(page, /noa@example\.com/).waitFor()
    expect(await page.getByRole('status').filter({ hasText: '0 people, 2 chats in messages' }).count()).toBe(1)
    // The search's own button, whose chats, which tab, the first row
    for (let stop = 0; stop < 4; stop++) await page.keyboard.press('Tab')
    const focused = () =>
      page
        .locator('[data-row]:focus')
        .textContent({ timeout: 1_000 })
        .catch(() => '')
    await poll(focused).toContain('noa@example.com')
    await page.keyboard.press('j')
    await poll(focused).toContain('evil@example.com')
    await page.keyboard.press('ArrowUp')
    await poll(focused).toContain('noa@example.com')
    await page.keyboard.press('Enter')
    await stoodOut(page, 1)
    await message(page, 1).getByText('walrus').waitFor()
    await page
      .getByRole('status')
      .filter({ hasText: /^The message of .* is shown$/ })
      .waitFor({ state: 'attached' })
    await page.keyboard.press('Escape')
    await poll(focused).toContain('noa@example.com')
    await page.keyboard.press('e')
    await card(page, /noa@example\.com/)
      .getByText('Archived')
      .waitFor()
    await box(page).fill('noa')
    expect(await page.getByRole('region', { name: 'People' }).count()).toBe(0)
  })

  it('says what it waits for, what went wrong, and tries again', async () => {
    const page = await staffPage()
    const requests: string[] = []
    let answer: (route: Route) => Promise<void> = (route) => route.abort()
    await page.route('**/admin/messages?*', (route) => {
      requests.push(route.request().url())
      return answer(route)
    })
    await box(page).fill('walrus')
    await page.getByRole('alert').getByText('The messages were not searched.').waitFor()
    let isWaiting = true
    answer = async (route) => {
      while (isWaiting) await page.waitForTimeout(50)
      await route.continue()
    }
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByRole('status').getByText('Searching messages').waitFor({ state: 'attached' })
    isWaiting = false
    await card(page, /evil@example\.com/).waitFor()
    // A slow search shows people meanwhile
    isWaiting = true
    await box(page).fill('bob')
    await page.getByRole('region', { name: 'People' }).getByRole('link', { name: /bob@/ }).waitFor()
    await page.getByRole('status').getByText('Searching messages').waitFor({ state: 'attached' })
    isWaiting = false
    await page.getByText('No message matches.').waitFor()
    // What is common, and not found soon, is looked for further back when somebody says so
    const place = '01950000-0000-7000-8000-000000000000'
    const nothing: FoundPage = { found: [], next: place, searched_to: '2025-03-02T09:00:00.000Z' }
    answer = (route) => (route.request().url().includes('cursor') ? route.continue() : route.fulfill({ json: nothing }))
    const before = requests.length
    await box(page).fill('walrus or hay')
    await page.getByText('Nothing so far. Searched back to March 2, 2025.').waitFor()
    await page.waitForTimeout(300)
    expect(requests.length).toBe(before + 1)
    await page.getByRole('button', { name: 'Search further back' }).click()
    await page.getByText('Nothing matches “walrus or hay”').waitFor()
    expect(requests.at(-1)).toContain(`cursor=${place}`)
  })

  it('comes back by itself when the network does', async () => {
    const page = await staffPage()
    await page.getByRole('link', { name: /bob@example\.com/ }).waitFor()
    await page.context().setOffline(true)
    await box(page).fill('walrus')
    await page.getByRole('alert').getByText('The messages were not searched.').waitFor()
    await page.context().setOffline(false)
    await card(page, /evil@example\.com/).waitFor()
  })

  it('loads further results while one scrolls, each chat once', async () => {
    const names = Array.from({ length: 45 }, (_, n) => `many${n}`)
    for (const name of names) await fill(name, ['A plenitude', 'of plenitude'])
    const page = await staffPage({ viewport: { width: 1000, height: 500 } })
    await box(page).fill('plenitude')
    const cards = page.getByRole('region', { name: 'In messages' }).getByRole('link')
    await cards.first().waitFor()
    expect(await cards.count()).toBeLessThan(45)
    await poll(async () => {
      await page.locator('.scroller').evaluate((element) => element.scrollTo(0, element.scrollHeight))
      return cards.count()
    }).toBe(45)
    await box(page).fill('many')
    const people = page.getByRole('region', { name: 'People' }).getByRole('link')
    await poll(() => people.count()).toBe(5)
    await page.getByRole('button', { name: 'Show more people' }).click()
    await poll(() => people.count()).toBe(45)
  })

  it.each(['light', 'dark'] as const)('leaves axe nothing to complain about in %s', async (colorScheme) => {
    const name = `abcd-${colorScheme}`
    await fill(name, [`abcd, abcd and a word of length ${'x'.repeat(300)}`])
    const page = await staffPage({ colorScheme, bypassCSP: true })
    const found = card(page, new RegExp(`${name}@example\\.com`))
    await box(page).fill('abcd')
    await found.waitFor()
    await page.getByRole('region', { name: 'People' }).waitFor()
    expect(await violations(page), 'results').toEqual([])
    await found.click()
    await stoodOut(page, 1)
    expect(await violations(page), 'message').toEqual([])
    await box(page).fill('thimble')
    await card(page, /farther@example\.com/).click()
    await page.getByText(/too far/).waitFor()
    expect(await violations(page), 'apart').toEqual([])
    const nothing: FoundPage = { found: [], next: 'x', searched_to: '2025-03-02T09:00:00.000Z' }
    await page.route('**/admin/messages?*', (route) => route.fulfill({ json: nothing }))
    await box(page).fill('qqq')
    await page.getByText(/Searched back to/).waitFor()
    expect(await violations(page), 'searched back').toEqual([])
    await page.route('**/admin/messages?*', (route) => route.abort())
    await box(page).fill('qqqq')
    await page.getByRole('alert').getByText('not searched').waitFor()
    expect(await violations(page), 'failed').toEqual([])
    await page.unrouteAll()
    await box(page).fill('qqqqq')
    await page.getByText(/^Nothing matches/).waitFor()
    expect(await violations(page), 'nothing').toEqual([])
  })

  it('shows nothing of it, and asks for nothing, where the server cannot', async () => {
    const plain = await startServer()
    try {
      const page = await staffPage({}, plain.url)
      const asked: string[] = []
      page.on('request', (request) => asked.push(request.url()))
      const search = page.getByRole('textbox', { name: 'Search people', exact: true })
      await search.fill('nobody')
      await page.getByText('No chat matches “nobody”').waitFor()
      expect(await page.getByText('In messages').count()).toBe(0)
      expect(asked.filter((url) => url.includes('admin/messages'))).toEqual([])
    } finally {
      await plain.stop()
    }
  })
})

// Several tabs of one browser and a second device of the same person: one chat, one draft, one sound.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { pause } from '../support/desk.ts'
import { ReverseProxy } from '../support/proxies.ts'
import { startServer, type TestServer } from '../support/running-server.ts'

/** Counts in `rings` how often a page began to ring: a ring is two notes, and each sets a frequency */
const COUNT_RINGS = `
  window.rings = 0
  const { get } = Object.getOwnPropertyDescriptor(OscillatorNode.prototype, 'frequency')
  Object.defineProperty(OscillatorNode.prototype, 'frequency', {
    get() {
      window.rings += 0.5
      return get.call(this)
    },
  })`

let browser: Browser
let proxy: ReverseProxy
let server: TestServer
let port: number
let contexts: BrowserContext[] = []
let admin: Page
const problems: string[] = []

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

beforeEach(async () => {
  proxy = await ReverseProxy.start(0)
  server = await startServer({ PUBLIC_URL: proxy.url })
  port = Number(new URL(server.url).port)
  proxy.retarget(port)
  admin = await open(await device(), new URL(server.signInUrl).href.replace(server.url, proxy.url))
})
afterEach(async () => {
  await Promise.all(contexts.map((context) => context.close()))
  contexts = []
  await server.stop()
  await proxy.stop()
  expect(problems.splice(0)).toEqual([])
})

async function device(): Promise<BrowserContext> {
  const context = await browser.newContext()
  contexts.push(context)
  context.setDefaultTimeout(120_000)
  await context.addInitScript(COUNT_RINGS)
  return context
}
async function open(context: BrowserContext, url = `${proxy.url}/demo`): Promise<Page> {
  const page = await context.newPage()
  page.on('pageerror', (error) => problems.push(error.message))
  await page.goto(url)
  return page
}

const launcher = (page: Page) => page.getByRole('button', { name: /^Open support chat/ })
const log = (page: Page) => page.getByRole('log')
const box = (page: Page) => page.getByRole('textbox', { name: 'Message' })
const closeChat = (page: Page) => page.getByRole('button', { name: 'Close support chat' }).click()
const badge = (page: Page, n: number) =>
  expect
    .poll(async () => /(\d+) unread/.exec((await launcher(page).getAttribute('aria-label')) ?? '')?.[1] ?? '0')
    .toBe(String(n))
const rings = async (pages: Page[]): Promise<number> =>
  (await Promise.all(pages.map((page) => page.evaluate<number>('rings')))).reduce((a, b) => a + b, 0)
/** The sound is loaded with the first reply, so a page may show a reply before it rings */
const hasRung = (pages: Page[], times: number) => expect.poll(() => rings(pages)).toBe(times)
const openChat = async (page: Page): Promise<void> => {
  await launcher(page).click()
  await box(page).waitFor()
}
async function say(page: Page, text: string): Promise<void> {
  await box(page).fill(text)
  await page.getByRole('button', { name: 'Send' }).click()
}
/** The person has written, and staff have the chat open */
async function meet(page: Page): Promise<void> {
  await openChat(page)
  await say(page, 'A question')
  await admin.getByRole('link', { name: /ada@example\.com/ }).click()
  await log(admin).getByText('A question').waitFor()
}
async function reply(text: string): Promise<void> {
  await say(admin, text)
  await log(admin).getByText(text, { exact: true }).waitFor()
}
/** What is stored, as staff see it after a reload */
async function stored(): Promise<string[]> {
  await admin.reload()
  await log(admin).getByText('A question').waitFor()
  return log(admin).locator('.db-bubble').allInnerTexts()
}

it('tabs agree on what is unread and read, on every tab and device', async () => {
  const [laptop, phone] = [await device(), await device()]
  const one = await open(laptop)
  await meet(one)
  await closeChat(one)
  const [two, other] = [await open(laptop), await open(phone)]
  const all = [one, two, other]
  await Promise.all(all.map((page) => badge(page, 0)))
  await reply('An answer')
  await reply('And one more')
  await Promise.all(all.map((page) => badge(page, 2)))
  // Read on the phone
  await openChat(other)
  await log(other).getByText('And one more').waitFor()
  await Promise.all([badge(one, 0), badge(two, 0)])
  await log(admin).getByText('Seen').waitFor()
  // What comes to the phone's open panel is read; what it says is there for all, once
  await reply('While you read')
  await say(other, 'From the phone')
  await openChat(one)
  await openChat(two)
  for (const page of all) {
    await log(page).getByText('From the phone').waitFor()
    expect(await log(page).getByText('From the phone').count()).toBe(1)
  }
  await closeChat(two)
  await badge(two, 0)
})

it('tabs ring once for a reply, though one of them hears of it late', async () => {
  const laptop = await device()
  const one = await open(laptop)
  await meet(one)
  await closeChat(one)
  const two = await open(laptop)
  // No socket and no stream for the third: it asks every few seconds
  const three = await laptop.newPage()
  await three.routeWebSocket(/cable/, () => undefined)
  await three.route(/\/events/, (route) => route.abort())
  await three.goto(`${proxy.url}/demo`)
  const all = [one, two, three]
  // A page may ring once somebody has touched it
  for (const page of [two, three]) {
    await openChat(page)
    await closeChat(page)
  }
  await reply('First')
  await Promise.all(all.map((page) => badge(page, 1)))
  await hasRung(all, 1)

  // Then it hears nothing for longer than any lock lasts, and of several replies at once
  await three.route(/\/messages/, (route) => route.abort())
  await reply('Second')
  await hasRung(all, 2)
  // Replies that come together ring once
  await pause(1_200)
  await reply('Third')
  await Promise.all([one, two].map((page) => badge(page, 3)))
  await hasRung(all, 3)
  await pause(5_000)
  await three.unroute(/\/messages/)
  await badge(three, 3)
  expect(await rings(all)).toBe(3)
})

it('tabs share a draft, without touching the one that is being typed in', async () => {
  const laptop = await device()
  const one = await open(laptop)
  await meet(one)
  const two = await open(laptop)
  await openChat(two)
  await log(two).getByText('A question').waitFor()
  // The pages' time stands still: however slowly a busy machine types, no pause in it is one of the person's
  const now = Date.now()
  const setTime = (time: number): Promise<unknown> =>
    Promise.all([one, two].map((page) => page.clock.setFixedTime(time)))
  await setTime(now)
  await box(one).fill('Half a sentence')
  await expect.poll(() => box(two).inputValue()).toBe('Half a sentence')
  await one.evaluate(`addEventListener('storage', ({ newValue }) => { window.heard = newValue })`)
  // Typed on in the other tab, while the first one writes too: the letters that are typed stay
  await box(two).pressSequentially(' ')
  await Promise.all([box(two).pressSequentially('goes on'), box(one).pressSequentially(' and on')])
  expect(await box(two).inputValue()).toBe('Half a sentence goes on')
  expect(await box(one).inputValue()).toBe('Half a sentence and on')
  await expect.poll(() => one.evaluate('window.heard')).toBe('Half a sentence goes on')
  await setTime(now + 1_100)
  await box(one).press('End')
  await box(one).pressSequentially('!')
  await expect.poll(() => box(two).inputValue()).toBe('Half a sentence and on!')
  await setTime(now + 2_200)
  await box(one).press('Enter')
  await expect.poll(() => box(two).inputValue()).toBe('')
  // A tab that comes later finds what is there
  await box(two).fill('Another')
  const three = await open(laptop)
  await openChat(three)
  await expect.poll(() => box(three).inputValue()).toBe('Another')
})

it('tabs send once what a tab left unsent when it was closed', async () => {
  const laptop = await device()
  const one = await open(laptop)
  await meet(one)
  const two = await open(laptop)
  await openChat(two)
  await log(two).getByText('A question').waitFor()
  // The server is out of reach; the tab is closed in the middle of it
  proxy.retarget(1)
  proxy.cut()
  await say(one, 'Just before closing')
  await say(one, 'And this')
  await one.close()
  // One tab was open all the time, two more open at the same moment
  proxy.retarget(port)
  const [three, four] = await Promise.all([open(laptop), open(laptop)])
  await Promise.all([openChat(three), openChat(four)])
  for (const page of [two, three, four]) await log(page).getByText('And this').waitFor()
  expect(await stored()).toEqual(['A question', 'Just before closing', 'And this'])
  for (const page of [two, three, four]) {
    await expect.poll(() => log(page).getByText('Sending').count()).toBe(0)
    expect(await log(page).getByText('Just before closing').count()).toBe(1)
  }
})

it('tabs send once what is left when the one tab that remains is an old one', async () => {
  const laptop = await device()
  const one = await open(laptop)
  await meet(one)
  const two = await open(laptop)
  await openChat(two)
  await log(two).getByText('A question').waitFor()
  proxy.retarget(1)
  proxy.cut()
  await say(one, 'Left behind')
  await one.close()
  await pause(16_000)
  proxy.retarget(port)
  await log(two).getByText('Left behind').waitFor()
  await expect.poll(stored).toEqual(['A question', 'Left behind'])
})

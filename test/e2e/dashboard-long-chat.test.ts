// A chat of a few hundred messages in the dashboard, whose log leaves what is out of view to the browser.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { startLongChat, type LongChat } from '../support/long-chat.ts'

const MESSAGES = 320
let browser: Browser
let chat: LongChat
let context: BrowserContext
let address = ''

beforeAll(async () => {
  browser = await launchBrowser()
  chat = await startLongChat(MESSAGES)
  context = await browser.newContext()
  context.setDefaultTimeout(120_000)
  // Its link signs in once
  const page = await chat.dashboard(context)
  await page.getByRole('log').waitFor()
  address = page.url()
  await page.close()
})
afterAll(async () => {
  await browser.close()
  await chat.stop()
})

async function open(): Promise<Page> {
  const page = await context.newPage()
  await page.goto(address)
  await page
    .getByRole('log')
    .getByText(new RegExp(`^${MESSAGES}: `))
    .waitFor()
  return page
}
/** Evaluates in the page, where `log` is the log and `bubbles` are what was written */
const inLog = <T>(page: Page, code: string): Promise<T> =>
  page.evaluate<T>(`(() => {
    const log = document.querySelector('.db-log')
    const bubbles = [...log.querySelectorAll('.db-bubble')]
    return ${code}
  })()`)
const toTheEnd = (page: Page): Promise<number> =>
  inLog(page, 'Math.round(log.scrollHeight - log.clientHeight - log.scrollTop)')
async function loadAll(page: Page): Promise<void> {
  while (!(await inLog<boolean>(page, `bubbles[0].textContent.startsWith('1: ')`)))
    await inLog(page, 'new Promise((done) => requestAnimationFrame(done, (log.scrollTop = 0)))')
}

it('opens at its end, and has everything in view above it', async () => {
  const page = await open()
  await expect.poll(() => toTheEnd(page)).toBe(0)
  expect(await page.getByRole('button', { name: /^Jump to newest/ }).count()).toBe(0)
  // The blocks above are drawn between other work
  await expect.poll(() => inLog(page, 'log.scrollHeight > 2 * log.clientHeight')).toBe(true)
  expect(await toTheEnd(page)).toBe(0)
})

it('scrolls from its end to its start and back without a jump', async () => {
  const page = await open()
  await loadAll(page)
  expect(await inLog(page, 'bubbles.length')).toBe(MESSAGES)
  await inLog(page, 'void (log.scrollTop = 1e9)')
  await expect.poll(() => toTheEnd(page)).toBe(0)
  await page.getByRole('log').hover()
  for (let turn = 0; turn < 12; turn++) {
    const before = await inLog<[number, number]>(
      page,
      `(() => {
        const top = log.getBoundingClientRect().top
        const at = bubbles.findIndex((one) => one.getBoundingClientRect().top > top)
        return [at, bubbles[at].getBoundingClientRect().top]
      })()`,
    )
    await inLog(page, 'void (log.scrollTop -= 400)')
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
    const after = await inLog<number>(page, `bubbles[${before[0]}].getBoundingClientRect().top`)
    expect(Math.abs(after - before[1] - 400)).toBeLessThan(2)
  }
})

it('finds what is out of view in a search of the page', async () => {
  const page = await open()
  await loadAll(page)
  await inLog(page, 'void (log.scrollTop = 1e9)')
  await expect.poll(() => toTheEnd(page)).toBe(0)
  const text = await inLog<string>(page, 'bubbles[40].textContent')
  expect(await page.evaluate(`find(${JSON.stringify(text.slice(0, 30))}, false, true)`)).toBe(true)
  expect(await page.evaluate('String(getSelection())')).toBe(text.slice(0, 30))
})

it('prints all that is loaded', async () => {
  const page = await open()
  await loadAll(page)
  await page.emulateMedia({ media: 'print' })
  await expect
    .poll(() => inLog(page, `bubbles.filter((one) => one.checkVisibility({ contentVisibilityAuto: true })).length`))
    .toBe(MESSAGES)
})

it('keeps the place of a reader whose first whole message begins a part', async () => {
  const page = await open()
  await loadAll(page)
  // Messages lie in blocks of 16, and those in parts of 16: message 256 is the first of a part
  const PART = 256
  const place = `bubbles[${PART - 1}].getBoundingClientRect().top - log.getBoundingClientRect().top`
  await inLog(page, 'void (log.scrollTop = 0)')
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
  // The one before it is cut off at the top. Heights are known once they are in view
  await expect
    .poll(async () => {
      await inLog(page, `void (log.scrollTop += ${place} - 10)`)
      return inLog(page, `Math.round(${place})`)
    })
    .toBe(10)
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
  await inLog(page, `void (bubbles[${PART - 2}].style.paddingBlockEnd = '200px')`)
  await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
  expect(await inLog(page, `Math.round(${place})`)).toBe(10)
})

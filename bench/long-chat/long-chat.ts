// What a long chat costs in the browser: npm run bench:long-chat [-- widget|dashboard [100 2000 10000]]
// Real Chromium, its processor slowed down four times. Each row is the longest task of the page's main thread, and how many took more
// than 50 ms. The second table counts frames while all of it scrolls, at full speed and slowed down.
import type { Page } from 'playwright-core'
import { launchBrowser } from '../../test/support/browser.ts'
import { startLongChat } from '../../test/support/long-chat.ts'
import { framesOf } from './frames.ts'
import { tasksOf } from './tasks.ts'

const SLOWER = 4
const isSide = (text: string): text is 'widget' | 'dashboard' => text === 'widget' || text === 'dashboard'
const [first = 'widget', ...others] = process.argv.slice(2)
const side = isSide(first) ? first : 'widget'
const given = (isSide(first) ? others : [first, ...others]).map(Number)
const sizes = given.length > 0 ? given : [100, 2_000, 10_000]

const box = (page: Page) => page.getByRole('textbox', { name: 'Message' })
/** Evaluates in the page, where `log` is the log: locators would walk through the whole of it on the thread that is measured */
const inLog = <T>(page: Page, code: string): Promise<T> =>
  page.evaluate<T>(`(() => {
    const log = (document.querySelector('deskbell-chat')?.shadowRoot ?? document).querySelector('.db-log')
    return ${code}
  })()`)
/** The middle of what opens the chat. Looked up beforehand: a locator's own work in the page would be among the tasks */
async function opener(page: Page): Promise<{ x: number; y: number }> {
  const target = page.locator(side === 'widget' ? 'deskbell-chat .launch' : '[data-row]').first()
  await target.waitFor()
  const { x, y, width, height } = (await target.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
  return { x: x + width / 2, y: y + height / 2 }
}
const open = async (page: Page, { x, y }: { x: number; y: number }): Promise<void> => {
  await page.mouse.click(x, y)
  while (!(await inLog<boolean>(page, `Boolean(log?.querySelector('.db-msg'))`))) await frames(page, 1)
}
const close = async (page: Page): Promise<void> => {
  // In the dashboard from the box to the head of the chat, then to the list
  for (let n = 0; n < (side === 'widget' ? 1 : 2); n++) await page.keyboard.press('Escape')
  while (await inLog<boolean>(page, `Boolean(log)`)) await frames(page, 1)
}
const scrollTo = (page: Page, top: number): Promise<unknown> => inLog(page, `void (log.scrollTop = ${top})`)
const frames = (page: Page, n: number): Promise<unknown> =>
  page.evaluate(
    `new Promise((done) => { let n = ${n}; const next = () => (n-- ? requestAnimationFrame(next) : done()); next() })`,
  )
async function scrollUp(page: Page): Promise<void> {
  for (let n = 0; n < 60; n++) {
    await page.mouse.wheel(0, -600)
    await frames(page, 2)
  }
}
async function loadAll(page: Page): Promise<void> {
  while (!(await inLog<boolean>(page, `log.querySelector('.db-bubble').textContent.startsWith('1: ')`))) {
    await scrollTo(page, 0)
    await frames(page, 2)
  }
}
const toEnd = (page: Page): Promise<unknown> => scrollTo(page, 1e9)

const NEWEST = `[...log.querySelectorAll('.db-bubble')].at(-1).textContent`

const browser = await launchBrowser()
for (const size of sizes) {
  const chat = await startLongChat(size)
  const context = await browser.newContext()
  const page = await chat[side](context)
  let seen = 0
  const receive = async (): Promise<void> => {
    for (let n = 0; n < 10; n++) {
      await chat.write('admin', `reply ${++seen}`)
      while ((await inLog(page, NEWEST)) !== `reply ${seen}`) await frames(page, 1)
      await frames(page, 3)
    }
  }
  const session = await context.newCDPSession(page)
  const slow = (rate: number) => session.send('Emulation.setCPUThrottlingRate', { rate })
  const rows: Record<string, object> = {}
  const measure = async (name: string, work: () => Promise<void>): Promise<void> => {
    await frames(page, 10)
    await slow(SLOWER)
    const { longest, total, long } = await tasksOf(browser, page, work)
    await slow(1)
    rows[name] = { 'longest ms': Math.round(longest), 'over 50 ms': long, 'total ms': Math.round(total) }
  }

  if (side === 'dashboard') await box(page).waitFor()
  const at = await opener(page)
  if (side === 'widget') {
    await measure('the page loads', async () => {
      await page.reload()
      await page.waitForResponse((response) => response.url().endsWith('/support_chat/unread'))
      await page.waitForLoadState('networkidle')
    })
    await measure('first opening', async () => {
      await open(page, at)
      await frames(page, 10)
    })
  }
  await page.getByRole('log').hover()
  await measure('older pages load', () => scrollUp(page))
  await loadAll(page)
  await toEnd(page)
  await box(page).focus()
  await measure('typing 100 characters in 5 lines', async () => {
    for (let line = 0; line < 5; line++) {
      await page.keyboard.type('twenty letters here.')
      await page.keyboard.press('Shift+Enter')
    }
    await frames(page, 3)
  })
  await box(page).fill('')
  await measure('10 replies, at the end', receive)
  await measure('scrolling up', () => scrollUp(page))
  await measure('10 replies, reading further up', receive)
  await measure('window resized', async () => {
    await page.setViewportSize({ width: 700, height: 700 })
    await frames(page, 5)
    await page.setViewportSize({ width: 1280, height: 720 })
    await frames(page, 5)
  })
  const scrolled: Record<string, object> = {}
  for (const rate of [1, SLOWER]) {
    await toEnd(page)
    await frames(page, 10)
    await slow(rate)
    scrolled[rate === 1 ? 'full speed' : `${rate} times slower`] = await framesOf(page, () => scrollUp(page))
    await slow(1)
  }
  await toEnd(page)
  await box(page).focus()
  await measure('closing', async () => {
    await close(page)
    await frames(page, 5)
  })
  await measure('opening', async () => {
    await open(page, at)
    await frames(page, 10)
  })
  console.log(`${side}, ${size} messages loaded`)
  console.table(rows)
  console.table(scrolled)
  await context.close()
  await chat.stop()
}
await browser.close()

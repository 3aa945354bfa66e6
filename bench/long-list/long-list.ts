// What a long list of chats costs in staff's browser: npm run bench:long-list [-- chats]
// Real Chromium, at full speed and with its processor slowed down four times: frames, and the tasks of the page's main thread.
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { bulkSeed, seededChat } from '../../src/testing/bulk-seed.ts'
import { launchBrowser } from '../../test/support/browser.ts'
import { startServer } from '../../test/support/running-server.ts'
import { framesOf } from '../long-chat/frames.ts'
import { tasksOf } from '../long-chat/tasks.ts'

const chats = Number(process.argv[2] ?? 9_999)
const SLOWER = 4
const LIVE = { perSecond: 20, seconds: 3 }

const server = await startServer({ RATE_LIMIT: 'off' })
const db = new DatabaseSync(join(server.env['DATA_DIR'] ?? '', 'deskbell.db'))
db.exec('PRAGMA synchronous = OFF; BEGIN')
// Every tenth is archived
for (const statement of bulkSeed('sqlite', Math.ceil((chats * 10) / 9))) db.exec(statement)
db.exec('COMMIT')
db.close()
const browser = await launchBrowser()
const context = await browser.newContext()
await context.request.post(`${server.url}/dashboard/session`, {
  headers: { authorization: `Bearer ${await server.adminToken()}` },
})
const page = await context.newPage()
await page.goto(`${server.url}/dashboard`)
await page.locator('[data-row]').first().waitFor()

const frames = (n: number): Promise<unknown> =>
  page.evaluate(
    `new Promise((done) => { let n = ${n}; const next = () => (n-- ? requestAnimationFrame(next) : done()); next() })`,
  )
/** In the page: locators would walk through it on the thread that is measured */
const seen = async (code: string): Promise<void> => {
  while (!(await page.evaluate<boolean>(`Boolean(${code})`))) await frames(1)
}
const scrollTo = (top: number): Promise<unknown> =>
  page.evaluate(`void (document.querySelector('.scroller').scrollTop = ${top})`)
const middleOf = (selector: string): Promise<{ x: number; y: number }> =>
  page.evaluate(`(() => {
    const { x, y, width, height } = document.querySelector(${JSON.stringify(selector)}).getBoundingClientRect()
    return { x: x + width / 2, y: y + height / 2 }
  })()`)
const click = async (selector: string): Promise<void> => {
  const { x, y } = await middleOf(selector)
  await page.mouse.click(x, y)
}

const headers = { authorization: `Bearer ${await server.adminToken('mia')}`, 'content-type': 'application/json' }
async function write(n: number): Promise<void> {
  const path = `admin/chats/${seededChat(1 + ((n * 37) % chats))}/messages`
  const response = await fetch(`${server.url}/${path}`, {
    method: 'POST',
    headers,
    body: JSON.stringify({ content: `reply ${n}` }),
  })
  if (!response.ok) throw new Error(`${path}: ${response.status}`)
}
let written = 0
async function live(): Promise<void> {
  const sent: Promise<void>[] = []
  for (let n = 0; n < LIVE.perSecond * LIVE.seconds; n++) {
    sent.push(write(++written))
    await new Promise((resolve) => setTimeout(resolve, 1_000 / LIVE.perSecond))
  }
  await Promise.all(sent)
}

const isSelected = (name: string): string =>
  `document.querySelector('.whose [aria-checked=true]')?.textContent === '${name}' && document.querySelector('[data-row]')`
async function choose(name: string): Promise<void> {
  const at = await page.evaluate<number>(
    `[...document.querySelectorAll('.whose button')].findIndex(({ textContent }) => textContent === '${name}')`,
  )
  await click(`.whose button:nth-of-type(${at + 1})`)
  await seen(isSelected(name))
}
const works: Record<string, () => Promise<void>> = {
  async scrolling() {
    await page.mouse.move(200, 500)
    for (let n = 0; n < 60; n++) {
      await page.mouse.wheel(0, -600)
      await frames(2)
    }
  },
  async '50 keys down'() {
    for (let n = 0; n < 50; n++) {
      await page.keyboard.press('ArrowDown')
      await frames(1)
    }
  },
  async 'ten chats opened'() {
    for (let n = 0; n < 10; n++) {
      await page.keyboard.press('ArrowDown')
      const url = page.url()
      await page.keyboard.press('Enter')
      await seen(`location.href !== ${JSON.stringify(url)} && document.querySelector('.db-msg')`)
      await page.evaluate(`document.querySelector('.card.is-open').focus()`)
    }
  },
  'live messages': live,
  async filtered() {
    await choose('Unassigned')
    await choose('Everybody')
  },
}

async function prepare(): Promise<void> {
  await page.mouse.move(900, 300)
  await page.evaluate(`document.querySelector('.scroller')?.querySelector('[data-row]').focus()`)
  await frames(20)
}
const rows: Record<string, object> = {}
const loadAll = async (): Promise<void> => {
  while ((await page.evaluate<string>(`document.querySelector('.rows > li').ariaSetSize`)) === '-1') {
    await scrollTo(1e9)
    await frames(2)
  }
  await scrollTo(1e9)
}
await loadAll()
const session = await context.newCDPSession(page)
for (const rate of [1, SLOWER]) {
  for (const [name, work] of Object.entries(works)) {
    await prepare()
    await session.send('Emulation.setCPUThrottlingRate', { rate })
    const drawn = await framesOf(page, work)
    await prepare()
    const { longest, total, long } = await tasksOf(browser, page, work)
    await session.send('Emulation.setCPUThrottlingRate', { rate: 1 })
    rows[`${name}${rate === 1 ? '' : `, ${rate} times slower`}`] = {
      ...drawn,
      'longest task ms': Math.round(longest),
      'over 50 ms': long,
      'total ms': Math.round(total),
    }
  }
}
console.log(`${chats} chats in the list`)
console.table(rows)
await browser.close()
await server.stop()

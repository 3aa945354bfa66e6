// How long the page stands still when the panel opens and closes: npm run bench:panel [-- rounds]
// Real Chromium, its processor slowed down four times. Each round is a page that is loaded anew; the longest task of its main thread.
import type { Page } from 'playwright-core'
import { launchBrowser } from '../../test/support/browser.ts'
import { startLongChat } from '../../test/support/long-chat.ts'
import { tasksOf } from '../long-chat/tasks.ts'

const rounds = Number(process.argv[2] ?? 5)
const SLOWER = 4
/** Milliseconds until a page that nobody touches has done what it does by itself */
const SETTLES = 1_500

const browser = await launchBrowser()
const chat = await startLongChat(100)
const context = await browser.newContext()

const evaluate = <T>(page: Page, code: string): Promise<T> =>
  page.evaluate<T>(`(() => {
    const root = document.querySelector('deskbell-chat')?.shadowRoot
    return ${code}
  })()`)
const frames = (page: Page, n: number): Promise<unknown> =>
  page.evaluate(
    `new Promise((done) => { let n = ${n}; const next = () => (n-- ? requestAnimationFrame(next) : done()); next() })`,
  )
async function until(page: Page, code: string): Promise<void> {
  while (!(await evaluate<boolean>(page, code))) await frames(page, 1)
}

interface Step {
  name: string
  /** In the page, when it is over */
  over: string
}
const OPENS: Step[] = [
  { name: 'first opening', over: `Boolean(root.querySelector('.db-msg'))` },
  { name: 'closing', over: `!root.querySelector('.panel')` },
  { name: 'opening again', over: `Boolean(root.querySelector('.db-msg'))` },
]
/** They wrote nothing so far, so nothing of the panel is there before the pointer comes */
const BEGINS: Step[] = [{ name: 'first opening, of somebody new', over: `Boolean(root.querySelector('.empty'))` }]

const longest = new Map<string, number[]>()
async function round(user: string, steps: readonly Step[]): Promise<void> {
  const page = await chat.widget(context, user)
  const session = await context.newCDPSession(page)
  // Without a locator, which leaves listeners in the page whose work would be among the tasks
  await until(page, `Boolean(root?.querySelector('.launch'))`)
  await page.waitForTimeout(SETTLES)
  const { x, y, width, height } = await evaluate<Record<'x' | 'y' | 'width' | 'height', number>>(
    page,
    `root.querySelector('.launch').getBoundingClientRect().toJSON()`,
  )
  for (const { name, over } of steps) {
    await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWER })
    const tasks = await tasksOf(browser, page, async () => {
      await page.mouse.click(x + width / 2, y + height / 2)
      await until(page, over)
      await frames(page, 20)
    })
    await session.send('Emulation.setCPUThrottlingRate', { rate: 1 })
    longest.set(name, [...(longest.get(name) ?? []), tasks.longest])
    await page.waitForTimeout(100)
  }
  await page.close()
}
for (let n = 0; n < rounds; n++) {
  await round('ada', OPENS)
  await round(`ben-${n}`, BEGINS)
}

const sorted = (of: number[]): number[] => of.map(Math.round).sort((a, b) => a - b)
const middle = (of: number[]): number | undefined => of[Math.floor(of.length / 2)]
console.table(
  Object.fromEntries(
    [...longest].map(([name, all]) => [
      name,
      { 'median ms': middle(sorted(all)), 'shortest ms': sorted(all)[0], 'longest ms': sorted(all).at(-1) },
    ]),
  ),
)
await browser.close()
await chat.stop()

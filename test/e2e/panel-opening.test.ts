// What each frame shows while a chat with messages opens in the panel: first that it loads, then the messages as they stay.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { startDesk, type Desk } from '../support/desk.ts'
import { launcher, log, openChat, visitHost } from '../support/widget-page.ts'

const WRITTEN = 'It is *here*: https://a.example/x'
const SHOWN = 'It is here: https://a.example/x'
/** More than a block, and more than the panel shows */
const MESSAGES = 24

let browser: Browser
let desk: Desk
let context: BrowserContext
let token: string
let people = 0
beforeAll(async () => {
  browser = await launchBrowser()
  desk = await startDesk()
})
afterAll(async () => {
  await browser.close()
  await desk.stop()
})
beforeEach(async () => {
  context = await browser.newContext()
  const person = await desk.person(`person-${people++}`)
  token = person.token
  const sam = await desk.admin('sam')
  for (let n = 0; n < MESSAGES; n++)
    await desk.call('POST', `/admin/chats/${person.chatId}/messages`, sam, { content: WRITTEN })
})
afterEach(() => context.close())

const visit = (): Promise<Page> => visitHost(context, desk.url, `data-token="${token}"`)

/** What is in the middle of the log's place, from now on. Each is there once, in their order */
async function recordFrames(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(`(() => {
    globalThis.frames = []
    const look = () => {
      const root = document.querySelector('deskbell-chat').shadowRoot
      const panel = root.querySelector('.panel')
      if (panel) {
        const { left, right, top, bottom } = panel.getBoundingClientRect()
        const at = root.elementFromPoint((left + right) / 2, (top + bottom) / 2)
        const isIn = (selector) => at?.closest(selector)
        // Between two bubbles there is the log
        const shows = isIn('.skeleton') ? 'skeleton' : isIn('.db-log') ? root.querySelector('.db-bubble')?.textContent ?? 'blank' : 'blank'
        if (frames.at(-1) !== shows) frames.push(shows)
      }
      requestAnimationFrame(look)
    }
    look()
  })()`)
  return () => page.evaluate<string[]>('frames')
}
const nextFrame = (page: Page) => page.evaluate('new Promise((resolve) => requestAnimationFrame(resolve))')

/** On a slow machine, the panel would show the text without it after two seconds */
const waitForFormatting = () =>
  context.addInitScript(`{
    const { setTimeout } = globalThis
    globalThis.setTimeout = (run, ms, ...rest) => setTimeout(run, ms === 2000 ? 1_000_000 : ms, ...rest)
  }`)

it('is never blank', async () => {
  await waitForFormatting()
  const page = await visit()
  const framesOf = await recordFrames(page)
  await openChat(page)
  await log(page).getByText(SHOWN).last().waitFor()
  await nextFrame(page)
  // On a busy machine the messages may be there before the first frame
  expect([['skeleton', SHOWN], [SHOWN]]).toContainEqual(await framesOf())
})

it('shows no text before its formatting', async () => {
  const rules = Promise.withResolvers<void>()
  await context.route('**/formatting-*', async (route) => {
    await rules.promise
    await route.continue()
  })
  await waitForFormatting()
  const page = await visit()
  const framesOf = await recordFrames(page)
  const loaded = page.waitForResponse((response) => new URL(response.url()).pathname.endsWith('/support_chat'))
  await launcher(page).click()
  // The messages are there
  await (await loaded).finished()
  await nextFrame(page)
  await nextFrame(page)
  rules.resolve()
  await log(page).getByText(SHOWN).last().waitFor()
  expect(await framesOf()).toEqual(['skeleton', SHOWN])
})

it('shows the text without its formatting where that stays away', async () => {
  await context.route('**/formatting-*', () => undefined)
  const page = await visit()
  await openChat(page)
  await log(page).getByText(WRITTEN).last().waitFor()
})

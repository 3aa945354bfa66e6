// What each frame shows while a chat with messages opens in the panel: first that it loads, then the messages as they stay.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { startDesk, type Desk } from '../support/desk.ts'
import { launcher, log, openChat, visitHost } from '../support/widget-page.ts'

const WRITTEN = 'It is *here*: https://a.example/x'
const SHOWN = 'It is here: https://a.example/x'

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
  await desk.call('POST', `/admin/chats/${person.chatId}/messages`, await desk.admin('sam'), { content: WRITTEN })
})
afterEach(() => context.close())

const visit = (): Promise<Page> => visitHost(context, desk.url, `data-token="${token}"`)

/** From now on. Each is there once, in their order */
async function recordFrames(page: Page): Promise<() => Promise<string[]>> {
  await page.evaluate(`(() => {
    globalThis.frames = []
    const look = () => {
      const panel = document.querySelector('deskbell-chat').shadowRoot.querySelector('.panel')
      const shows = panel?.querySelector('.db-bubble')?.textContent ?? (panel?.querySelector('.skeleton') ? 'skeleton' : 'blank')
      if (panel && frames.at(-1) !== shows) frames.push(shows)
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
  await log(page).getByText(SHOWN).waitFor()
  await nextFrame(page)
  expect(await framesOf()).toEqual(['skeleton', SHOWN])
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
  await log(page).getByText(SHOWN).waitFor()
  expect(await framesOf()).toEqual(['skeleton', SHOWN])
})

it('shows the text without its formatting where that stays away', async () => {
  await context.route('**/formatting-*', () => undefined)
  const page = await visit()
  await openChat(page)
  await log(page).getByText(WRITTEN).waitFor()
})

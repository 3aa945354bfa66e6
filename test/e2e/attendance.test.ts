// A reply counts as read only while somebody is there. A window may be in view on a second screen, behind nobody.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { startServer, type TestServer } from '../support/running-server.ts'

/** Chromium without a screen gives every page the focus, so the page is told which one it has */
const FOCUS = `
  window.focused = true
  document.hasFocus = () => window.focused
  window.give = (focused) => {
    window.focused = focused
    dispatchEvent(new Event(focused ? 'focus' : 'blur'))
  }`

let browser: Browser
let server: TestServer
let context: BrowserContext
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())
beforeEach(async () => {
  server = await startServer({ NOTIFY_AFTER: '1h' })
  context = await browser.newContext()
  context.setDefaultTimeout(120_000)
  await context.addInitScript(FOCUS)
})
afterEach(async () => {
  await context.close()
  await server.stop()
})

const box = (page: Page) => page.getByRole('textbox', { name: 'Message' })
const log = (page: Page) => page.getByRole('log')
const give = (page: Page, focused: boolean): Promise<void> => page.evaluate(`give(${focused})`)

async function say(page: Page, words: string): Promise<void> {
  await box(page).fill(words)
  await box(page).press('Enter')
  await log(page).getByText(words).waitFor()
}
/** Ada's page with the panel open, and Sam's dashboard with her chat */
async function meet(): Promise<{ ada: Page; sam: Page }> {
  const ada = await context.newPage()
  await ada.goto(`${server.url}/demo`)
  await ada.getByRole('button', { name: /^Open support chat/ }).click()
  await say(ada, 'A question')
  const sam = await context.newPage()
  await sam.goto(server.signInUrl)
  await sam.getByRole('link', { name: /ada@example\.com/ }).click()
  await log(sam).getByText('A question').waitFor()
  return { ada, sam }
}
const mails = async (): Promise<number> => {
  const response = await context.request.get(`${server.url}/dev/mailbox.json`)
  return ((await response.json()) as unknown[]).length
}
/** Whether a message of this side is shown as read by the other */
const isSeen = async (page: Page, words: string): Promise<boolean> =>
  (await log(page).locator('.db-msg', { hasText: words }).innerText()).includes('Seen')

it('a reply to a window that is in view but has no focus stays unread, and the mail goes out', async () => {
  const { ada, sam } = await meet()
  await say(sam, 'While you look')
  await expect.poll(() => isSeen(sam, 'While you look')).toBe(true)
  await give(ada, false)
  await say(sam, 'While you are away')
  await log(ada).getByText('While you are away').waitFor()
  await server.makeMailsDue()
  await expect.poll(mails).toBe(1)
  expect(await isSeen(sam, 'While you are away')).toBe(false)
  // Whoever moves the pointer over the window reads it, also without a click
  await ada.mouse.move(100, 100)
  await ada.mouse.move(120, 120)
  await expect.poll(() => isSeen(sam, 'While you are away')).toBe(true)
  await server.restart({ NOTIFY_AFTER: '1h' })
  await give(ada, true)
  await say(sam, 'Back again')
  await expect.poll(() => isSeen(sam, 'Back again')).toBe(true)
  expect(await mails()).toBe(1)
})

it('what a user writes to a dashboard without the focus stays unread until somebody uses it', async () => {
  const { ada, sam } = await meet()
  await expect.poll(() => isSeen(ada, 'A question')).toBe(true)
  await give(sam, false)
  await say(ada, 'Are you there?')
  await log(sam).getByText('Are you there?').waitFor()
  await expect.poll(() => sam.title()).toMatch(/^\(1\)/)
  expect(await isSeen(ada, 'Are you there?')).toBe(false)
  await sam.keyboard.press('Shift')
  await expect.poll(() => isSeen(ada, 'Are you there?')).toBe(true)
})

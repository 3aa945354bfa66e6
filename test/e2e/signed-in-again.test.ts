// Where the page can find out who is signed in, the chat comes to life when somebody is: by itself, or by its button.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { SkippingClock } from '../../src/testing/skipping-clock.ts'
import { launchBrowser } from '../support/browser.ts'
import { startDesk } from '../support/desk.ts'
import { startServer, type TestServer } from '../support/running-server.ts'
import { box, openChat, visitHost } from '../support/widget-page.ts'

let browser: Browser
let server: TestServer
let context: BrowserContext
beforeAll(async () => {
  browser = await launchBrowser()
  server = await startServer()
})
afterAll(async () => {
  await browser.close()
  await server.stop()
})
beforeEach(async () => {
  context = await browser.newContext()
  context.setDefaultTimeout(120_000)
})
afterEach(() => context.close())

const connected = (page: Page): Promise<void> => page.getByText('Connected').first().waitFor({ state: 'attached' })

/** The demo's page with the chat open, and `getToken` in place of its token, which learns whether the chat was pressed since */
async function visit(getToken: (isPressed: boolean) => Promise<string>): Promise<Page> {
  const page = await context.newPage()
  await page.exposeFunction('hostToken', getToken)
  await page.goto(`${server.url}/demo`)
  await page.evaluate(`{
    const chat = document.querySelector('deskbell-chat')
    chat.removeAttribute('token')
    chat.getToken = () => window.hostToken(window.isPressed === true)
  }`)
  await page.getByRole('button', { name: /^Open support chat/ }).click()
  await page.evaluate(`void addEventListener('click', () => (window.isPressed = true), true)`)
  return page
}

it.each(['its button is pressed', 'the page gets attention'])(
  'a chat whose page has no good token yet says so alone, and loads when %s',
  async (when) => {
    const isPress = when === 'its button is pressed'
    let isBack = false
    // A chat that asks by itself before its button is pressed must find nothing, or the button is gone
    const page = await visit((isPressed) =>
      server.userToken(`ada-${when.length}`, 'Ada', (isPress ? isPressed : isBack) ? 3600 : -600),
    )
    await page.getByText('You are signed out. Sign in, then try again.').waitFor()
    expect(await page.getByText('Offline').count()).toBe(0)
    isBack = true
    if (isPress) await page.getByRole('button', { name: 'Try again' }).click()
    else await page.evaluate('void dispatchEvent(new Event("focus"))')
    await connected(page)
    await box(page).fill('Hello')
    await box(page).press('Enter')
    await page.getByRole('log').getByText('Hello').waitFor()
  },
)

it('an open chat whose token runs out while the page has no other waits, and sends when there is one', async () => {
  const clock = new SkippingClock()
  const desk = await startDesk({ clock })
  const page = await visitHost(context, desk.url, `data-token="${await desk.user('bob')}"`)
  await openChat(page)
  let seconds = -600
  await page.exposeFunction('hostToken', () => desk.user('bob', seconds))
  await page.evaluate('void (document.querySelector("deskbell-chat").getToken = () => window.hostToken())')
  await clock.skip(3_700_000)
  await page.getByText('Signed out: messages will be sent later').last().waitFor()
  await box(page).fill('Hello')
  await box(page).press('Enter')
  await page.getByText('Waiting to send').waitFor()
  seconds = 7_200
  await page.evaluate('void dispatchEvent(new Event("focus"))')
  await expect.poll(() => page.getByText('Waiting to send').count()).toBe(0)
  await connected(page)
  await desk.stop()
})

it('staff who are not signed in are led to where they sign in', async () => {
  const page = await context.newPage()
  await page.goto(`${server.url}/dashboard?archived=true`)
  await page.getByText('The server printed two links').waitFor()
  expect(new URL(page.url()).searchParams.get('return_to')).toBe('?archived=true')
})

it('a sign-in that is not valid shows a page in words', async () => {
  const page = await context.newPage()
  await page.goto(`${server.url}/demo`)
  await page.setContent(
    `<form method="post" action="${server.url}/dashboard/session"><input name="token" value="none"><button>Go</button></form>`,
  )
  await page.getByRole('button', { name: 'Go' }).click()
  await page.getByRole('heading').waitFor()
  expect(await page.locator('body').innerText()).not.toContain('{')
  expect(await page.getByRole('link').count()).toBe(1)
})

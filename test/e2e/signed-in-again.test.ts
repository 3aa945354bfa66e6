// Where the page can find out who is signed in, the chat comes to life when somebody is: by itself, or by its button.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { startServer, type TestServer } from '../support/running-server.ts'

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
  context.setDefaultTimeout(60_000)
})
afterEach(() => context.close())

const connected = (page: Page): Promise<void> => page.getByText('Connected').first().waitFor({ state: 'attached' })
const box = (page: Page) => page.getByRole('textbox', { name: 'Message' })

/** The demo's page with the chat open, and `getToken` in place of its token */
async function visit(getToken: () => Promise<string>): Promise<Page> {
  const page = await context.newPage()
  await page.exposeFunction('hostToken', getToken)
  await page.goto(`${server.url}/demo`)
  await page.evaluate(`{
    const chat = document.querySelector('deskbell-chat')
    chat.removeAttribute('token')
    chat.getToken = () => window.hostToken()
  }`)
  await page.getByRole('button', { name: /^Open support chat/ }).click()
  return page
}

it.each(['its button is pressed', 'the page gets attention'])(
  'a chat whose page has no good token yet says so alone, and loads when %s',
  async (when) => {
    let seconds = -600
    const page = await visit(() => server.userToken(`ada-${when.length}`, 'Ada', seconds))
    await page.getByText('You are signed out. Sign in, then try again.').waitFor()
    expect(await page.getByText('Offline').count()).toBe(0)
    seconds = 3600
    if (when === 'its button is pressed') await page.getByRole('button', { name: 'Try again' }).click()
    else await page.evaluate('void dispatchEvent(new Event("focus"))')
    await connected(page)
    await box(page).fill('Hello')
    await box(page).press('Enter')
    await page.getByRole('log').getByText('Hello').waitFor()
  },
)

it('an open chat whose token runs out while the page has no other waits, and sends when there is one', async () => {
  let answer = (): Promise<string> => server.userToken('bob', 'Bob', -56)
  const page = await visit(() => answer())
  await connected(page)
  answer = () => server.userToken('bob', 'Bob', -600)
  await page.getByText('Signed out: messages will be sent later').last().waitFor()
  await box(page).fill('Hello')
  await box(page).press('Enter')
  await page.getByText('Waiting to send').waitFor()
  answer = () => server.userToken('bob', 'Bob')
  await page.evaluate('void dispatchEvent(new Event("focus"))')
  await expect.poll(() => page.getByText('Waiting to send').count()).toBe(0)
  await connected(page)
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

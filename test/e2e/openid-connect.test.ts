// Staff sign in with a real OpenID provider, in a browser.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { violations } from '../support/axe.ts'
import { launchBrowser } from '../support/browser.ts'
import { startProvider, type TestProvider } from '../support/openid-provider.ts'
import { startServer, type TestServer } from '../support/running-server.ts'

let browser: Browser
let server: TestServer
let provider: TestProvider
let context: BrowserContext
beforeAll(async () => {
  browser = await launchBrowser()
  server = await startServer({ MAIL_URL: 'mailbox:' })
  provider = await startProvider(server.url)
  await server.restart({ ...provider.settings, PASSWORD_SIGN_IN: 'off' })
  context = await browser.newContext()
  context.setDefaultTimeout(120_000)
})
afterAll(async () => {
  await browser.close()
  await server.stop()
  await provider.stop()
})

async function atProvider(page: Page, who: string): Promise<void> {
  await page.getByLabel('Who are you?').fill(who)
  await page.getByRole('button', { name: 'Go on' }).click()
}

it('the first account is made with the provider; who is signed out comes back to the same chat; others are told why not', async () => {
  const headers = { authorization: `Bearer ${await server.userToken('ada')}`, 'content-type': 'application/json' }
  await fetch(`${server.url}/support_chat`, { headers })
  const body = JSON.stringify({ content: 'Hello' })
  await fetch(`${server.url}/support_chat/messages`, { method: 'POST', headers, body })
  provider.people.set('olga', { email: 'olga@desk.example', email_verified: true, name: 'Olga' })
  provider.people.set('eve', { email: 'eve@evil.example', email_verified: true })

  const page = await context.newPage()
  await page.goto(server.firstOwnerUrl)
  expect(await violations(page)).toEqual([])
  await page.getByRole('link', { name: 'Continue with Fern ID' }).click()
  await atProvider(page, 'olga')
  await page.getByRole('link', { name: /ada@example\.com/ }).click()
  await page.getByRole('log').getByText('Hello').waitFor()
  const address = page.url()

  await page.getByRole('button', { name: 'Menu, signed in as Olga' }).click()
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await page.getByText('You are signed out.').waitFor()
  await page.getByRole('link', { name: 'Sign in' }).click()
  await page.getByRole('link', { name: 'Sign in with Fern ID' }).waitFor()
  expect(await violations(page)).toEqual([])
  expect(await page.getByRole('textbox').count()).toBe(0)
  // They are still signed in at the provider
  await page.getByRole('link', { name: 'Sign in with Fern ID' }).click()
  await page.getByRole('log').getByText('Hello').waitFor()
  expect(page.url()).toBe(address)

  await page.getByRole('button', { name: 'Menu, signed in as Olga' }).click()
  await page.getByRole('link', { name: 'Your account' }).click()
  await page.getByText('Signs in with').waitFor()
  expect(await page.getByLabel('Current password').count()).toBe(0)
  expect(await violations(page)).toEqual([])

  const other = await browser.newContext()
  other.setDefaultTimeout(120_000)
  const theirs = await other.newPage()
  await theirs.goto(`${server.url}/dashboard`)
  await theirs.getByRole('link', { name: 'Sign in with Fern ID' }).click()
  await atProvider(theirs, 'eve')
  await theirs.getByText('You have no account here').waitFor()
  expect(await violations(theirs)).toEqual([])
  // The provider asks again who they are
  await theirs.getByRole('link', { name: 'Use another account' }).click()
  await atProvider(theirs, 'olga')
  await theirs.getByText('Choose a chat').waitFor()
})

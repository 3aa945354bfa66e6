// The whole way of staff in a browser: the first account, a second factor, signed out and in again at the same place.
import { Secret, TOTP } from 'otpauth'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { violations } from '../support/axe.ts'
import { launchBrowser } from '../support/browser.ts'
import { startServer, type TestServer } from '../support/running-server.ts'

const PASSWORD = 'correct horse battery'
let browser: Browser
let server: TestServer
let contexts: BrowserContext[] = []
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())
beforeEach(async () => {
  server = await startServer()
})
afterEach(async () => {
  await Promise.all(contexts.map((context) => context.close()))
  contexts = []
  await server.stop()
})

async function newPage(): Promise<Page> {
  const context = await browser.newContext()
  contexts.push(context)
  context.setDefaultTimeout(60_000)
  return context.newPage()
}
const fill = async (page: Page, values: Record<string, string>, button: string): Promise<void> => {
  for (const [label, value] of Object.entries(values)) await page.getByLabel(label, { exact: true }).fill(value)
  await page.getByRole('button', { name: button, exact: true }).click()
}
async function makeOwner(page: Page): Promise<void> {
  await page.goto(server.firstOwnerUrl)
  expect(await violations(page)).toEqual([])
  await fill(page, { 'E-mail': 'olga@desk.example', 'Your name': 'Olga', Password: PASSWORD }, 'Create the account')
  await page.getByText('Choose a chat').waitFor()
}
const openAccount = async (page: Page): Promise<void> => {
  await page.getByRole('button', { name: 'Menu, signed in as Olga' }).click()
  await page.getByRole('link', { name: 'Your account' }).click()
  await page.getByText('Two-step sign-in').waitFor()
}

it('the first account is made by the printed link, gets a second factor, and signs in with a code of the app', async () => {
  const page = await newPage()
  await makeOwner(page)
  await openAccount(page)
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'Set it up' }).click()
  await page.getByRole('img', { name: 'QR code for your authenticator app' }).waitFor()
  expect(await violations(page)).toEqual([])
  const secret = (await page.locator('.secret code').innerText()).replaceAll(' ', '')
  const code = (steps: number): string =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + steps * 30_000 })
  const twoFactor = page.getByRole('region', { name: 'Two-step sign-in' })
  await twoFactor.getByLabel('Code', { exact: true }).fill('000000')
  await twoFactor.getByLabel('Current password').fill(PASSWORD)
  await page.getByRole('button', { name: 'Turn it on' }).click()
  await page.getByText('This code is wrong.').waitFor()
  await twoFactor.getByLabel('Code', { exact: true }).fill(code(0))
  await page.getByRole('button', { name: 'Turn it on' }).click()
  await page.getByText('They are not shown again.').waitFor()
  expect(await page.locator('.recovery-codes li').count()).toBe(10)
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'I have kept them' }).click()
  await page.getByText('10 recovery codes are left.').waitFor()

  await page.getByRole('button', { name: 'Menu, signed in as Olga' }).click()
  await page.getByRole('button', { name: 'Sign out', exact: true }).click()
  await page.getByText('You are signed out.').waitFor()
  await page.getByRole('link', { name: 'Sign in' }).click()
  await fill(page, { 'E-mail': 'olga@desk.example', Password: PASSWORD }, 'Sign in')
  await page.getByText('Enter your code').waitFor()
  expect(await violations(page)).toEqual([])
  await fill(page, { Code: code(1) }, 'Continue')
  // Back at the page that was open
  await page.getByText('10 recovery codes are left.').waitFor()
})

it('whoever is signed out elsewhere comes back to the same chat, with the words that were not sent', async () => {
  const headers = { authorization: `Bearer ${await server.userToken('ada')}`, 'content-type': 'application/json' }
  await fetch(`${server.url}/support_chat`, { headers })
  const body = JSON.stringify({ content: 'Hello' })
  await fetch(`${server.url}/support_chat/messages`, { method: 'POST', headers, body })
  const [page, other] = [await newPage(), await newPage()]
  await makeOwner(page)
  await page.getByRole('link', { name: /ada@example\.com/ }).click()
  await page.getByRole('textbox', { name: 'Message' }).fill('A long answer, half written')
  const address = page.url()

  await other.goto(`${server.url}/dashboard`)
  expect(await violations(other)).toEqual([])
  await fill(other, { 'E-mail': 'olga@desk.example', Password: PASSWORD }, 'Sign in')
  await openAccount(other)
  await other.getByRole('button', { name: 'Sign out everywhere' }).click()
  await other.getByText('You are signed out.').waitFor()

  await page.getByText('You are signed out.').waitFor()
  await page.getByRole('link', { name: 'Sign in' }).click()
  await fill(page, { 'E-mail': 'olga@desk.example', Password: 'wrong password' }, 'Sign in')
  await page.getByText('The address or the password is wrong.').waitFor()
  expect(await page.getByLabel('E-mail').inputValue()).toBe('olga@desk.example')
  expect(await violations(page)).toEqual([])
  await fill(page, { Password: PASSWORD }, 'Sign in')
  await page.getByRole('log').getByText('Hello').waitFor()
  expect(page.url()).toBe(address)
  await expect
    .poll(() => page.getByRole('textbox', { name: 'Message' }).inputValue())
    .toBe('A long answer, half written')
})

it('a changed password signs the other browsers out, and this one stays', async () => {
  const [page, other] = [await newPage(), await newPage()]
  await makeOwner(page)
  await other.goto(`${server.url}/dashboard`)
  await fill(other, { 'E-mail': 'olga@desk.example', Password: PASSWORD }, 'Sign in')
  await other.getByText('Choose a chat').waitFor()
  await openAccount(page)
  const part = page.getByRole('region', { name: 'Password' })
  await part.getByLabel('Current password').fill(PASSWORD)
  await part.getByLabel('New password').fill('short')
  await part.getByRole('button').click()
  await part.getByText('Choose a password of 12 characters or more.').waitFor()
  await part.getByLabel('New password').fill('another good password')
  await part.getByRole('button').click()
  await part.getByText('Your password is changed').waitFor()
  await other.getByText('You are signed out.').waitFor()
  await page.reload()
  await part.getByLabel('New password').waitFor()
})

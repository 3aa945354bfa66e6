// Staff write first: they find somebody who was here by name, and the chat opens.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { violations } from '../support/axe.ts'
import { launchBrowser } from '../support/browser.ts'
import { startServer, type TestServer } from '../support/running-server.ts'

let browser: Browser
let server: TestServer
let context: BrowserContext
let page: Page
let silent = ''

beforeAll(async () => {
  browser = await launchBrowser()
  server = await startServer()
  await visit('ada', 'Ada Lovelace', 'Hello')
  // Somebody who only looked
  silent = await visit('grace', 'Grace Hopper')
  context = await browser.newContext({ bypassCSP: true })
  context.setDefaultTimeout(120_000)
  await context.request.post(`${server.url}/dashboard/session`, {
    headers: { authorization: `Bearer ${await server.adminToken()}` },
  })
  page = await context.newPage()
  await page.goto(`${server.url}/dashboard`)
  await page.locator('.card').waitFor()
})
afterAll(async () => {
  await browser.close()
  await server.stop()
})

async function visit(id: string, name: string, content?: string): Promise<string> {
  const headers = { authorization: `Bearer ${await server.userToken(id, name)}`, 'content-type': 'application/json' }
  const chat = (await (await fetch(`${server.url}/support_chat`, { headers })).json()) as { id: string }
  const body = JSON.stringify({ content })
  if (content !== undefined) await fetch(`${server.url}/support_chat/messages`, { method: 'POST', headers, body })
  return chat.id
}
const box = (name: string) => page.getByRole('combobox', { name })
const chosen = () => page.getByRole('option', { selected: true })
const focused = (): Promise<string> => page.evaluate<string>('document.activeElement.tagName')

it('a key opens it; somebody is found by a part of their name, and gets the first message', async () => {
  await page.getByRole('button', { name: 'New chat' }).waitFor()
  await page.locator('.card').focus()
  await page.keyboard.press('c')
  await box('New chat').waitFor()
  await page.getByText('Type a name or an e-mail address').waitFor()
  expect(await violations(page)).toEqual([])
  await page.keyboard.type('nobody at all')
  await page.getByText('Nobody who was here matches “nobody at all”.').waitFor()
  await box('New chat').fill('HOPP')
  await chosen().getByText('Grace Hopper').waitFor()
  expect(await page.getByRole('option').count()).toBe(1)
  expect(await violations(page)).toEqual([])
  await page.keyboard.press('Enter')
  await box('New chat').waitFor({ state: 'detached' })
  await expect.poll(focused).toBe('TEXTAREA')
  expect(new URL(page.url()).searchParams.get('chat')).toBe(silent)
  await page.keyboard.type('Hello Grace')
  await page.keyboard.press('Enter')
  await page.getByRole('log').getByText('Hello Grace').waitFor()
  // From then on the list has it
  await page.locator('.card').getByText('grace@example.com').waitFor()
})

it('Ctrl+K finds people by name too, and once where their chat is found', async () => {
  const unheard = await visit('zoë', 'Zoë Grace Müller')
  await page.keyboard.press('Control+k')
  await box('Find a chat or a command').fill('grace')
  await page.getByRole('group', { name: 'People' }).getByText('Zoë Grace Müller').waitFor()
  expect(await page.getByRole('option').filter({ hasText: 'Grace Hopper' }).count()).toBe(1)
  await page.getByRole('option').filter({ hasText: 'Zoë Grace Müller' }).click()
  await expect.poll(focused).toBe('TEXTAREA')
  expect(new URL(page.url()).searchParams.get('chat')).toBe(unheard)
})

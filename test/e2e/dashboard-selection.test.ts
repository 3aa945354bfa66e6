// Several chats at once in the dashboard, and the list of those in which somebody waits.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { violations } from '../support/axe.ts'
import { launchBrowser } from '../support/browser.ts'
import { until } from '../support/desk.ts'
import { startServer, type TestServer } from '../support/running-server.ts'

let browser: Browser
let server: TestServer
let contexts: BrowserContext[] = []
let chats: string[] = []
const problems: string[] = []

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())
beforeEach(async () => {
  server = await startServer()
  chats = []
  for (const name of ['ada', 'bob', 'cyd', 'dan']) {
    const token = await server.userToken(name)
    chats.push(((await call(token, 'GET', 'support_chat')) as { id: string }).id)
    await call(token, 'POST', 'support_chat/messages', { content: `Hello from ${name}` })
  }
})
afterEach(async () => {
  await Promise.all(contexts.map((context) => context.close()))
  contexts = []
  await server.stop()
  expect(problems.splice(0)).toEqual([])
})

async function call(token: string, method: string, path: string, body?: object): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const answer = await fetch(`${server.url}/${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) })
  return answer.json()
}
async function staffPage(path = 'dashboard'): Promise<Page> {
  const context = await browser.newContext({ bypassCSP: true })
  contexts.push(context)
  context.setDefaultTimeout(120_000)
  await context.request.post(`${server.url}/dashboard/session`, {
    headers: { authorization: `Bearer ${await server.adminToken('sam')}` },
  })
  const page = await context.newPage()
  page.on('pageerror', (error) => problems.push(error.message))
  await page.goto(`${server.url}/${path}`)
  await page.locator('.card').first().waitFor()
  return page
}
/** The names that the list shows, from top to bottom */
const shown = (page: Page): Promise<string[]> => page.locator('.card-preview').allInnerTexts()
const lists = (page: Page, ...names: string[]): Promise<unknown> => {
  const wanted = names.map((name) => `Hello from ${name}`).join()
  return until(async () => (await shown(page)).join() === wanted)
}
const says = (page: Page, text: string) => page.getByRole('status').filter({ hasText: text })
const group = (page: Page) => page.getByRole('group', { name: 'Selected chats' })

it('keys alone select chats, archive them and take that back', async () => {
  const page = await staffPage()
  await page.locator('.card').first().focus()
  await page.keyboard.press('x')
  await says(page, '1 selected').waitFor()
  await page.keyboard.press('Shift+ArrowDown')
  await page.keyboard.press('Shift+ArrowDown')
  await says(page, '3 selected').waitFor()
  expect(await violations(page)).toEqual([])
  await page.keyboard.press('e')
  await says(page, '3 chats archived').waitFor()
  await lists(page, 'ada')
  await group(page).getByRole('button', { name: 'Undo' }).press('Enter')
  await says(page, '3 chats restored').waitFor()
  await lists(page, 'dan', 'cyd', 'bob', 'ada')
  await page.locator('.card').first().focus()
  await page.keyboard.press('Escape')
  await group(page).waitFor({ state: 'detached' })
})

it('boxes and the bar assign, tag and mark as viewed, each chat by itself, and say which did not work', async () => {
  const token = await server.adminToken('sam')
  await until(async () => ((await call(token, 'GET', 'admin/staff')) as { staff: unknown[] }).staff.length > 0)
  const page = await staffPage()
  await page.getByRole('button', { name: 'Select chats' }).click()
  await page.getByRole('checkbox', { name: / ada/i }).click()
  await page.getByRole('checkbox', { name: / cyd/i }).click({ modifiers: ['Shift'] })
  await says(page, '3 selected').waitFor()
  await page.getByRole('combobox', { name: 'Add a tag' }).fill('VIP')
  await page.keyboard.press('Enter')
  await says(page, '3 chats tagged “vip”').waitFor()
  const tagsOf = async () => ((await call(token, 'GET', 'admin/chats?tag=vip')) as { user_id: string }[]).length
  expect(await tagsOf()).toBe(3)

  await group(page).getByRole('button', { name: 'Select all that are shown' }).click()
  await page.route('**/assign', (route) =>
    route
      .request()
      .url()
      .includes(chats[1] ?? '')
      ? route.abort()
      : route.continue(),
  )
  await group(page).getByRole('combobox', { name: 'Assign to…' }).selectOption({ label: 'Sam (you)' })
  await says(page, '3 chats assigned to Sam (you)').waitFor()
  await says(page, 'It did not work for 1 chat, which is still selected: ').waitFor()
  await says(page, '1 selected').waitFor()
  expect(await page.getByRole('checkbox', { checked: true }).count()).toBe(1)

  await group(page).getByRole('button', { name: 'Select none' }).click()
  await group(page).getByRole('button', { name: 'Select all that are shown' }).click()
  await group(page).getByRole('button', { name: 'Mark as viewed' }).click()
  await says(page, '4 chats marked as viewed').waitFor()
  await page.locator('.card.is-unread').first().waitFor({ state: 'detached' })
})

it('those who wait stand with the longest wait first, and go once they have an answer', async () => {
  const page = await staffPage()
  await page.getByRole('radio', { name: 'Waiting' }).click()
  await lists(page, 'ada', 'bob', 'cyd', 'dan')
  expect(new URL(page.url()).searchParams.get('waiting')).toBe('true')
  await call(await server.adminToken('sam'), 'POST', `admin/chats/${chats[1]}/messages`, { content: 'Hi' })
  await page.mouse.move(0, 0)
  await lists(page, 'ada', 'cyd', 'dan')
  await page.locator('.card').first().focus()
  await page.keyboard.press('w')
  await until(async () => (await page.locator('.card').count()) === 4)
  await page.keyboard.press('w')
  for (const chat of chats) await call(await server.adminToken('sam'), 'POST', `admin/chats/${chat}/archive`)
  await page.getByText('Nobody is waiting').waitFor()
  expect(await shown(page)).toEqual([])
})

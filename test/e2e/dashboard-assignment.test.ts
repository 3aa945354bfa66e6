// Who of staff has a chat, in the dashboard: by keys, by the menu and by a reply, and the same on every screen.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { violations } from '../support/axe.ts'
import { launchBrowser } from '../support/browser.ts'
import { startServer, type TestServer } from '../support/running-server.ts'

let browser: Browser
let server: TestServer
let contexts: BrowserContext[] = []
const problems: string[] = []

beforeAll(async () => {
  browser = await launchBrowser()
  server = await startServer()
})
afterAll(async () => {
  await browser.close()
  await server.stop()
})
let chat = ''
let name = ''
beforeEach(async ({ task }) => {
  name = `ada-${task.id.toLowerCase()}`
  const ada = await server.userToken(name)
  chat = ((await call(ada, 'GET', 'support_chat')) as { id: string }).id
  await call(ada, 'POST', 'support_chat/messages', { content: 'Hello' })
})
afterEach(async () => {
  await Promise.all(contexts.map((context) => context.close()))
  contexts = []
  expect(problems.splice(0)).toEqual([])
})

async function call(token: string, method: string, path: string, body?: object): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const answer = await fetch(`${server.url}/${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) })
  return answer.json()
}
async function staffPage(id: string, path = `dashboard?chat=${chat}`): Promise<Page> {
  const context = await browser.newContext({ bypassCSP: true })
  contexts.push(context)
  context.setDefaultTimeout(120_000)
  await context.request.post(`${server.url}/dashboard/session`, {
    headers: { authorization: `Bearer ${await server.adminToken(id)}` },
  })
  const page = await context.newPage()
  page.on('pageerror', (error) => problems.push(error.message))
  await page.goto(`${server.url}/${path}`)
  await page.locator('.card').first().waitFor()
  if (path.includes('chat=')) await assignButton(page).waitFor()
  return page
}
const assignButton = (page: Page, name: RegExp = /^(Assigned to|Unassigned\.)/) => page.getByRole('button', { name })
const card = (page: Page) => page.locator(`[data-chat="${chat}"]`)
const happened = (page: Page, text: string) => page.getByRole('log').getByText(text)
const filter = (page: Page, name: string) => page.getByRole('radio', { name, exact: true })
/** Puts the focus where single keys are shortcuts */
const onPage = (page: Page) => page.getByRole('heading', { level: 2 }).focus()

it('one key takes the chat and gives it back, on every screen, and tells who reads with their ears', async () => {
  const [sam, bob] = [await staffPage('sam'), await staffPage('bob')]
  await onPage(sam)
  await sam.keyboard.press('i')
  await assignButton(sam, /^Assigned to you$/).waitFor()
  await assignButton(bob, /^Assigned to Sam$/).waitFor()
  await happened(sam, 'You took this chat').waitFor()
  await bob.locator('[aria-live="polite"]', { hasText: 'Sam took this chat' }).first().waitFor()
  for (const page of [sam, bob]) await card(page).getByText('Assigned to').waitFor()
  await sam.keyboard.press('i')
  await assignButton(bob, /^Unassigned\./).waitFor()
  await happened(bob, 'Sam unassigned this chat').waitFor()
  await card(bob).getByText('Assigned to').waitFor({ state: 'detached' })
})

it('the menu finds a colleague by typing, and Escape leaves everything as it was', async () => {
  const [sam, bob] = [await staffPage('sam'), await staffPage('bob')]
  await onPage(sam)
  await sam.keyboard.press('a')
  const box = sam.getByRole('combobox', { name: 'Assign to' })
  await sam.getByRole('option', { name: 'Sam (you)' }).waitFor()
  expect(await violations(sam)).toEqual([])
  await box.fill('nobody like this')
  await sam.getByText('No colleague matches').waitFor()
  await sam.keyboard.press('Escape')
  await box.waitFor({ state: 'detached' })
  expect(await sam.locator('.assign-button:focus').count()).toBe(1)
  await sam.keyboard.press('Enter')
  await box.fill('sam')
  // The other Sam, who has the desk open
  const other = sam.getByRole('option', { name: /^Sam Online now/ }).first()
  await other.waitFor()
  const at = await sam.getByRole('option').evaluateAll((all) => all.findIndex((one) => one.textContent.endsWith('Sam')))
  for (let step = 0; step < at; step++) await sam.keyboard.press('ArrowDown')
  await sam.keyboard.press('Enter')
  await happened(bob, 'Sam assigned this chat to you').waitFor()
  await assignButton(bob, /^Assigned to you$/).waitFor()
  await assignButton(sam, /^Assigned to Sam$/).waitFor()
})

it('a reply takes a chat that nobody has, and the lists of mine and of nobody’s follow by themselves', async () => {
  const sam = await staffPage('sam', 'dashboard?assignee=none')
  const bob = await staffPage('bob')
  await card(sam).waitFor()
  expect(await filter(sam, 'Unassigned').getAttribute('aria-checked')).toBe('true')
  await bob.getByRole('textbox', { name: 'Message', exact: true }).fill('I look')
  await bob.keyboard.press('Enter')
  await happened(bob, 'You took this chat by replying').waitFor()
  await card(sam).waitFor({ state: 'detached' })
  await filter(bob, 'Mine').click()
  await card(bob).waitFor()
  expect(new URL(bob.url()).searchParams.get('assignee')).toBe('me')
  await filter(sam, 'Mine').click()
  await sam.locator('.skeleton-card').first().waitFor({ state: 'detached' })
  expect(await card(sam).count()).toBe(0)
  await filter(sam, 'Everybody').click()
  await card(sam).waitFor()
  // A search looks at everybody's
  await filter(sam, 'Mine').click()
  await sam.locator('.search input').fill(name)
  await card(sam).waitFor()
  expect(await filter(sam, 'Everybody').getAttribute('aria-checked')).toBe('true')
  await filter(sam, 'Mine').click()
  await card(sam).waitFor({ state: 'detached' })
  expect(await sam.locator('.search input').inputValue()).toBe('')
})

it('a row says who of staff wrote last: "You" to them alone, and their name to the others, live and after a reload', async () => {
  const [sam, bob] = [await staffPage('sam'), await staffPage('bob')]
  const preview = (page: Page) => card(page).locator('.card-preview')
  await expect.poll(() => preview(sam).textContent()).toBe('Hello')
  await bob.getByRole('textbox', { name: 'Message', exact: true }).fill('I look')
  await bob.keyboard.press('Enter')
  for (const again of [false, true]) {
    if (again) await Promise.all([sam, bob].map((page) => page.reload()))
    await expect.poll(() => preview(bob).textContent()).toBe('You: I look')
    await expect.poll(() => preview(sam).textContent()).toBe('Sam: I look')
  }
  // A long name, in a page and of a person that read in other directions, leaves room for the text
  await call(await server.adminToken('bob', `عبد${'ال'.repeat(60)} الله`), 'POST', `admin/chats/${chat}/messages`, {
    content: 'Hi',
  })
  await expect.poll(() => preview(sam).textContent()).toContain(': Hi')
  for (const dir of ['ltr', 'rtl']) {
    await sam.locator('html').evaluate((html, value) => html.setAttribute('dir', value), dir)
    const [line, by, text] = await preview(sam).evaluate((element) =>
      [element, ...element.querySelectorAll('bdi')].map((one) => one.getBoundingClientRect()),
    )
    if (!line || !by || !text) throw new Error('The line has two parts')
    expect(by.width).toBeLessThanOrEqual(line.width / 2 + 1)
    expect([text.left >= line.left - 1, text.right <= line.right + 1]).toEqual([true, true])
    expect(dir === 'ltr' ? text.left > by.right : text.right < by.left).toBe(true)
  }
})

it('in the list, one key takes the row that has the focus', async () => {
  const sam = await staffPage('sam', 'dashboard?assignee=none')
  const bob = await staffPage('bob')
  await card(sam).focus()
  await sam.keyboard.press('i')
  await assignButton(bob, /^Assigned to Sam$/).waitFor()
  await card(sam).waitFor({ state: 'detached' })
})

it('staff see who else looks at the chat and writes in it, until they leave', async () => {
  const bob = await staffPage('bob')
  const sam = await staffPage('sam')
  for (const page of [sam, bob]) await page.getByRole('status').filter({ hasText: 'Sam is looking' }).waitFor()
  const box = (name: string) => bob.getByRole('textbox', { name, exact: true })
  /** Again and again, since it is shown for six seconds, in which a busy machine may not look */
  const writing = (name: string, what: string) =>
    expect
      .poll(async () => {
        await box(name).pressSequentially('Hm')
        return sam.getByText(`Sam is writing a ${what}`).count()
      })
      .toBe(1)
  await writing('Message', 'reply')
  await bob.getByRole('button', { name: /^Note/ }).click()
  await writing('Note, only staff sees this', 'note')
  expect(await violations(sam)).toEqual([])
  await box('Note, only staff sees this').press('Enter')
  await sam.getByText('Sam is writing a note').waitFor({ state: 'detached' })
  await bob.close()
  await sam.getByText('Sam is looking').waitFor({ state: 'detached' })
})

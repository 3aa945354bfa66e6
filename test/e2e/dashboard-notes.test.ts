// Notes in the dashboard: only staff see them, at once, and what is written as one is never sent as a reply.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
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
let ada = ''
let chat = ''
beforeEach(async ({ task }) => {
  ada = await server.userToken(`ada-${task.id}`)
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
async function staffPage(id: string): Promise<Page> {
  const context = await browser.newContext()
  contexts.push(context)
  context.setDefaultTimeout(120_000)
  await context.request.post(`${server.url}/dashboard/session`, {
    headers: { authorization: `Bearer ${await server.adminToken(id)}` },
  })
  const page = await context.newPage()
  page.on('pageerror', (error) => problems.push(error.message))
  await page.goto(`${server.url}/dashboard/chats/${chat}`)
  await page.getByRole('log').getByText('Hello').waitFor()
  return page
}
/** What the customer has */
async function customers(): Promise<string[]> {
  const { messages } = (await call(ada, 'GET', 'support_chat')) as { messages: { content: string }[] }
  return messages.map(({ content }) => content)
}
async function notes(): Promise<string[]> {
  const sam = await server.adminToken()
  const page = (await call(sam, 'GET', `admin/chats/${chat}/activity?after=0`)) as {
    activities: { body: { content?: string } }[]
  }
  return page.activities.flatMap(({ body }) => body.content ?? [])
}
const replyBox = (page: Page) => page.getByRole('textbox', { name: 'Message', exact: true })
const noteBox = (page: Page) => page.getByRole('textbox', { name: 'Note, only staff sees this' })
const log = (page: Page) => page.getByRole('log')
const kind = (page: Page, name: 'Reply' | 'Note') => page.getByRole('button', { name: new RegExp(`^${name}`) })
const shown = (page: Page) => log(page).evaluate((element) => (element as unknown as { innerText: string }).innerText)

it('staff write and see them live, between the messages, and the customer gets none of it', async () => {
  const [anna, sam] = [await staffPage('anna'), await staffPage('sam')]
  await anna.getByRole('heading', { level: 2 }).focus()
  await anna.keyboard.press('n')
  await noteBox(anna).waitFor()
  expect(await kind(anna, 'Note').getAttribute('aria-pressed')).toBe('true')
  await anna.keyboard.type('Ask Kim first')
  await anna.keyboard.press('Enter')
  const card = log(sam).getByRole('article', { name: 'Note by' })
  await card.getByText('Ask Kim first').waitFor()
  expect(await card.innerText()).toContain('Note, only staff sees this')
  await log(anna).getByRole('article', { name: 'Note by You' }).waitFor()
  // Said to who cannot see it
  await sam
    .locator('[aria-live="polite"]', { hasText: /Note by .*: Ask Kim first/ })
    .first()
    .waitFor()

  await replyBox(sam).fill('We will look')
  await replyBox(sam).press('Enter')
  await log(anna).getByText('We will look').waitFor()
  await anna.getByRole('button', { name: 'Archive', exact: true }).click()
  await log(sam)
    .getByText(/archived this chat/)
    .waitFor()
  await call(ada, 'POST', 'support_chat/messages', { content: 'Thanks' })
  await log(sam).getByText('Thanks').waitFor()
  await log(sam).getByText('Unarchived by a new message').waitFor()
  const order = ['Hello', 'Ask Kim first', 'We will look', 'archived this chat', 'Unarchived', 'Thanks']
  for (const page of [anna, sam]) {
    const text = await shown(page)
    const places = order.map((words) => text.indexOf(words))
    expect(places).toEqual(places.toSorted((a, b) => a - b))
    expect(places).not.toContain(-1)
  }
  // The same after a reload
  await sam.reload()
  await log(sam).getByText('Ask Kim first').waitFor()
  expect(await customers()).toEqual(['Hello', 'We will look', 'Thanks'])
  expect(await notes()).toEqual(['Ask Kim first'])
})

it('a text stays what it was begun as: each kind has a box, a draft and a way out of its own', async () => {
  const sam = await staffPage('sam')
  await replyBox(sam).fill('Half a reply')
  await kind(sam, 'Note').click()
  expect(await noteBox(sam).inputValue()).toBe('')
  await noteBox(sam).fill('Half a note')
  await kind(sam, 'Reply').click()
  expect(await replyBox(sam).inputValue()).toBe('Half a reply')
  expect(await kind(sam, 'Note').innerText()).toContain('draft')
  // A reload begins with a reply, and has both
  await sam.reload()
  await expect.poll(() => replyBox(sam).inputValue()).toBe('Half a reply')
  await sam.getByRole('heading', { level: 2 }).focus()
  await sam.keyboard.press('n')
  await expect.poll(() => noteBox(sam).inputValue()).toBe('Half a note')
  await noteBox(sam).press('Enter')
  await log(sam).getByRole('article').getByText('Half a note').waitFor()
  await sam.keyboard.press('Escape')
  await sam.keyboard.press('r')
  await replyBox(sam).waitFor()
  await replyBox(sam).press('Enter')
  await expect.poll(customers).toEqual(['Hello', 'Half a reply'])
  await expect.poll(notes).toEqual(['Half a note'])
})

it('what is written without a network waits, survives a reload, and goes out once, as what it was', async () => {
  const sam = await staffPage('sam')
  await sam.route(/\/(notes|messages)$/, (route) => route.abort())
  await sam.routeWebSocket(/\/cable/, (socket) => void socket.close())
  await sam.reload()
  await log(sam).getByText('Hello').waitFor()
  await kind(sam, 'Note').click()
  await noteBox(sam).fill('Written in a tunnel')
  await noteBox(sam).press('Enter')
  await kind(sam, 'Reply').click()
  await replyBox(sam).fill('Said in a tunnel')
  await replyBox(sam).press('Enter')
  await log(sam).getByRole('article').getByText('Written in a tunnel').waitFor()
  await sam.reload()
  await log(sam).getByRole('article').getByText('Written in a tunnel').waitFor()
  expect([await notes(), await customers()]).toEqual([[], ['Hello']])
  await sam.unrouteAll({ behavior: 'ignoreErrors' })
  await expect.poll(notes).toEqual(['Written in a tunnel'])
  await expect.poll(customers).toEqual(['Hello', 'Said in a tunnel'])
  await log(sam).getByRole('article').getByText('Sending…').waitFor({ state: 'detached' })
  expect(await log(sam).getByRole('article').count()).toBe(1)
})

// Widget and dashboard in real browsers, behind a proxy that lets no socket through; then one that holds back streams too.
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { pause, until } from '../support/desk.ts'
import { ReverseProxy } from '../support/proxies.ts'
import { startServer, type TestServer } from '../support/running-server.ts'

let browser: Browser
let proxy: ReverseProxy
let server: TestServer
let user: Page
let admin: Page
const problems: string[] = []

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

beforeEach(async () => {
  proxy = await ReverseProxy.start(0)
  server = await startServer({ PUBLIC_URL: proxy.url })
  proxy.retarget(Number(new URL(server.url).port))
  user = await newPage()
  admin = await newPage()
})
afterEach(async () => {
  await Promise.all([user, admin].map((page) => page.context().close()))
  await server.stop()
  await proxy.stop()
  expect(problems.splice(0)).toEqual([])
})

async function newPage(): Promise<Page> {
  const context = await browser.newContext()
  context.setDefaultTimeout(120_000)
  const page = await context.newPage()
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (line) => {
    if (/Content Security Policy/i.test(line.text())) problems.push(line.text())
  })
  return page
}

const log = (page: Page) => page.getByRole('log')
async function say(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Message' }).fill(text)
  await page.getByRole('button', { name: 'Send' }).click()
}
const shown = async (page: Page): Promise<string[]> => (await log(page).innerText()).match(/line \d+/g) ?? []

/** Opens both pages, and the chat on both sides */
async function meet(): Promise<void> {
  const { pathname, search } = new URL(server.signInUrl)
  await admin.goto(proxy.url + pathname + search)
  await user.goto(`${proxy.url}/demo`)
  await user.getByRole('button', { name: /^Open support chat/ }).click()
  await say(user, 'line 0')
  // The list is told without a socket too
  await admin.getByRole('link', { name: /ada@example\.com.*line 0/s }).click()
  await log(admin).getByText('line 0').waitFor()
}

let line = 0
/** A line from each side, until the other one shows it */
async function exchange(): Promise<void> {
  for (const [from, to] of [
    [user, admin],
    [admin, user],
  ] as const) {
    const text = `line ${++line}`
    await say(from, text)
    await log(to).getByText(text, { exact: true }).waitFor()
  }
}
/** Both hear each other without having to ask. On a busy machine a line may seem dead for once */
const exchangeLive = (): Promise<unknown> =>
  until(async () => {
    proxy.seen.splice(0)
    await exchange()
    return !proxy.seen.some((path) => path.includes('after='))
  })

async function expectAll(): Promise<void> {
  const all = Array.from({ length: line + 1 }, (_, n) => `line ${n}`)
  for (const page of [user, admin]) await expect.poll(() => shown(page)).toEqual(all)
}
const look = (page: Page, state: 'hidden' | 'visible') =>
  page.evaluate(`
    Object.defineProperty(document, 'visibilityState', { value: '${state}', configurable: true })
    Object.defineProperty(document, 'hidden', { value: ${state === 'hidden'}, configurable: true })
    document.dispatchEvent(new Event('visibilitychange'))`)

/** Somebody else writes, not by way of the proxy */
async function write(id: string, content: string): Promise<void> {
  await call('support_chat/messages', await server.userToken(id), { content })
}
async function archive(id: string): Promise<void> {
  const headers = { authorization: `Bearer ${await server.userToken(id)}` }
  const chat = (await (await fetch(`${server.url}/support_chat`, { headers })).json()) as { id: string }
  await call(`admin/chats/${chat.id}/archive`, await server.adminToken(), {})
}
async function call(path: string, token: string, body: object): Promise<void> {
  const response = await fetch(`${server.url}/${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  expect(response.ok).toBe(true)
}

const connected = (page: Page) => page.locator('.status.connected').waitFor({ state: 'attached', timeout: 120_000 })

it('without sockets, people talk over a stream, then by asking, then over the socket when it comes back', async () => {
  line = 0
  proxy.weather.upgrades = 'hang'
  await meet()
  // The widget's chat, the dashboard's list and its chat
  await until(() => proxy.streams === 3)
  await connected(user)
  await exchangeLive()
  await expect
    .poll(async () => {
      await user.getByRole('textbox', { name: 'Message' }).pressSequentially('typing…')
      return admin.getByText(/is typing/).count()
    })
    .toBe(1)
  await user.getByRole('textbox', { name: 'Message' }).fill('')
  expect(await admin.getByText(/Reconnecting|offline/i).count()).toBe(0)
  expect(proxy.upgraded).toBe(0)

  // In the background a tab lets go of its stream, which others may need; it is told all the same, and goes on at once
  await look(user, 'hidden')
  await until(() => proxy.streams === 2)
  await exchange()
  await look(user, 'visible')
  await until(() => proxy.streams === 3)

  // Streams do not get through either any more
  proxy.weather.buffers = true
  proxy.cut()
  await until(() => proxy.streams === 0)
  await exchange()
  await exchange()
  await connected(user)
  // The list asks too: somebody new appears, and who is archived elsewhere goes
  await write('bob', 'Hello from bob')
  const bob = admin.getByRole('link', { name: /bob@example\.com.*Hello from bob/s })
  await bob.waitFor()
  await archive('bob')
  await bob.waitFor({ state: 'detached' })
  expect(await admin.getByRole('link', { name: /ada@example\.com/ }).count()).toBe(1)
  expect(proxy.streams).toBe(0)

  // The network is mended: the socket takes over by itself, and what stood in for it ends
  Object.assign(proxy.weather, { upgrades: 'pass', buffers: false })
  const talking = (async () => {
    for (let i = 0; i < 6; i++) {
      await exchange()
      await pause(1_000)
    }
  })()
  await until(() => proxy.upgraded === 2)
  await talking
  await until(() => proxy.streams === 0)
  await exchangeLive()
  await expectAll()

  // It stays so, and nobody asks any more
  await until(async () => {
    proxy.seen.splice(0)
    await pause(6_000)
    return !proxy.seen.some((path) => /events|messages|upgrade|admin\/chats/.test(path))
  })
  await user.reload()
  await user.getByRole('button', { name: /^Open support chat/ }).click()
  await expectAll()
})

it('the event stream works with a browser’s own EventSource too, which resumes by itself', async () => {
  line = 0
  await meet()
  const id = /[0-9a-f-]{36}/.exec(admin.url())?.[0]
  await admin.evaluate(`
    window.heard = []
    window.source = new EventSource(new URL('/admin/chats/${id}/events', location.href))
    source.addEventListener('new_message', (event) => heard.push([event.lastEventId.split('/')[0], JSON.parse(event.data).message.content]))
    new Promise((resolve) => (source.onopen = resolve))`)
  for (let i = 0; i < 2; i++) await exchange()
  proxy.cut()
  for (let i = 0; i < 2; i++) await exchange()
  // Line 0 was there before
  const all = Array.from({ length: line }, (_, n) => [`${n + 2}`, `line ${n + 1}`])
  await expect.poll(() => admin.evaluate('heard')).toEqual(all)
})

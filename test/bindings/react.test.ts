// `deskbell/react` in a host's app: React 18 and 19, in Chromium, on a real server.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createStaffDesk } from '../../src/entries/client.ts'
import { launchBrowser } from '../support/browser.ts'
import { violations } from '../support/axe.ts'
import { htmlPage } from '../support/host-site.ts'
import { startHostApp, type HostApp } from './app.ts'
import { bundle, codeOf, load } from './bundle.ts'
import type * as ReactServer from './pages/react-server.tsx'

let browser: Browser
let app: HostApp
let context: BrowserContext
let page: Page
let people = 0
let who = ''
let complaints: string[] = []

beforeAll(async () => {
  ;[browser, app] = await Promise.all([launchBrowser(), startHostApp()])
})
afterAll(async () => {
  await browser.close()
  await app.stop()
})
beforeEach(async () => {
  who = `ada${people++}`
  context = await browser.newContext({ bypassCSP: true })
  context.setDefaultTimeout(120_000)
  await context.addCookies([{ name: 'who', value: who, url: app.url }])
  page = await context.newPage()
  complaints = []
  page.on('pageerror', (error) => complaints.push(error.message))
  page.on('console', (line) => {
    // A socket may be under way when another person signs in
    const isOfBrowser = /closed before the connection is established/.test(line.text())
    if (['error', 'warning'].includes(line.type()) && !isOfBrowser) complaints.push(line.text())
  })
})
afterEach(async () => {
  await context.close()
  expect(complaints).toEqual([])
})

const text = (selector: string) => page.locator(selector).first().textContent()
const items = () => page.locator('li').allTextContents()
const cables = () => app.requests.filter((path) => path === '/support/cable').length
const loads = () => app.requests.filter((path) => path === '/support/support_chat').length
const connections = () => app.deskbell.load().connections.cable

describe.each([18, 19] as const)('React %i', (react) => {
  const at = (scene: string, more = '') => `${app.url}/react-${react}?scene=${scene}${more}`
  beforeAll(async () => {
    const [client, server] = await Promise.all([
      bundle({ page: 'react.tsx', react }),
      bundle({ page: 'react-server.tsx', react, server: true }),
    ])
    app.page(`/react-${react}`, codeOf(client))
    const { asString, asStream } = await load<typeof ReactServer>(server)
    for (const [name, html] of [
      ['string', asString()],
      ['stream', await asStream()],
    ] as const)
      app.page(`/react-${react}-${name}`, codeOf(client), `<div id="root">${html}</div>`)
  })

  it('has the chat with its messages, live, both ways', async () => {
    await app.say(who, 'From before')
    await page.goto(at('chat'))
    await expect.poll(() => text('#state')).toBe('ready loaded connected')
    expect(await items()).toEqual(['user: From before'])
    await page.getByRole('button', { name: 'Send' }).click()
    await expect.poll(items).toEqual(['user: From before', 'user: By a click'])
    await app.staff.reply(who, 'A reply')
    await expect.poll(items).toEqual(['user: From before', 'user: By a click', 'admin: A reply'])
    expect(await text('#unread')).toBe('1')
    expect(await page.evaluate(() => window.scene.replies)).toEqual(['A reply'])
    await page.evaluate(() => window.scene.support?.markAsRead())
    await expect.poll(() => text('#unread')).toBe('0')
    expect(await page.evaluate(() => window.scene.support?.chat?.messages.at(-1)?.read_at)).toMatch(/^\d{4}-/)
  })

  it('opens one connection for all components in StrictMode, and closes it after the last', async () => {
    await app.say(who, 'Hello')
    const loaded = loads()
    await page.goto(at('chat', '&count=3'))
    await expect.poll(() => text('#state')).toBe('ready loaded connected')
    expect(loads() - loaded).toBe(1)
    const opened = cables()
    await app.staff.reply(who, 'To all')
    await expect.poll(() => page.locator('.badge').allTextContents()).toEqual(['1', '1'])
    expect(connections()).toBe(1)
    expect(await page.evaluate(() => window.scene.replies)).toEqual(['To all'])
    await set({ count: 1 })
    await expect.poll(() => page.locator('.badge').count()).toBe(0)
    await set({ count: 0 })
    await expect.poll(() => page.locator('#state').count()).toBe(0)
    await set({ count: 1 })
    // A view that takes the place of another one
    await expect.poll(() => text('#state')).toBe('ready loaded connected')
    expect(cables()).toBe(opened)
    await set({ count: 0 })
    await expect.poll(connections).toBe(0)
    await set({ count: 1 })
    await expect.poll(() => text('#state')).toBe('ready loaded connected')
    expect(cables()).toBeGreaterThan(opened)
  })

  it('sends when it can what was written without a connection, and says so meanwhile', async () => {
    await page.goto(at('chat'))
    await expect.poll(() => text('#state')).toBe('ready loaded connected')
    await context.setOffline(true)
    await expect.poll(() => text('#state')).toBe('ready loaded away')
    await page.getByRole('button', { name: 'Send' }).click()
    await expect.poll(() => page.locator('li.pending').allTextContents()).toEqual(['By a click'])
    await context.setOffline(false)
    await expect.poll(items).toEqual(['user: By a click'])
    expect(await app.staff.contents(who)).toEqual(['By a click'])
    // What the browser says of the network
    complaints = complaints.filter((line) => !line.includes('ERR_INTERNET_DISCONNECTED'))
  })

  it('keeps what the server refused, to be tried again or dropped', async () => {
    await page.goto(at('chat'))
    await expect.poll(() => text('#state')).toBe('ready loaded connected')
    const pending = () =>
      page.evaluate(() => window.scene.support?.pending.map(({ status, reason }) => `${status} ${reason}`))
    await page.evaluate(() => window.scene.support?.sendMessage('x'.repeat(10_001)))
    await expect.poll(pending).toEqual(['failed too_long'])
    await page.evaluate(() => window.scene.support?.retry(window.scene.support.pending[0]?.client_id ?? ''))
    await expect.poll(pending).toEqual(['failed too_long'])
    await page.evaluate(() => window.scene.support?.discard(window.scene.support.pending[0]?.client_id ?? ''))
    await expect.poll(pending).toEqual([])
    expect(await app.staff.contents(who)).toEqual([])
    // A socket that is up and not subscribed yet leaves the message to a request, and Chromium logs that it was refused
    complaints = complaints.filter((line) => !line.includes('status of 422'))
  })

  it('shows that staff type', async () => {
    const chat = await app.say(who, 'Hello')
    await page.goto(at('chat'))
    await expect.poll(() => text('#state')).toBe('ready loaded connected')
    // Again and again, since it is shown for six seconds, in which a busy machine may not look
    await expect
      .poll(async () => {
        await app.staff.call('POST', `admin/chats/${chat}/typing`, { typing: true })
        return text('#typing')
      })
      .toBe('Sam is typing')
    await app.staff.call('POST', `admin/chats/${chat}/typing`, { typing: false })
    await expect.poll(() => text('#typing')).toBe('')
  })

  it('begins anew for whoever signs in next, by a token or by a cookie, and shows nothing of the one before', async () => {
    const [ada, bob] = [`${who}a`, `${who}b`]
    for (const id of [who, ada, bob]) await app.say(id, `I am ${id}`)
    await page.goto(at('chat'))
    await expect.poll(items).toEqual([`user: I am ${who}`])
    for (const id of [ada, bob]) {
      await set({ count: 1, token: await app.userToken(id) })
      await expect.poll(items).toEqual([`user: I am ${id}`])
    }
    // Another token of the same person changes nothing
    const before = cables()
    await set({ count: 1, token: await app.userToken(bob) })
    await page.evaluate(() => window.scene.support?.reload())
    expect(await items()).toEqual([`user: I am ${bob}`])
    expect(cables()).toBe(before)
    // Without it, the cookie counts again
    await set({ count: 1, token: null })
    await expect.poll(items).toEqual([`user: I am ${who}`])
    await page.evaluate(() => {
      window.scene.support?.reset()
      window.scene.support?.reset()
    })
    await expect.poll(() => text('#state')).toBe('signed_out loaded away')
    expect(await items()).toEqual([])
    await expect.poll(connections).toBe(0)
    await page.evaluate(() => window.scene.support?.reload())
    await expect.poll(items).toEqual([`user: I am ${who}`])
  })

  it('says that nobody is signed in, and goes on when somebody is', async () => {
    await context.clearCookies()
    await page.goto(at('chat'))
    await expect.poll(() => text('#state')).toContain('signed_out loaded')
    await app.say(who, 'Hello')
    await set({ count: 1, token: await app.userToken(who) })
    await expect.poll(items).toEqual(['user: Hello'])
    complaints = complaints.filter((line) => !line.includes('401'))
  })

  it('never shows two states at once while React renders in pieces', async () => {
    await app.say(who, '1')
    await page.goto(at('tearing', '&count=30'))
    await expect.poll(() => text('.slow')).toBe('1')
    for (let n = 2; n <= 6; n++) {
      // Rendering begins, and the reply comes before it ends
      await set({ count: 28 + n })
      await app.staff.reply(who, `${n}`)
    }
    await expect.poll(() => page.locator('.slow').allTextContents()).toEqual(Array.from({ length: 34 }, () => '6'))
    expect(await page.evaluate(() => window.scene.torn)).toEqual([])
  })

  it.each(['string', 'stream'])('is rendered by a server as a %s, and hydrated without a word', async (how) => {
    await app.say(who, 'Hello')
    const url = `${app.url}/react-${react}-${how}?scene=hydration`
    const served = await (await fetch(url)).text()
    expect(served).toContain('loading loading away')
    expect(served).toMatch(/<deskbell-chat [^>]*server="\/support"/)
    await page.goto(url)
    await expect.poll(() => text('#state')).toBe('ready loaded connected')
    expect(await items()).toEqual(['user: Hello'])
    await page.getByRole('button', { name: /^Open support chat/ }).waitFor()
  })

  describe('its parts', () => {
    const log = () => page.getByRole('log', { name: 'Messages' })
    const box = () => page.getByRole('textbox', { name: 'Message' })
    const fromEnd = () => log().evaluate((element) => element.scrollHeight - element.scrollTop - element.clientHeight)

    it('send by Enter and by a button, keep what cannot be sent, and read what is looked at', async () => {
      const desk = createStaffDesk({ server: `${app.url}/support`, token: app.staff.token })
      const leave = desk.subscribe(() => undefined)
      const chat = desk.chat(await app.say(who, 'Zero'))
      await chat.open()
      await page.goto(at('drawing'))
      await expect
        .poll(async () => {
          await box().fill('One')
          return chat.state.typing
        })
        .toEqual({ name: who })
      chat.close()
      leave()
      await box().press('Shift+Enter')
      await box().pressSequentially('more line')
      await expect.poll(() => box().evaluate((element: HTMLTextAreaElement) => element.value)).toBe('One\nmore line')
      await expect.poll(() => log().getAttribute('aria-busy')).toBe('false')
      await expect
        .poll(async () => {
          await box().press('Enter')
          return box().inputValue()
        })
        .toBe('')
      await box().fill('Two')
      await page.getByRole('button', { name: 'Send' }).click()
      await expect.poll(() => app.staff.contents(who)).toEqual(['Zero', 'One\nmore line', 'Two'])
      await expect.poll(() => log().locator('[data-sender=user][data-status=sent]').count()).toBe(3)
      await box().fill('x'.repeat(10_001))
      await box().press('Enter')
      expect(await box().getAttribute('aria-invalid')).toBe('true')
      expect((await box().inputValue()).length).toBe(10_001)
      await app.staff.reply(who, 'A reply')
      await log().getByText('A reply').waitFor()
      const unread = async () =>
        ((await app.staff.call('GET', `admin/chats/${await app.say(who, 'Read it?')}`)) as { user_read_seq: number })
          .user_read_seq
      await expect.poll(unread).toBe(4)
      expect(await violations(page)).toEqual([])
    })

    it('stay at the end, and keep the place of who reads further up while older messages load', async () => {
      for (let n = 1; n <= 70; n++) await app.say(who, `line ${n}`)
      await page.goto(at('drawing'))
      await log().getByText('line 70', { exact: true }).waitFor()
      await expect.poll(fromEnd).toBeLessThan(2)
      await app.staff.reply(who, 'At the end')
      await log().getByText('At the end').waitFor()
      await expect.poll(fromEnd).toBeLessThan(2)
      expect(await log().getByText('line 5', { exact: true }).count()).toBe(0)
      await log().evaluate((element) => (element.scrollTop = 0))
      await log().getByText('line 5', { exact: true }).waitFor({ state: 'attached' })
      // The first that was there before is where it was: 50 were loaded, and the reply came after
      const top = log().getByText('line 21', { exact: true })
      await expect
        .poll(() =>
          top.evaluate(
            (one) => one.getBoundingClientRect().top - (one.closest('[role=log]')?.getBoundingClientRect().top ?? 0),
          ),
        )
        .toBeLessThan(60)
      await app.staff.reply(who, 'Below')
      await log().getByText('Below').waitFor({ state: 'attached' })
      expect(await fromEnd()).toBeGreaterThan(1_000)
    })
  })

  it('mounts the widget by its element, loads its script once, and takes it away again', async () => {
    await app.say(who, 'Hello')
    const scripts = () => app.requests.filter((path) => path === '/support/widget.js').length
    const before = scripts()
    await page.goto(at('element'))
    await page.getByRole('button', { name: /^Open support chat/ }).waitFor()
    await page.evaluate(() => window.scene.element?.open())
    await page.getByRole('log').getByText('Hello').waitFor()
    await page.getByText('Heading 1').waitFor()
    await set({ count: 2 })
    await page.getByText('Heading 2').waitFor()
    await set({ count: 0 })
    await expect.poll(() => page.locator('deskbell-chat').count()).toBe(0)
    await expect.poll(connections).toBe(0)
    await set({ count: 3 })
    await page.getByRole('button', { name: /^Open support chat/ }).waitFor()
    expect(await page.locator('deskbell-chat').count()).toBe(1)
    expect(scripts() - before).toBe(1)
  })

  it('loads the widget in a page that requires trusted types and allows the policy', async () => {
    await app.say(who, 'Hello')
    app.set(`/strict-${react}`, {
      body: htmlPage(`<div id="root"></div><script src="/react-${react}.js" type="module"></script>`),
      headers: { 'content-security-policy': "require-trusted-types-for 'script'; trusted-types deskbell" },
    })
    // The others bypass policies, for the tools of tests
    const strict = await browser.newContext()
    strict.setDefaultTimeout(120_000)
    await strict.addCookies([{ name: 'who', value: who, url: app.url }])
    const visit = await strict.newPage()
    visit.on('pageerror', (error) => complaints.push(error.message))
    await visit.goto(`${app.url}/strict-${react}?scene=element`)
    await visit.getByRole('button', { name: /^Open support chat/ }).click()
    await visit.getByRole('log').getByText('Hello').waitFor()
    await strict.close()
  })

  const set = (state: { count: number; token?: string | null }) =>
    page.evaluate((next) => window.scene.set(next), state)
})

// `deskbell/vue` in a host's app, in Chromium, on a real server.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { startHostApp, type HostApp } from './app.ts'
import { bundle, codeOf, load } from './bundle.ts'
import type * as VueServer from './pages/vue-server.ts'

let browser: Browser
let app: HostApp
let context: BrowserContext
let page: Page
let html: string
let people = 0
let who = ''
let complaints: string[] = []

beforeAll(async () => {
  const bundles = Promise.all([bundle({ page: 'vue.ts' }), bundle({ page: 'vue-server.ts', server: true })])
  ;[browser, app] = await Promise.all([launchBrowser(), startHostApp()])
  const [client, server] = await bundles
  const { asString } = await load<typeof VueServer>(server)
  html = await asString()
  app.page('/vue', codeOf(client))
  app.page('/vue-served', codeOf(client), `<div id="root">${html}</div>`)
})
afterAll(async () => {
  await browser.close()
  await app.stop()
})
beforeEach(async () => {
  who = `ada${people++}`
  context = await browser.newContext()
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

const open = (scene: string, count = 1) => page.goto(`${app.url}/vue?scene=${scene}&count=${count}`)
const text = (selector: string) => page.locator(selector).first().textContent()
const items = () => page.locator('li').allTextContents()
const set = (state: { count?: number; token?: string | null; heading?: string }) =>
  page.evaluate((next) => void Object.assign(window.vue.state, next), state)
const cables = () => app.requests.filter((path) => path === '/support/cable').length
const connections = () => app.deskbell.load().connections.cable

it('has the chat with its messages, live, both ways', async () => {
  const chat = await app.say(who, 'From before')
  await open('chat')
  await expect.poll(() => text('#state')).toBe('ready loaded connected')
  expect(await items()).toEqual(['user: From before'])
  await page.getByRole('button', { name: 'Send' }).click()
  await expect.poll(items).toEqual(['user: From before', 'user: By a click'])
  // Again and again, since it is shown for six seconds, in which a busy machine may not look
  await expect
    .poll(async () => {
      await app.staff.call('POST', `admin/chats/${chat}/typing`, { typing: true })
      return text('#typing')
    })
    .toBe('Sam is typing')
  await app.staff.reply(who, 'A reply')
  await expect.poll(items).toEqual(['user: From before', 'user: By a click', 'admin: A reply'])
  expect(await text('#typing')).toBe('')
  expect(await text('#unread')).toBe('1')
  expect(await page.evaluate(() => window.vue.replies)).toEqual(['A reply'])
  await page.evaluate(() => window.vue.support?.markAsRead())
  await expect.poll(() => text('#unread')).toBe('0')
  await context.setOffline(true)
  await expect.poll(() => text('#state')).toBe('ready loaded away')
  await page.getByRole('button', { name: 'Send' }).click()
  await expect.poll(() => page.locator('li.pending').count()).toBe(1)
  await context.setOffline(false)
  await expect.poll(items).toEqual(['user: From before', 'user: By a click', 'admin: A reply', 'user: By a click'])
  // What the browser says of the network
  complaints = complaints.filter((line) => !line.includes('ERR_INTERNET_DISCONNECTED'))
})

it('opens one connection for all components, and closes it after the last', async () => {
  await app.say(who, 'Hello')
  await open('chat', 3)
  await expect.poll(() => text('#state')).toBe('ready loaded connected')
  const opened = cables()
  await app.staff.reply(who, 'To all')
  await expect.poll(() => page.locator('.badge').allTextContents()).toEqual(['1', '1'])
  expect(connections()).toBe(1)
  await set({ count: 0 })
  await expect.poll(() => page.locator('.badge').count()).toBe(0)
  await set({ count: 1 })
  await expect.poll(() => text('#state')).toBe('ready loaded connected')
  expect(cables()).toBe(opened)
  await set({ count: 0 })
  await expect.poll(connections).toBe(0)
})

it('begins anew for whoever signs in next, by a token or by a cookie', async () => {
  const ada = `${who}a`
  for (const id of [who, ada]) await app.say(id, `I am ${id}`)
  await open('chat')
  await expect.poll(items).toEqual([`user: I am ${who}`])
  await set({ token: await app.userToken(ada) })
  await expect.poll(items).toEqual([`user: I am ${ada}`])
  await set({ token: null })
  await expect.poll(items).toEqual([`user: I am ${who}`])
  await page.evaluate(() => window.vue.support?.reset())
  await expect.poll(() => text('#state')).toBe('signed_out loaded away')
  expect(await items()).toEqual([])
})

it('is rendered by a server, which connects nobody, and hydrated without a word', async () => {
  expect(html).toContain('loading loading away')
  expect(html).toMatch(/<deskbell-chat [^>]*server="\/support"[^>]*><\/deskbell-chat>/)
  expect(html).not.toMatch(/getToken|nonce/i)
  await app.say(who, 'Hello')
  await page.goto(`${app.url}/vue-served?scene=all&count=2`)
  await expect.poll(items).toEqual(['user: Hello'])
  await page.getByRole('button', { name: /^Open support chat/ }).waitFor()
})

it('mounts the widget by its component, loads its script once, and takes it away again', async () => {
  await app.say(who, 'Hello')
  const scripts = () => app.requests.filter((path) => path === '/support/widget.js').length
  const before = scripts()
  await open('widget')
  await page.getByRole('button', { name: /^Open support chat/ }).waitFor()
  await page.evaluate(() => window.vue.widget?.()?.open())
  await page.getByRole('log').getByText('Hello').waitFor()
  await page.getByText('Heading 1').waitFor()
  await set({ heading: 'Heading 2' })
  await page.getByText('Heading 2').waitFor()
  await set({ count: 0 })
  await expect.poll(() => page.locator('deskbell-chat').count()).toBe(0)
  await set({ count: 1 })
  await page.getByRole('button', { name: /^Open support chat/ }).waitFor()
  expect(scripts() - before).toBe(1)
})

// The React hook with its widget, and the Vue composable, as the specification prints them, and its hook on @rails/actioncable: in
// Chromium, on a real server.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { startHostApp, type HostApp } from './app.ts'
import { bundle, codeOf } from './bundle.ts'

const printed = (name: string): string =>
  readFileSync(join(import.meta.dirname, 'specification', `${name}.txt`), 'utf8')

const REACT_PAGE = `${printed('react-hook')}
${printed('react-widget')}
import { createRoot } from 'react-dom/client'
createRoot(document.getElementById('root')).render(<ChatWidget />)`

const VUE_PAGE = `${printed('vue-composable')}
import { createApp, h } from 'vue'
createApp({
  setup() {
    const { chat, connected, sendMessage } = useSupportChat()
    return () => h('main', [
      h('p', { id: 'connected' }, String(connected.value)),
      ...(chat.value?.messages ?? []).map((message) => h('p', { class: message.sender_type }, message.content)),
      h('button', { onClick: () => sendMessage('By a click') }, 'Send'),
    ])
  },
}).mount('#root')`

let browser: Browser
let app: HostApp
let context: BrowserContext
let page: Page
let people = 0
let who = ''
let errors: string[] = []

beforeAll(async () => {
  const bundles = Promise.all([
    bundle({ page: { code: REACT_PAGE, language: 'tsx' }, react: 18 }),
    bundle({ page: { code: REACT_PAGE, language: 'tsx' }, react: 19 }),
    bundle({ page: { code: VUE_PAGE, language: 'ts' } }),
    bundle({ page: 'specification-cable.tsx' }),
  ])
  browser = await launchBrowser()
  // At the root of a server; the routes of the two sections, which the app of a host has under /api, lead to it
  app = await startHostApp({
    mount: '',
    route: (path) => path.replace(/^\/api\/support[-_]chat\b/, '/support_chat'),
  })
  const names = ['/react-18', '/react-19', '/vue', '/actioncable']
  for (const [at, output] of (await bundles).entries()) app.page(names[at] ?? '', codeOf(output))
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
  errors = []
  page.on('pageerror', (error) => errors.push(error.message))
})
afterEach(async () => {
  await context.close()
  expect(errors).toEqual([])
})

it.each([18, 19])('runs the React hook and its widget as they are printed, in React %i', async (react) => {
  await app.say(who, 'From before')
  await app.staff.reply(who, 'Unread')
  await page.goto(`${app.url}/react-${react}`)
  const badge = page.getByRole('button', { name: /💬\s*1/ })
  await badge.waitFor()
  await badge.click()
  await page.locator('.bg-green-500').waitFor({ state: 'attached' })
  await page.getByPlaceholder('Type a message...').fill('A question')
  await page.getByRole('button', { name: 'Send' }).click()
  const bubbles = () => page.locator('.rounded.p-2').allTextContents()
  await expect.poll(bubbles).toEqual(['From before', 'Unread', 'A question'])
  await app.staff.reply(who, 'An answer')
  await expect.poll(bubbles).toEqual(['From before', 'Unread', 'A question', 'An answer'])
  expect(await app.staff.contents(who)).toEqual(['From before', 'Unread', 'A question', 'An answer'])
})

it('runs the Vue composable as it is printed', async () => {
  await app.say(who, 'From before')
  await page.goto(`${app.url}/vue`)
  await expect.poll(() => page.locator('#connected').textContent()).toBe('true')
  await page.getByRole('button', { name: 'Send' }).click()
  await expect.poll(() => page.locator('.user').allTextContents()).toEqual(['From before', 'By a click'])
  await app.staff.reply(who, 'An answer')
  await expect.poll(() => page.locator('.admin').allTextContents()).toEqual(['An answer'])
  expect(await app.staff.contents(who)).toEqual(['From before', 'By a click', 'An answer'])
})

it('runs the hook of its fourth step on @rails/actioncable as it comes, in StrictMode', async () => {
  await app.say(who, 'From before')
  await page.goto(`${app.url}/actioncable`)
  await expect.poll(() => page.locator('#connected').textContent()).toBe('true')
  await page.getByRole('button', { name: 'Send' }).click()
  const items = () => page.locator('li').allTextContents()
  await expect.poll(items).toEqual(['From before', 'By a click'])
  await app.staff.reply(who, 'An answer')
  await expect.poll(items).toEqual(['From before', 'By a click', 'An answer'])
  await expect.poll(() => page.locator('#sounds').textContent()).toBe('1')
  await page.getByRole('button', { name: 'Read' }).click()
  await expect.poll(async () => (await app.staff.messages(who)).at(-1)?.read_at ?? null).not.toBeNull()
  await expect.poll(() => page.locator('#unread').textContent()).toBe('0')
})

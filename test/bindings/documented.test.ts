// The blocks of docs/bindings.md, as they are shown, in Chromium.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { compileScript, parse, rewriteDefault } from 'vue/compiler-sfc'
import { launchBrowser } from '../support/browser.ts'
import { namedCodeOf } from '../support/documented-code.ts'
import { startHostApp, type HostApp } from './app.ts'
import { bundle, codeOf } from './bundle.ts'

const blocks = namedCodeOf('docs/bindings.md')
const MARKUP = `<div id="root"></div><p id="status"></p><pre id="chat"></pre><ul id="chats"></ul>
  <button id="hello">Say hello</button><button id="help">Help</button>`

let browser: Browser
let app: HostApp
let context: BrowserContext
let page: Page
let people = 0
let who = ''
let errors: string[] = []

/** What an app does with a block: it mounts the component */
function pageOf(name: string, code: string): { code: string; language: 'ts' | 'tsx' } {
  if (name.endsWith('.tsx'))
    return {
      language: 'tsx',
      code: `${code}
        import { createRoot } from 'react-dom/client'
        createRoot(document.getElementById('root')).render(<App />)`,
    }
  if (!name.endsWith('.vue')) return { language: 'ts', code }
  const { descriptor, errors: broken } = parse(code)
  if (broken[0]) throw broken[0]
  // As Vue's plugins for bundlers do it
  const { content } = compileScript(descriptor, { id: name, inlineTemplate: true })
  return {
    language: 'ts',
    code: `${rewriteDefault(content, 'App', ['typescript'])}
      import { createApp } from 'vue'
      createApp(App).mount('#root')`,
  }
}

beforeAll(async () => {
  const bundles = [...blocks].map(async ([name, code]) => [name, await bundle({ page: pageOf(name, code) })] as const)
  ;[browser, app] = await Promise.all([launchBrowser(), startHostApp()])
  for (const [name, output] of await Promise.all(bundles)) app.page(`/${name}`, codeOf(output), MARKUP)
})
afterAll(async () => {
  await browser.close()
  await app.stop()
})
beforeEach(async () => {
  who = `ada${people++}`
  errors = []
  await signIn(who)
  await app.say(who, 'From before')
})
afterEach(async () => {
  await context.close()
  expect(errors).toEqual([])
})

async function signIn(name: string): Promise<void> {
  context = await browser.newContext()
  context.setDefaultTimeout(120_000)
  await context.addCookies([{ name: 'who', value: name, url: app.url }])
  page = await context.newPage()
  page.on('pageerror', (error) => errors.push(error.message))
}
const open = (name: string) => page.goto(`${app.url}/${name}`)
const contents = () => app.staff.contents(who)

it('has a test for each block', () => {
  expect([...blocks.keys()].toSorted()).toEqual(
    [
      'help.tsx',
      'own-chat.tsx',
      'parts.tsx',
      'Help.vue',
      'OwnChat.vue',
      'plain.ts',
      'element.ts',
      'staff.ts',
    ].toSorted(),
  )
})

it.each(['help.tsx', 'Help.vue'])('%s', async (name) => {
  await open(name)
  await page.getByRole('button', { name: /^Open support chat/ }).click()
  await page.getByText('Talk to us').waitFor()
  await page.getByRole('log').getByText('From before').waitFor()
})

it.each(['own-chat.tsx', 'OwnChat.vue'])('%s', async (name) => {
  await open(name)
  await page.locator('.user', { hasText: 'From before' }).waitFor()
  await page.getByText('Connected').waitFor()
  await page.getByRole('button', { name: 'Say hello' }).first().click()
  await page.locator('.user', { hasText: 'Hello!' }).waitFor()
  await app.staff.reply(who, 'A reply')
  await page.getByRole('button', { name: '1 unread' }).click()
  await page.getByRole('button', { name: '1 unread' }).waitFor({ state: 'detached' })
  expect(await contents()).toEqual(['From before', 'Hello!', 'A reply'])
})

it('parts.tsx', async () => {
  await open('parts.tsx')
  const log = page.getByRole('log', { name: 'Messages' })
  await log.getByText('From before').waitFor()
  await page.getByRole('textbox', { name: 'Message' }).fill('By Enter')
  await page.getByRole('textbox', { name: 'Message' }).press('Enter')
  await log.locator('.user.sent', { hasText: 'By Enter' }).waitFor()
  expect(await contents()).toEqual(['From before', 'By Enter'])
})

it('plain.ts', async () => {
  await open('plain.ts')
  await page.getByText('Connected').waitFor()
  // A socket may be there before the chat
  await expect.poll(() => page.locator('#chat').textContent()).toBe('From before')
  await page.getByRole('button', { name: 'Say hello' }).click()
  await expect.poll(() => page.locator('#chat').textContent()).toBe('From before\nHello!')
  await app.staff.reply(who, 'A reply')
  await expect.poll(() => page.title()).toBe('(1) Shop')
})

it('element.ts', async () => {
  await open('element.ts')
  await page.getByRole('button', { name: /^Open support chat/ }).waitFor()
  await page.getByRole('button', { name: 'Help' }).click()
  await page.getByRole('log').getByText('From before').waitFor()
})

it('staff.ts', async () => {
  await context.close()
  await signIn('sam')
  await open('staff.ts')
  await expect.poll(() => page.title()).toMatch(/^[1-9]\d* unread$/)
  await page.getByText(`${who}@example.com: From before`).click()
  await page.getByText(`${who}@example.com: You wrote 1 messages.`).waitFor()
  expect(await contents()).toEqual(['From before', 'You wrote 1 messages.'])
})

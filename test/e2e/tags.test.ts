// Tags in the dashboard: added and removed beside a chat, seen by colleagues at once, and a filter of the list.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { violations } from '../support/axe.ts'
import { launchBrowser } from '../support/browser.ts'
import { startServer, type TestServer } from '../support/running-server.ts'

let browser: Browser
let server: TestServer
let contexts: BrowserContext[] = []
const problems: string[] = []
/** By name */
let chats: Record<'ada' | 'bob', string>

beforeAll(async () => {
  browser = await launchBrowser()
  server = await startServer()
})
afterAll(async () => {
  await browser.close()
  await server.stop()
})
beforeEach(async ({ task }) => {
  const open = async (name: string): Promise<string> => {
    const token = await server.userToken(`${name}-${task.id}`)
    const { id } = (await call(token, 'GET', 'support_chat')) as { id: string }
    await call(token, 'POST', 'support_chat/messages', { content: `I am ${name}` })
    return id
  }
  chats = { ada: await open('ada'), bob: await open('bob') }
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
async function staffPage(path: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context = await browser.newContext({ bypassCSP: true, viewport: { width: 1300, height: 800 }, ...options })
  contexts.push(context)
  context.setDefaultTimeout(120_000)
  await context.request.post(`${server.url}/dashboard/session`, {
    headers: { authorization: `Bearer ${await server.adminToken()}` },
  })
  const page = await context.newPage()
  page.on('pageerror', (error) => problems.push(error.message))
  await page.goto(`${server.url}/dashboard${path}`)
  return page
}
const tagsOf = async (chat: string): Promise<string[]> => {
  const opened = (await call(await server.adminToken(), 'GET', `admin/chats/${chat}`)) as { tags: string[] }
  return opened.tags
}
const tagsIn = (page: Page) => page.getByRole('group', { name: 'Tags' })
const shown = (page: Page) => tagsIn(page).getByRole('listitem').allInnerTexts()
const field = (page: Page) => page.getByRole('combobox', { name: 'Add a tag' })
const card = (page: Page, name: string) => page.getByRole('link', { name: new RegExp(name) })

it('staff add and remove tags by keyboard, and colleagues see it at once, in the list too', async () => {
  const [sam, anna] = [await staffPage(`?chat=${chats.ada}`), await staffPage(`?chat=${chats.ada}`)]
  for (const page of [sam, anna]) await tagsIn(page).waitFor()
  await anna.getByRole('log').getByText('I am ada').waitFor()
  await sam.getByRole('heading', { level: 2 }).focus()
  await sam.keyboard.press('t')
  await field(sam).pressSequentially('VIP, two  words')
  await field(sam).press('Enter')
  await expect.poll(() => shown(sam)).toEqual(['two words', 'vip'])
  await expect.poll(() => shown(anna)).toEqual(['two words', 'vip'])
  await card(anna, 'Tags: two words').waitFor()
  expect(await violations(sam)).toEqual([])

  await tagsIn(anna).getByRole('button', { name: 'Remove the tag two words' }).press('Enter')
  await expect.poll(() => shown(sam)).toEqual(['vip'])
  expect(await field(anna).evaluate((input) => input === input.ownerDocument.activeElement)).toBe(true)
  await sam.getByRole('log').getByText('removed “two words”').waitFor()
  expect(await tagsOf(chats.ada)).toEqual(['vip'])
  await sam.reload()
  await expect.poll(() => shown(sam)).toEqual(['vip'])
})

it('a long tag is cut off beside the chat, and the number of further tags makes none higher in the list', async () => {
  const long = 'customers of the north '.repeat(2).slice(0, 40).trim()
  const sam = await server.adminToken()
  await call(sam, 'PATCH', `admin/chats/${chats.ada}/tags`, { add: [long] })
  await call(sam, 'PATCH', `admin/chats/${chats.bob}/tags`, { add: ['a', 'b', 'c'] })
  const page = await staffPage(`?chat=${chats.ada}`)
  await tagsIn(page).getByRole('listitem').waitFor()
  for (const box of [tagsIn(page), page.locator('.facts')])
    expect(await box.evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)).toBe(0)

  const tags = card(page, 'bob-').first().locator('.card-tags')
  await tags.getByText('+1').waitFor()
  expect(await tags.evaluate(({ scrollHeight, clientHeight }) => scrollHeight - clientHeight)).toBe(0)
})

it('half a tag is added by neither Escape nor another window, and does not go along to another chat', async () => {
  const page = await staffPage(`?chat=${chats.ada}`)
  await tagsIn(page).waitFor()
  await field(page).fill('vi')
  await field(page).press('Escape')
  expect(await field(page).inputValue()).toBe('')
  await field(page).fill('half')
  // As when another window comes to the front: the field stays the focused one of this page
  await field(page).dispatchEvent('blur')
  expect(await field(page).inputValue()).toBe('half')
  await field(page).press('Escape')
  await field(page).fill('whole')
  await card(page, 'bob-').first().click()
  await page.getByRole('log').getByText('I am bob').waitFor()
  expect(await field(page).inputValue()).toBe('')
  await expect.poll(() => tagsOf(chats.ada)).toEqual(['whole'])
  expect(await tagsOf(chats.bob)).toEqual([])
})

it('a change that was refused is taken back', async () => {
  const page = await staffPage(`?chat=${chats.ada}`)
  await tagsIn(page).waitFor()
  await page.route('**/tags', (route) => (route.request().method() === 'PATCH' ? route.abort() : route.continue()))
  await field(page).fill('vip')
  await field(page).press('Enter')
  await page.getByRole('alert').getByText('The tags were not changed.').waitFor()
  expect(await shown(page)).toEqual([])
  expect(await tagsOf(chats.ada)).toEqual([])
})

it('the list shows the chats with a tag, follows what happens to them, and the address names it', async () => {
  const sam = await server.adminToken()
  await call(sam, 'PUT', `admin/chats/${chats.ada}/tags`, { tags: ['refund'] })
  const page = await staffPage('')
  await card(page, 'ada-').first().waitFor()
  await page.getByRole('combobox', { name: 'Only chats with the tag' }).selectOption('refund')
  await expect.poll(() => page.locator('[data-chat]').count()).toBe(1)
  expect(new URL(page.url()).search).toBe('?tag=refund')
  expect(await violations(page)).toEqual([])
  await call(sam, 'PATCH', `admin/chats/${chats.bob}/tags`, { add: ['refund'] })
  await expect.poll(() => page.locator('[data-chat]').count()).toBe(2)
  await page.getByRole('tab', { name: 'Archived' }).click()
  await page.getByText('No archived chat has the tag “refund”').waitFor()
  await page.getByRole('combobox', { name: 'Only chats with the tag' }).selectOption('')
  expect(new URL(page.url()).search).toBe('?archived=true')
  await page.goto(`${server.url}/dashboard?chat=${chats.ada}`)
  await tagsIn(page).getByRole('button', { name: 'refund', exact: true }).click()
  expect(new URL(page.url()).search).toBe(`?tag=refund&chat=${chats.ada}`)
  await expect.poll(() => page.locator('[data-chat]').count()).toBe(2)
})

it('on a phone the tags are in the dialog about the person', async () => {
  const phone = { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true }
  const page = await staffPage(`?chat=${chats.bob}`, phone)
  await page.getByRole('button', { name: 'Details' }).tap()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('combobox', { name: 'Add a tag' }).fill(`${'long'.repeat(9)} w`)
  await page.keyboard.press('Enter')
  await expect.poll(() => dialog.getByRole('listitem').count()).toBe(1)
  expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(320)
  expect(await violations(page)).toEqual([])
})

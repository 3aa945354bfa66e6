// The palette of the dashboard: chats and commands by keyboard, from wherever one is.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { violations } from '../support/axe.ts'
import { launchBrowser } from '../support/browser.ts'
import { startServer, type TestServer } from '../support/running-server.ts'

let browser: Browser
let server: TestServer
let context: BrowserContext
let page: Page
const chats: Record<string, string> = {}

beforeAll(async () => {
  browser = await launchBrowser()
  server = await startServer()
  for (const id of ['ada', 'bob', 'zoë']) chats[id] = await say(id)
  const headers = { authorization: `Bearer ${await server.adminToken('colleague')}` }
  await fetch(`${server.url}/admin/chats/${chats['bob']}/archive`, { method: 'POST', headers })
  context = await browser.newContext()
  context.setDefaultTimeout(120_000)
  await context.request.post(`${server.url}/dashboard/session`, {
    headers: { authorization: `Bearer ${await server.adminToken()}` },
  })
  page = await context.newPage()
  await page.goto(`${server.url}/dashboard?chat=${chats['ada']}`)
  await page.getByRole('log').getByText('Hello from ada').waitFor()
})
afterAll(async () => {
  await browser.close()
  await server.stop()
})

async function say(id: string): Promise<string> {
  const headers = { authorization: `Bearer ${await server.userToken(id)}`, 'content-type': 'application/json' }
  const chat = (await (await fetch(`${server.url}/support_chat`, { headers })).json()) as { id: string }
  const body = JSON.stringify({ content: `Hello from ${id}` })
  await fetch(`${server.url}/support_chat/messages`, { method: 'POST', headers, body })
  return chat.id
}
const box = () => page.getByRole('combobox', { name: 'Find a chat or a command' })
const chosen = () => page.getByRole('option', { selected: true })
const focused = (): Promise<string> =>
  page.evaluate<string>(`document.activeElement.id || document.activeElement.tagName`)
const chatInAddress = (): string | null => new URL(page.url()).searchParams.get('chat')

it('opens over a text that somebody types, says to screen readers what is chosen, and gives the focus back', async () => {
  const message = page.getByRole('textbox', { name: 'Message' })
  await message.fill('Half a sentence')
  await page.keyboard.press('Control+k')
  await box().waitFor()
  await chosen().getByText('zoë@example.com').waitFor()
  expect(await chosen().getByRole('img', { name: 'Unread' }).count()).toBe(1)
  expect(await violations(page)).toEqual([])
  for (const key of ['ArrowDown', 'ArrowDown', 'ArrowUp']) await page.keyboard.press(key)
  expect(await chosen().innerText()).toMatch(/^Write a reply/)
  const id = await chosen().getAttribute('id')
  expect(await box().getAttribute('aria-activedescendant')).toBe(id)
  // A space would make two ids of it
  expect(id).toMatch(/^\S+$/)
  await page.keyboard.press('Escape')
  await box().waitFor({ state: 'detached' })
  expect(await message.inputValue()).toBe('Half a sentence')
  expect(await focused()).toBe('TEXTAREA')
  await message.fill('')
})

it('takes what is typed while it is loaded, which neither the message nor the page gets', async () => {
  const slow = await context.newPage()
  let load = (): void => {}
  const held = new Promise<void>((resolve) => (load = resolve))
  await slow.route(/assets\/dialog-.*\.js/, async (route) => {
    await held
    await route.continue()
  })
  await slow.goto(`${server.url}/dashboard?chat=${chats['ada']}`)
  const message = slow.getByRole('textbox', { name: 'Message' })
  await message.fill('Half a sentence')
  await slow.keyboard.press('Control+k')
  await slow.getByRole('dialog').waitFor()
  await slow.keyboard.type('zoe')
  await slow.keyboard.press('Enter')
  load()
  await slow.getByRole('option', { selected: true }).getByText('zoë@example.com').waitFor()
  const palette = slow.getByRole('combobox', { name: 'Find a chat or a command' })
  expect(await palette.inputValue()).toBe('zoe')
  await slow.keyboard.type('!')
  expect(await palette.inputValue()).toBe('zoe!')
  await slow.keyboard.press('Escape')
  await palette.waitFor({ state: 'detached' })
  expect(await slow.evaluate<string>('document.activeElement.tagName')).toBe('TEXTAREA')
  expect(await message.inputValue()).toBe('Half a sentence')
  expect(await slow.getByRole('log').getByText('Half a sentence').count()).toBe(0)
  await message.fill('')
  await slow.close()
})

it('opens a chat by a name or an address in either tab, whatever its accents', async () => {
  await page.keyboard.press('Control+k')
  await box().fill('zoe')
  await chosen().getByText('zoë@example.com').waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('log').getByText('Hello from zoë').waitFor()
  expect(chatInAddress()).toBe(chats['zoë'])
  await expect.poll(focused).toBe('conversation-title')
  await page.keyboard.press('Control+k')
  await box().fill('bob@')
  await chosen().getByText('Archived').waitFor()
  await chosen().click()
  await page.getByRole('log').getByText('Hello from bob').waitFor()
  expect(chatInAddress()).toBe(chats['bob'])
})

it('does what is typed: commands of the open chat, pages, and a search in the list', async () => {
  const run = async (text: string, command: RegExp): Promise<void> => {
    await page.keyboard.press('Control+k')
    await box().fill(text)
    await expect.poll(() => chosen().innerText()).toMatch(command)
    await page.keyboard.press('Enter')
    await box().waitFor({ state: 'detached' })
  }
  await run('write note', /^Write a note/)
  await expect.poll(() => focused()).toBe('TEXTAREA')
  expect(await page.getByRole('textbox', { name: 'Note, only staff sees this' }).count()).toBe(1)
  await run('rest', /^Restore/)
  await page.getByRole('link', { name: /bob@example\.com/ }).waitFor()
  await run('notif', /^Notifications/)
  await page.getByRole('heading', { name: 'Notifications' }).waitFor()
  await run('shortcuts', /^Keyboard shortcuts/)
  const help = page.getByRole('dialog', { name: 'Keyboard shortcuts' })
  await help.waitFor()
  // One dialog at a time
  await page.keyboard.press('Control+k')
  expect(await page.getByRole('dialog').count()).toBe(1)
  await page.keyboard.press('Escape')
  await run('parcel', /^Search for “parcel” in the list/)
  await expect.poll(() => page.locator('#search').inputValue()).toBe('parcel')
  await expect.poll(focused).toBe('search')
  await page.keyboard.press('Escape')
})

it('opens by the key beside Ctrl on every layout, and where single keys are off', async () => {
  await page.evaluate(`localStorage.setItem('deskbell:single-keys', 'false'); dispatchEvent(new Event('storage'))`)
  const keyboard = await context.newCDPSession(page)
  await keyboard.send('Input.dispatchKeyEvent', { type: 'keyDown', key: 'л', code: 'KeyK', modifiers: 2 })
  await box().waitFor()
  await keyboard.send('Input.dispatchKeyEvent', { type: 'keyUp', key: 'л', code: 'KeyK', modifiers: 2 })
  expect(await page.getByRole('option').locator('kbd').count()).toBe(0)
  await page.keyboard.press('Escape')
  await box().waitFor({ state: 'detached' })
})

it('fits a phone, where the menu leads to it', async () => {
  await page.setViewportSize({ width: 320, height: 640 })
  await page.goto(`${server.url}/dashboard`)
  await page.getByRole('button', { name: /^Menu/ }).click()
  await page.getByRole('button', { name: 'Find a chat or a command' }).click()
  await box().fill('example')
  await page.getByRole('option', { name: /ada@example/ }).waitFor()
  expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(320)
  const { width, x } = (await page.getByRole('dialog').boundingBox()) ?? { width: 0, x: -1 }
  expect([x >= 0, x + width <= 320]).toEqual([true, true])
  await page.getByRole('option', { name: /ada@example/ }).click()
  await page.getByRole('log').getByText('Hello from ada').waitFor()
})

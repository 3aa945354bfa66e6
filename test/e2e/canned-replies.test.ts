// Canned replies in the dashboard: found and inserted while one writes, and managed on a page of their own.
import { readFileSync } from 'node:fs'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { violations } from '../support/axe.ts'
import { launchBrowser } from '../support/browser.ts'
import { startServer, type TestServer } from '../support/running-server.ts'

let browser: Browser
let server: TestServer
let contexts: BrowserContext[] = []
let ada = ''
let chat = ''
const problems: string[] = []

beforeAll(async () => {
  browser = await launchBrowser()
  server = await startServer()
  ada = await server.userToken('ada', 'Ada')
  chat = ((await call(ada, 'GET', 'support_chat')) as { id: string }).id
  await call(ada, 'POST', 'support_chat/messages', { content: 'Where are my invoices?' })
})
afterAll(async () => {
  await browser.close()
  await server.stop()
})
beforeEach(async () => {
  const sam = await server.adminToken()
  const { replies } = (await call(sam, 'GET', 'admin/replies')) as { replies: { id: string }[] }
  for (const { id } of replies) await call(sam, 'DELETE', `admin/replies/${id}`)
  await call(sam, 'POST', 'admin/replies/import', {
    replies: [
      { shortcut: 'hello', title: 'A greeting', body: 'Hello {{user.name|there}},\n\nI am {{agent.name}}.' },
      { shortcut: 'invoices', title: 'Where they are', body: 'They are under Billing. Yours is {{number}}.' },
      { shortcut: 'refund', title: '', body: 'It is on its way.' },
    ],
  })
})
afterEach(async () => {
  await Promise.all(contexts.map((context) => context.close()))
  contexts = []
  expect(problems.splice(0)).toEqual([])
})

async function call(token: string, method: string, path: string, body?: object): Promise<unknown> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const answer = await fetch(`${server.url}/${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) })
  return answer.status === 204 ? null : answer.json()
}
async function staffPage(path: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context = await browser.newContext({ bypassCSP: true, ...options })
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
const chatPage = async (options = {}): Promise<Page> => {
  const page = await staffPage(`?chat=${chat}`, options)
  await box(page).waitFor()
  return page
}
const box = (page: Page) => page.getByRole('textbox', { name: 'Message', exact: true })
const options = (page: Page) => page.getByRole('option')
const chosen = (page: Page) => page.getByRole('option', { selected: true })
const selected = (page: Page) =>
  box(page).evaluate((field) => {
    const { value, selectionStart, selectionEnd } = field as unknown as Record<
      'selectionStart' | 'selectionEnd',
      number
    > & {
      value: string
    }
    return value.slice(selectionStart, selectionEnd)
  })
async function lastMessage(): Promise<string | undefined> {
  const { messages } = (await call(ada, 'GET', 'support_chat')) as { messages: { content: string }[] }
  return messages.at(-1)?.content
}

it('a slash at the start of a line finds them while one types, and Enter inserts one with the names, and sends nothing', async () => {
  const page = await chatPage()
  await box(page).fill('One moment\n')
  await box(page).press('End')
  await box(page).pressSequentially('/')
  await chosen(page).getByText('Hello Ada, I am Sam.').waitFor()
  expect(await options(page).count()).toBe(3)
  expect(await violations(page)).toEqual([])
  await box(page).press('ArrowDown')
  await chosen(page).getByText('/invoices').waitFor()
  // A screen reader is told which one it is
  const id = await box(page).getAttribute('aria-activedescendant')
  expect(await chosen(page).getAttribute('id')).toBe(id)
  await box(page).press('ArrowUp')
  await box(page).press('ArrowUp')
  await chosen(page).getByText('/refund').waitFor()
  await box(page).pressSequentially('GREET')
  await expect.poll(() => options(page).count()).toBe(1)
  await box(page).press('Enter')
  await expect.poll(() => box(page).inputValue()).toBe('One moment\nHello Ada,\n\nI am Sam.')
  expect(await options(page).count()).toBe(0)
  expect(await box(page).getAttribute('aria-activedescendant')).toBe(null)
  expect(await lastMessage()).toBe('Where are my invoices?')
  await box(page).press('Control+z')
  await expect.poll(() => box(page).inputValue()).toBe('One moment\n/GREET')
  await box(page).press('Control+Shift+z')
  await box(page).press('Enter')
  await expect.poll(lastMessage).toBe('One moment\nHello Ada,\n\nI am Sam.')
})

it('what only the person can fill in is selected, by pointer as by key, in a note as in a reply', async () => {
  const page = await chatPage()
  await box(page).pressSequentially('/inv')
  await options(page).first().click()
  await expect.poll(() => selected(page)).toBe('{{number}}')
  await page.getByRole('button', { name: /^Note/ }).click()
  const note = page.getByRole('textbox', { name: 'Note, only staff sees this' })
  await note.pressSequentially('/ref')
  await chosen(page).waitFor()
  await note.press('Enter')
  await expect.poll(() => note.inputValue()).toBe('It is on its way.')
})

it('Escape leaves what was typed, and a text that begins with a slash is sent as it is', async () => {
  const page = await chatPage()
  await box(page).pressSequentially('/h')
  await chosen(page).waitFor()
  await box(page).press('Escape')
  await expect.poll(() => options(page).count()).toBe(0)
  await box(page).pressSequentially('ello')
  expect(await options(page).count()).toBe(0)
  expect(await box(page).inputValue()).toBe('/hello')
  await box(page).press('Enter')
  await expect.poll(lastMessage).toBe('/hello')
  await box(page).pressSequentially('/tmp is full')
  await box(page).press('Enter')
  await expect.poll(lastMessage).toBe('/tmp is full')
  await box(page).pressSequentially('see /')
  expect(await options(page).count()).toBe(0)
})

it('an Enter of an input method inserts one as well, and sends half a shortcut never', async () => {
  const page = await chatPage()
  const before = await lastMessage()
  const keyboard = await page.context().newCDPSession(page)
  // Chromium says 229 for what a Korean input method or the keyboard of a phone handles, and then what comes of it
  const enter = async (): Promise<void> => {
    await keyboard.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', windowsVirtualKeyCode: 229, key: 'Process' })
    await keyboard.send('Input.dispatchKeyEvent', { type: 'char', text: '\r', windowsVirtualKeyCode: 13, key: 'Enter' })
  }
  await box(page).pressSequentially('/ref')
  await chosen(page).waitFor()
  await enter()
  await expect.poll(() => box(page).inputValue()).toBe('It is on its way.')
  expect(await lastMessage()).toBe(before)
  await page.reload()
  let answer = (): void => {}
  const held = new Promise<void>((resolve) => (answer = resolve))
  await page.route('**/admin/replies', async (route) => {
    await held
    await route.continue()
  })
  await box(page).fill('')
  await box(page).pressSequentially('/ref')
  await page.getByText('Loading canned replies…').waitFor()
  await enter()
  answer()
  await chosen(page).waitFor()
  expect(await box(page).inputValue()).toBe('/ref')
  expect(await lastMessage()).toBe(before)
})

it('the button inserts where the cursor is then, and what is to be filled in is selected whatever ends the lines', async () => {
  const sam = await server.adminToken()
  await call(sam, 'POST', 'admin/replies/import', {
    replies: [{ shortcut: 'lines', title: '', body: 'One\r\ntwo\r\nthree {{number}}' }],
  })
  const page = await chatPage()
  await box(page).fill('Dear Ada, ')
  await page.getByRole('button', { name: 'Canned replies' }).click()
  await page.getByRole('combobox', { name: 'Search canned replies' }).fill('lines')
  await chosen(page).getByText('/lines').waitFor()
  await box(page).press('End')
  await box(page).pressSequentially('here: ')
  await chosen(page).click()
  await expect.poll(() => box(page).inputValue()).toBe('Dear Ada, here: One\ntwo\nthree {{number}}')
  expect(await selected(page)).toBe('{{number}}')
})

it('a slash opens them again after a message that was sent by the button', async () => {
  const page = await chatPage()
  await box(page).pressSequentially('/h')
  await chosen(page).waitFor()
  await box(page).press('Escape')
  await box(page).pressSequentially('ome')
  await page.getByRole('button', { name: 'Send' }).click()
  await expect.poll(lastMessage).toBe('/home')
  await box(page).pressSequentially('/ref')
  await chosen(page).getByText('/refund').waitFor()
})

it('the button opens them with a search of their own, for the place of the cursor', async () => {
  const page = await chatPage({ viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true })
  await box(page).fill('Good news: ')
  await page.getByRole('button', { name: 'Canned replies' }).tap()
  const search = page.getByRole('combobox', { name: 'Search canned replies' })
  await search.fill('nothing like it')
  await page.getByText('No canned reply matches “nothing like it”.').waitFor()
  expect(await violations(page)).toEqual([])
  await search.fill('refu')
  await chosen(page).getByText('/refund').waitFor()
  expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(320)
  await search.press('Enter')
  await expect.poll(() => box(page).inputValue()).toBe('Good news: It is on its way.')
  await page.getByRole('button', { name: 'Canned replies' }).tap()
  await search.press('Escape')
  await expect.poll(() => search.count()).toBe(0)
  expect(await box(page).evaluate((field) => field === field.ownerDocument.activeElement)).toBe(true)
})

it('staff add, change and delete them on a page, by keyboard too, and are told what does not work', async () => {
  const page = await staffPage('?page=replies')
  const row = (name: string) => page.getByRole('listitem').filter({ hasText: name })
  await row('/refund').waitFor()
  expect(await violations(page)).toEqual([])
  await page.getByRole('button', { name: 'New canned reply' }).press('Enter')
  const shortcut = page.getByRole('textbox', { name: 'Shortcut' })
  await expect.poll(() => shortcut.evaluate((field) => field === field.ownerDocument.activeElement)).toBe(true)
  await shortcut.pressSequentially('/Two words')
  await page.getByRole('textbox', { name: 'Text' }).fill('Hello ')
  await page.getByRole('button', { name: 'Insert their name' }).click()
  expect(await page.getByRole('textbox', { name: 'Text' }).inputValue()).toBe('Hello {{user.name}}')
  expect(await violations(page)).toEqual([])
  await shortcut.press('Enter')
  await page.getByRole('status').getByText('/two-words was added.').waitFor()
  await row('/two-words').getByText('Hello {{user.name}}').waitFor()

  await page.getByRole('button', { name: 'Edit /two-words' }).click()
  await shortcut.fill('refund')
  await page.getByRole('button', { name: 'Save' }).click()
  await page.getByRole('alert').getByText('Another canned reply has this shortcut.').waitFor()
  const asked: string[] = []
  page.once('dialog', (dialog) => {
    asked.push(dialog.message())
    void dialog.dismiss()
  })
  await shortcut.press('Escape')
  await expect.poll(() => asked).toEqual(['Discard what you typed?'])
  expect(await shortcut.inputValue()).toBe('refund')
  // It ends what an input method composes, and nothing else
  const keyboard = await page.context().newCDPSession(page)
  await shortcut.press('End')
  await keyboard.send('Input.imeSetComposition', { text: ' にほ', selectionStart: 3, selectionEnd: 3 })
  await keyboard.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', windowsVirtualKeyCode: 229, key: 'Escape' })
  expect(await shortcut.inputValue()).toBe('refund にほ')
  await shortcut.blur()
  await expect.poll(() => shortcut.inputValue()).toBe('refund-にほ')
  await shortcut.focus()
  page.once('dialog', (dialog) => void dialog.accept())
  await shortcut.press('Escape')
  await expect.poll(() => shortcut.count()).toBe(0)
  await page.getByRole('button', { name: 'Edit /two-words' }).click()
  await page.getByRole('textbox', { name: 'Title' }).fill('Short')
  await page.getByRole('textbox', { name: 'Title' }).press('Enter')
  await row('/two-words').getByText('Short').waitFor()

  page.once('dialog', (dialog) => void dialog.accept())
  await page.getByRole('button', { name: 'Delete /two-words' }).click()
  await page.getByRole('status').getByText('/two-words was deleted.').waitFor()
  expect(await row('/two-words').count()).toBe(0)
})

it('what is exported is imported again, and a file of something else changes nothing', async () => {
  const page = await staffPage('?page=replies', { viewport: { width: 320, height: 640 } })
  const download = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Export' }).click()
  const file = await (await download).path()
  const { replies } = JSON.parse(readFileSync(file, 'utf8')) as { replies: object[] }
  expect(replies[0]).toEqual({ shortcut: 'hello', title: 'A greeting', body: expect.any(String) as string })
  const take = async (text: string): Promise<void> => {
    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Import' }).click()
    const file = { name: 'replies.json', mimeType: 'application/json', buffer: Buffer.from(text) }
    await (await chooser).setFiles(file)
  }
  await take(
    JSON.stringify({ replies: [...replies.slice(1), { shortcut: 'new', body: 'New' }, { ...replies[0], body: 'Hi' }] }),
  )
  await page.getByText('1 added, 1 changed, 2 unchanged.').waitFor()
  await page.getByText('/new', { exact: true }).waitFor()
  await take('{"replies": 7}')
  await page.getByRole('alert').getByText('This is no file of canned replies.').waitFor()
  await take(JSON.stringify([{ shortcut: 'a b', body: 'x' }]))
  await page.getByRole('alert').getByText('Something in it cannot be stored').waitFor()
  expect(await page.getByRole('listitem').count()).toBe(4)
  expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(320)
})

it('shows the picker with its styles, and asks for them again where they did not come', async () => {
  const isStyled = (page: Page) => page.evaluate(`getComputedStyle(document.querySelector('.reply-picker')).position`)
  const page = await staffPage('')
  let refused = 0
  await page.route('**/replies-*.css', (route) => (refused++ ? route.continue() : route.abort()))
  await page.reload()
  await page.getByRole('link', { name: /Ada/ }).click()
  await box(page).fill('/')
  await options(page).first().waitFor()
  await page.keyboard.press('Escape')
  await box(page).fill('')
  await box(page).pressSequentially('/')
  await options(page).first().waitFor()
  await expect.poll(() => isStyled(page)).toBe('absolute')
})

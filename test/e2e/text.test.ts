// What people write, and when, as the widget and the dashboard show it.
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { startServer, type TestServer } from '../support/running-server.ts'

const DAY = 24 * 3_600_000

let browser: Browser
let server: TestServer
/** As staff */
let signedIn: Awaited<ReturnType<BrowserContext['storageState']>> = { cookies: [], origins: [] }
beforeAll(async () => {
  browser = await launchBrowser()
  server = await startServer()
  const context = await newContext()
  const page = await context.newPage()
  await page.goto(server.signInUrl)
  await page.getByRole('main').waitFor()
  signedIn = await context.storageState()
  await context.close()
})
afterAll(async () => {
  await browser.close()
  await server.stop()
})

/** @returns when the message was stored, in milliseconds since 1970 */
async function write(person: string, content: string): Promise<number> {
  const headers = {
    authorization: `Bearer ${await server.userToken(person)}`,
    'content-type': 'application/json',
  }
  await fetch(`${server.url}/support_chat`, { headers })
  const body = JSON.stringify({ content })
  const answer = await fetch(`${server.url}/support_chat/messages`, { method: 'POST', headers, body })
  const { created_at } = (await answer.json()) as { created_at: string }
  return Date.parse(created_at)
}

async function newContext(): Promise<BrowserContext> {
  const context = await browser.newContext({
    timezoneId: 'UTC',
    viewport: { width: 1200, height: 800 },
    storageState: signedIn,
  })
  context.setDefaultTimeout(60_000)
  return context
}

async function openWidget(page: Page, person: string): Promise<void> {
  await page.goto(`${server.url}/demo`)
  const token = JSON.stringify(await server.userToken(person))
  await page.evaluate(`document.querySelector('deskbell-chat').setAttribute('token', ${token})`)
  await page.getByRole('button', { name: /^Open support chat/ }).click()
  await page.getByRole('textbox', { name: 'Message' }).waitFor()
}

async function openDashboard(page: Page, person: string): Promise<void> {
  await page.goto(`${server.url}/dashboard`)
  await page.getByRole('link', { name: new RegExp(person) }).click()
  await page.getByRole('textbox', { name: 'Message' }).waitFor()
}

const days = (page: Page) => page.locator('.db-day')

it.each([
  ['widget', openWidget],
  ['dashboard', openDashboard],
])(
  'addresses are links that nothing before them turns around, or text where their rules do not load (%s)',
  async (where, open) => {
    const person = `links-${where}`
    await write(person, '\u202e请看 https://a.example/x。')
    const context = await newContext()
    const page = await context.newPage()
    await open(page, person)
    const link = page.getByRole('log').getByRole('link')
    await link.waitFor()
    expect(await link.getAttribute('href')).toBe('https://a.example/x')
    expect(await link.textContent()).toBe('https://a.example/x')
    // In Hebrew and Arabic too, and after a character that turns what follows
    const style = await link.evaluate((element) => {
      const { getComputedStyle } = globalThis as unknown as {
        getComputedStyle: (e: unknown) => { direction: string; unicodeBidi: string }
      }
      const { direction, unicodeBidi } = getComputedStyle(element)
      return [direction, unicodeBidi]
    })
    expect(style).toEqual(['ltr', 'isolate'])
    await page.route('**/linkify-*', (route) => route.abort())
    await page.reload()
    await open(page, person)
    await page.getByRole('log').getByText('https://a.example/x').waitFor()
    expect(await link.count()).toBe(0)
    await context.close()
  },
)

it.each([
  ['widget', openWidget],
  ['dashboard', openDashboard],
])('over midnight, today becomes yesterday by itself (%s)', async (where, open) => {
  const person = `late-${where}`
  const at = await write(person, 'Still up?')
  const context = await newContext()
  const page = await context.newPage()
  await page.clock.install({ time: Math.floor(at / DAY) * DAY + DAY - 60_000 })
  await open(page, person)
  await page.getByRole('log').getByText('Still up?').waitFor()
  expect(await days(page).allTextContents()).toEqual(['Today'])
  await page.clock.fastForward(61_000)
  await expect.poll(() => days(page).allTextContents()).toEqual(['Yesterday'])
  await context.close()
})

it('with a clock that is a day ahead, each day is shown once, in order, offline and back', async () => {
  const context = await newContext()
  const page = await context.newPage()
  await page.clock.install({ time: Date.now() + DAY })
  await openWidget(page, 'early')
  const box = page.getByRole('textbox', { name: 'Message' })
  const log = page.getByRole('log')
  const send = async (text: string): Promise<void> => {
    await box.fill(text)
    await box.press('Enter')
  }
  await send('One')
  await expect.poll(() => days(page).allTextContents()).toEqual(['Yesterday'])
  await context.setOffline(true)
  await send('Two')
  await log.getByText('Waiting to send').waitFor()
  expect(await days(page).allTextContents()).toEqual(['Yesterday'])
  await context.setOffline(false)
  await expect.poll(() => log.getByText('Waiting to send').count()).toBe(0)
  await expect.poll(() => log.locator('time').count()).toBe(1)
  expect(await days(page).allTextContents()).toEqual(['Yesterday'])
  await context.close()
})

type Class = new (...values: unknown[]) => object
interface Data {
  items: { add: (file: object) => void }
  setData: (type: string, text: string) => void
}

/** Drops or pastes into an element. @returns whether the browser may do with it what it likes, such as leaving the page */
const give = (
  into: Locator,
  type: 'drop' | 'paste',
  { file, text }: { file?: string; text?: string },
): Promise<boolean> =>
  into.evaluate(
    (element, { type, file, text }) => {
      const classes = globalThis as unknown as Record<'DataTransfer' | 'File' | 'DragEvent' | 'ClipboardEvent', Class>
      const data = new classes.DataTransfer() as Data
      if (file !== undefined) data.items.add(new classes.File(['x'], file))
      if (text !== undefined) data.setData('text/plain', text)
      const options = { bubbles: true, composed: true, cancelable: true, dataTransfer: data, clipboardData: data }
      const event = new classes[type === 'drop' ? 'DragEvent' : 'ClipboardEvent'](type, options)
      return (element as unknown as { dispatchEvent: (event: object) => boolean }).dispatchEvent(event)
    },
    { type, file, text },
  )

it.each([
  ['widget', openWidget],
  ['dashboard', openDashboard],
])('a file that is dropped or pasted is refused in words, and never takes the page away (%s)', async (where, open) => {
  const person = `files-${where}`
  await write(person, 'Hello')
  const context = await newContext()
  const page = await context.newPage()
  await page.clock.install()
  await open(page, person)
  const log = page.getByRole('log')
  const box = page.getByRole('textbox', { name: 'Message' })
  const refusal = page.getByText('Files cannot be sent here yet.')

  expect(await give(log, 'drop', { file: 'a.png' })).toBe(false)
  await refusal.waitFor()
  await page.clock.fastForward(10_000)
  await refusal.waitFor({ state: 'detached' })

  await give(box, 'paste', { file: 'a.png' })
  await refusal.waitFor()
  await box.pressSequentially('a')
  await refusal.waitFor({ state: 'detached' })

  // Office programs put a picture beside the text
  await give(box, 'paste', { file: 'a.png', text: 'Cell' })
  expect(await give(box, 'drop', { text: 'words' })).toBe(true)
  // A browser goes to a link that is dropped
  expect(await give(log, 'drop', { text: 'https://a.example' })).toBe(false)
  expect(await refusal.count()).toBe(0)
  if (where === 'dashboard') expect(await give(page.locator('main'), 'drop', { file: 'a.png' })).toBe(false)
  await context.close()
})

it('Enter sends, also by keyboards that do not say which key it was, but not while a word is composed', async () => {
  const context = await newContext()
  const page = await context.newPage()
  await openWidget(page, 'keys')
  const box = page.getByRole('textbox', { name: 'Message' })
  const sent = page.locator('.db-bubble')
  const browserKeys = await context.newCDPSession(page)
  const press = async (key: { text?: string; modifiers?: number }): Promise<void> => {
    const unknown = { key: 'Unidentified', windowsVirtualKeyCode: 229, modifiers: key.modifiers ?? 0 }
    await browserKeys.send('Input.dispatchKeyEvent', { type: 'rawKeyDown', ...unknown })
    if (key.text !== undefined)
      await browserKeys.send('Input.dispatchKeyEvent', { type: 'char', ...unknown, text: key.text })
    await browserKeys.send('Input.dispatchKeyEvent', { type: 'keyUp', ...unknown })
  }
  const shift = 8
  await box.focus()
  await browserKeys.send('Input.imeSetComposition', { text: '하', selectionStart: 1, selectionEnd: 1 })
  // It takes a proposal over, and is no line break
  await press({})
  await browserKeys.send('Input.insertText', { text: '한' })
  await press({ text: '\r', modifiers: shift })
  await box.pressSequentially('글')
  expect(await box.inputValue()).toBe('한\n글')
  expect(await sent.count()).toBe(0)
  await press({ text: '\r' })
  await expect.poll(() => sent.allTextContents()).toEqual(['한\n글'])
  expect(await box.inputValue()).toBe('')
  await box.fill('again')
  await box.press('Shift+Enter')
  await box.press('Enter')
  await expect.poll(() => sent.allTextContents()).toEqual(['한\n글', 'again'])
  await context.close()
})

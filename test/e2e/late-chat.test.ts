// What an open chat is drawn with comes after the list, and may be late or not come at all.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { startDesk, type Desk } from '../support/desk.ts'

const PARTS = /\/assets\/chat-parts-/

let browser: Browser
let desk: Desk
let chat: string
beforeAll(async () => {
  browser = await launchBrowser()
  desk = await startDesk({
    authenticate: (request) => (request.headers.get('cookie') ? { id: 'sam', role: 'admin' } : null),
  })
  const ada = await desk.user('ada')
  chat = (await desk.call<{ id: string }>('GET', '/support_chat', ada)).body.id
  await desk.call('POST', '/support_chat/messages', ada, { content: 'Where is my invoice?' })
})
afterAll(async () => {
  await browser.close()
  await desk.stop()
})

async function staffPage(path: string, prepare: (page: Page) => Promise<unknown>): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1300, height: 700 } })
  await context.addCookies([{ name: 'staff', value: '1', url: desk.url }])
  const page = await context.newPage()
  await prepare(page)
  await page.goto(`${desk.url}/dashboard${path}`)
  return page
}
const row = (page: Page) => page.getByRole('link', { name: /ada@example\.com/ })
const thread = (page: Page) => page.getByRole('log').getByText('Where is my invoice?')

it('comes by itself once the list is there, so that a chat opens without asking for it', async () => {
  let asked = 0
  const page = await staffPage('', async (one) => {
    one.on('request', (request) => void (PARTS.test(request.url()) && asked++))
  })
  await row(page).waitFor()
  await expect.poll(() => asked).toBe(1)
  await row(page).click()
  await thread(page).waitFor()
  expect(asked).toBe(1)
})

it('that does not come says so, beside a list that works, and can be tried again', async () => {
  let isDown = true
  const page = await staffPage(`/chats/${chat}`, (one) =>
    one.route(PARTS, (route) => (isDown ? route.abort() : route.continue())),
  )
  await page.getByText('The conversation did not load. Nothing is lost.').waitFor()
  await row(page).waitFor()
  expect(await page.getByRole('heading', { name: 'ada@example.com' }).isVisible()).toBe(true)
  isDown = false
  await page.getByRole('button', { name: 'Try again' }).click()
  await thread(page).waitFor()
  await page.getByRole('button', { name: 'Unassigned. Assign this chat' }).waitFor()
  await page.context().close()
})

it('that did not come is asked for again with the next chat that is opened', async () => {
  let failures = 1
  let failed: Promise<unknown> | undefined
  const page = await staffPage('', (one) => {
    failed = one.waitForEvent('requestfailed', { predicate: (request) => PARTS.test(request.url()), timeout: 120_000 })
    return one.route(PARTS, (route) => (failures-- > 0 ? route.abort() : route.continue()))
  })
  await row(page).waitFor()
  await failed
  // The script hears of it in a later task. A chat that is opened before that asks for nothing
  await page.evaluate('new Promise((resolve) => setTimeout(resolve))')
  await row(page).click()
  await thread(page).waitFor()
  await page.context().close()
})

it('that is late leaves the name, the way back and the keys of the chat, and takes no place from them when it is there', async () => {
  let arrive = (): void => undefined
  const late = new Promise<void>((resolve) => (arrive = resolve))
  const page = await staffPage(`/chats/${chat}`, (one) =>
    one.route(PARTS, async (route) => {
      await late
      await route.continue()
    }),
  )
  const name = page.getByRole('heading', { name: 'ada@example.com' })
  await page.getByRole('button', { name: 'Archive', exact: true }).waitFor()
  const place = await name.boundingBox()
  // Of a box that is not there yet
  await page.keyboard.press('n')
  expect(await page.getByRole('status').getByText('Loading the conversation').isVisible()).toBe(true)
  arrive()
  await thread(page).waitFor()
  expect(await page.getByRole('button', { name: 'Note', pressed: true }).isVisible()).toBe(true)
  expect(await name.boundingBox()).toEqual(place)
  await page.context().close()
})

// What the panel says will be sent is sent: once, in order, as its writer, also when the page is closed before. What it cannot keep,
// it does not promise.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { startDesk, type Desk } from '../support/desk.ts'
import { box, launcher, log, say, visitHost } from '../support/widget-page.ts'

let browser: Browser
let desk: Desk
let context: BrowserContext
beforeAll(async () => {
  browser = await launchBrowser()
  desk = await startDesk()
})
afterAll(async () => {
  await browser.close()
  await desk.stop()
})
beforeEach(async () => {
  context = await browser.newContext()
  context.setDefaultTimeout(120_000)
})
afterEach(() => context.close())

/** The host's page for whoever has this token */
async function visit(token: string | null, isOpen = true): Promise<Page> {
  const page = await visitHost(context, desk.url, token === null ? '' : `data-token="${token}"`)
  if (isOpen) await open(page)
  return page
}
async function open(page: Page): Promise<void> {
  await launcher(page).click()
  await box(page).waitFor()
}
async function stored(userId: string): Promise<string[]> {
  const path = '/support_chat/messages'
  const { body } = await desk.call<{ messages: { content: string }[] }>('GET', path, await desk.user(userId))
  return body.messages.map(({ content }) => content)
}
const EXPIRED = -600
const forged = async (id: string): Promise<string> => (await desk.user(id)).replace(/\.[^.]+$/, '.bm9ib2R5')

it.each([
  ['has expired', (id: string) => desk.user(id, EXPIRED)],
  ['is refused', forged],
])('what is written with a token that %s is sent when a good one comes', async (why, bad) => {
  const id = `ada-${why.length}`
  const one = await visit(await bad(id))
  await one.getByText('You are signed out. Reload the page to go on.').waitFor()
  expect(await one.getByText('Offline').count()).toBe(0)
  await say(one, 'One')
  const two = await visit(await bad(id))
  await say(two, 'Two')
  await say(one, 'Three')
  await log(one).getByText('Waiting to send').waitFor()
  await one.close()
  await two.close()
  // Somebody else comes first
  const other = await visit(await desk.user(`bob-${id}`))
  await say(other, 'From Bob')
  await log(other).getByText('From Bob').waitFor()
  await expect.poll(() => stored(`bob-${id}`)).toEqual(['From Bob'])
  await other.close()

  const back = await visit(await desk.user(id))
  await expect.poll(() => stored(id)).toEqual(['One', 'Two', 'Three'])
  await log(back).getByText('Three').waitFor()
  expect(await back.evaluate(() => Object.keys(localStorage).filter((key) => key.includes('outbox')))).toEqual([])
})

it('what is written on a first visit whose line breaks before the chat has loaded is sent at the next visit', async () => {
  await context.route(/support_chat/, (route) => route.abort())
  await context.routeWebSocket(/cable/, (socket) => void socket.close())
  const first = await visit(await desk.user('cyd'))
  await first.getByText('The conversation did not load').waitFor()
  await say(first, 'One')
  await log(first).getByText('Waiting to send').waitFor()
  await first.close()
  await context.unroute(/support_chat/)
  await visit(await desk.user('cyd'))
  await expect.poll(() => stored('cyd')).toEqual(['One'])
})

it('a first message is sent at the next visit of its writer, also when the chat stays closed; its draft waits in the box', async () => {
  await context.route(/support_chat/, (route) => route.abort())
  await context.routeWebSocket(/cable/, (socket) => void socket.close())
  const first = await visit(await desk.user('eve'))
  await say(first, 'One')
  await log(first).getByText('Waiting to send').waitFor()
  await box(first).fill('Half of two')
  await first.close()
  await context.unroute(/support_chat/)
  // Nothing is begun for somebody else
  const asked = context.waitForEvent('response', (response) => response.url().includes('/support_chat/unread'))
  await visit(await desk.user('fay'), false)
  await asked
  const back = await visit(await desk.user('eve'), false)
  await expect.poll(() => stored('eve')).toEqual(['One'])
  const { body } = await desk.call('GET', '/support_chat/unread', await desk.user('fay'))
  expect(body).toMatchObject({ chat_id: null })
  await open(back)
  expect(await box(back).inputValue()).toBe('Half of two')
})

it('a message is not taken while nobody knows whose it is, and the text stays in the box', async () => {
  const page = await visit(null)
  await page.getByText('You are signed out. Sign in, then try again.').waitFor()
  await say(page, 'Whose?')
  await page.getByText('Your message stays here until the chat has loaded').last().waitFor()
  expect(await box(page).inputValue()).toBe('Whose?')
  expect(await log(page).count()).toBe(0)
  expect(await page.evaluate(() => Object.keys(localStorage))).toEqual([])
})

it('what is typed before anybody knows whose it is stays in the box while the chat loads, with what is typed meanwhile', async () => {
  const page = await visitHost(context, desk.url)
  const { promise: chatMayLoad, resolve: loadChat } = Promise.withResolvers<void>()
  await context.route(/support_chat/, async (route) => {
    await chatMayLoad
    await route.continue()
  })
  const { promise: token, resolve: giveToken } = Promise.withResolvers<string>()
  await page.exposeFunction('getToken', () => token)
  await page.evaluate(
    `customElements.whenDefined('deskbell-chat').then(() => {
      document.querySelector('deskbell-chat').getToken = () => window.getToken()
    })`,
  )
  await open(page)
  await box(page).pressSequentially('Half of ')
  const asked = context.waitForEvent('request', (request) => request.url().includes('/support_chat'))
  giveToken(await desk.user('gil'))
  await asked
  await box(page).press('End')
  await box(page).pressSequentially('a message')
  expect(await box(page).inputValue()).toBe('Half of a message')
  loadChat()
  await page.getByText('Connected').first().waitFor({ state: 'attached' })
  expect(await box(page).inputValue()).toBe('Half of a message')
})

it('a message that the browser cannot store says that the page has to stay open', async () => {
  await context.addInitScript(
    'Storage.prototype.setItem = () => { throw new DOMException("full", "QuotaExceededError") }',
  )
  const page = await visit(await desk.user('dee', EXPIRED))
  await say(page, 'Hello')
  await log(page).getByText('Waiting to send. Keep this page open.').waitFor()
})

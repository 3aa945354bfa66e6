// Somebody who has a chat and does not open it: the badge is right all the time, and the panel's chunk is not loaded for that.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { SkippingClock } from '../../src/testing/skipping-clock.ts'
import { launchBrowser } from '../support/browser.ts'
import { startDesk, type Desk } from '../support/desk.ts'
import { launcher, log, visitHost } from '../support/widget-page.ts'

const HOUR = 3_600

let browser: Browser
let clock: SkippingClock
let desk: Desk
let context: BrowserContext
let token: string
let chatId: string
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())
beforeEach(async () => {
  clock = new SkippingClock()
  desk = await startDesk({ clock })
  context = await browser.newContext()
  ;({ token, chatId } = await desk.person('ada'))
})
afterEach(async () => {
  await context.close()
  await desk.stop()
})

const reply = async (content: string): Promise<void> => {
  const { status } = await desk.call('POST', `/admin/chats/${chatId}/messages`, await desk.admin('sam', 24 * HOUR), {
    content,
  })
  expect(status).toBe(201)
}
/** The names of the widget's files, without their hash, and the paths of the API */
const asked = new WeakMap<Page, string[]>()
async function visit(attributes = `data-token="${token}"`): Promise<Page> {
  const names: string[] = []
  context.once('page', (page) => {
    asked.set(page, names)
    page.on('request', (request) => {
      const { pathname } = new URL(request.url())
      if (pathname !== '/host') names.push(pathname.replace(/-[\w-]{8}\.js/, '.js'))
    })
  })
  return visitHost(context, desk.url, attributes)
}
const isLive = (count = 1) => expect.poll(() => desk.deskbell.load().connections.cable).toBe(count)
const shows = (page: Page, count: number): Promise<void> =>
  page.getByRole('button', { name: `Open support chat${count ? `, ${count} unread` : ''}`, exact: true }).waitFor()
const hasPanel = (page: Page): boolean => asked.get(page)?.includes('/panel.js') === true
const panelComes = (page: Page) => expect.poll(() => hasPanel(page)).toBe(true)

it('counts replies live, shows the newest, and drops those that are read elsewhere, with three requests and a socket', async () => {
  await reply('One')
  const page = await visit()
  await shows(page, 1)
  await isLive()
  await reply('Two')
  await reply('Three')
  await shows(page, 3)
  await page.getByText('Three').waitFor()
  await desk.call('PATCH', '/support_chat/mark_read', token, { up_to_seq: 2 })
  await shows(page, 1)
  await desk.call('PATCH', '/support_chat/mark_read', token, { up_to_seq: 3 })
  await shows(page, 0)
  await reply('Four')
  await shows(page, 1)
  const sound = '/sound.js'
  expect(asked.get(page)?.filter((name) => name !== sound)).toEqual([
    '/widget.js',
    '/support_chat/unread',
    '/unread.js',
    '/support_chat',
  ])
})

it('loads the panel for a pointer over the reply, and begins the conversation at the press', async () => {
  await reply('One')
  const page = await visit()
  await isLive()
  const opened = () => asked.get(page)?.filter((name) => name === '/support_chat').length
  await page.getByText('One').hover()
  await panelComes(page)
  expect(opened()).toBe(1)
  await page.mouse.down()
  await expect.poll(opened).toBe(2)
  expect(await log(page).count()).toBe(0)
  await page.mouse.up()
  await log(page).getByText('One').waitFor()
})

it('counts what was written while the server was away', async () => {
  const page = await visit()
  await isLive()
  await reply('One')
  await shows(page, 1)
  await desk.restart()
  await reply('Two')
  await shows(page, 2)
  await isLive()
  await reply('Three')
  await shows(page, 3)
  expect(hasPanel(page)).toBe(false)
})

it('counts what was written while the browser had no network', async () => {
  const page = await visit()
  await isLive()
  await context.setOffline(true)
  await isLive(0)
  await reply('One')
  await context.setOffline(false)
  await shows(page, 1)
  await isLive()
  expect(hasPanel(page)).toBe(false)
})

it('goes on with another token where one expires, and shows nothing more once the page has none', async () => {
  const page = await visit()
  let hours = 1
  let asked = 0
  await page.exposeFunction('freshToken', () => {
    asked++
    return hours > 3 ? null : desk.user('ada', hours * HOUR)
  })
  await page.evaluate(`document.querySelector('deskbell-chat').getToken = () => window.freshToken()`)
  await isLive()
  /** Tokens are good for a minute longer than they say */
  const expire = async (): Promise<void> => {
    const before = asked
    hours++
    await clock.skip((HOUR + 90) * 1_000)
    await expect.poll(() => asked).toBeGreaterThan(before)
  }
  for (const expiry of [1, 2]) {
    await expire()
    await isLive()
    await reply(`After expiry ${expiry}`)
    await shows(page, expiry)
  }
  await expire()
  await isLive(0)
  await shows(page, 0)
  expect(hasPanel(page)).toBe(false)
})

it('leaves it to the panel where a token expires and the page has no way to another', async () => {
  const page = await visit()
  await isLive()
  expect(hasPanel(page)).toBe(false)
  await clock.skip((HOUR + 90) * 1_000)
  await panelComes(page)
})

it('shows the same in two tabs, of which one is opened', async () => {
  const one = await visit()
  const two = await visit()
  await isLive(2)
  await reply('One')
  await shows(one, 1)
  await shows(two, 1)
  await launcher(two).click()
  await log(two).getByText('One').waitFor()
  await shows(one, 0)
  await reply('Two')
  await log(two).getByText('Two').waitFor()
  expect(hasPanel(one)).toBe(false)
})

it('shows each message once where the chat is opened while they arrive, and has one socket then', async () => {
  const page = await visit()
  await isLive()
  const words = Array.from({ length: 30 }, (_, at) => `Message ${at + 1}.`)
  const sent = (async () => {
    for (const word of words) await reply(word)
  })()
  await expect.poll(() => launcher(page).getAttribute('aria-label')).toMatch(/unread/)
  await launcher(page).click()
  await sent
  await log(page).getByText('Message 30.').waitFor()
  const texts = await log(page)
    .getByText(/^Message \d+\.$/)
    .allTextContents()
  expect(texts).toEqual(words)
  await isLive()
  await page.getByRole('button', { name: 'Close' }).first().click()
  await shows(page, 0)
  await reply('After')
  await shows(page, 1)
})

it('leaves it to the panel where requests get through and no socket does', async () => {
  await context.routeWebSocket(/cable/, (socket) => void socket.close())
  const page = await visit()
  await panelComes(page)
  await expect.poll(() => desk.deskbell.load().connections.events).toBe(1)
  await reply('One')
  await shows(page, 1)
})

it('lets the panel send what another tab has left behind', async () => {
  const page = await visit()
  await isLive()
  const left = {
    client_id: crypto.randomUUID(),
    content: 'Left behind',
    created_at: new Date().toISOString(),
    status: 'sending',
    reason: null,
    kept: true,
  }
  const stored = JSON.stringify(JSON.stringify([left]))
  await page.evaluate(`localStorage['deskbell:outbox:${desk.url}/:user%3Aada:'] = ${stored}`)
  const path = '/support_chat/messages'
  const said = async () => (await desk.call<{ messages: { content: string }[] }>('GET', path, token)).body.messages
  await expect.poll(async () => (await said()).map(({ content }) => content)).toEqual(['Left behind'])
})

it('hangs up at reset()', async () => {
  await reply('One')
  const page = await visit()
  await shows(page, 1)
  await isLive()
  await page.evaluate(`document.querySelector('deskbell-chat').reset()`)
  await isLive(0)
  await shows(page, 0)
  expect(hasPanel(page)).toBe(false)
})

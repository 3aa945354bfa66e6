// Widget and dashboard on a hosted real-time service: Chromium with the service's official client, against a service on this machine
// and a server that publishes to it.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { LOOK_ANYWAY } from '../../src/protocol/timing.ts'
import { firebasePublisher, pusherPublisher, socketIoPublisher } from '../../src/entries/node.ts'
import { giveHostPage, launchBrowser } from '../support/browser.ts'
import { startDesk, type Desk } from '../support/desk.ts'
import { accountAt, FIREBASE_KEY, startFirebase } from '../support/realtime-services/firebase.ts'
import { PUSHER_APP, startPusher } from '../support/realtime-services/pusher.ts'
import { emitterAt, LISTENERS_SECRET, startSocketIo } from '../support/realtime-services/socket-io.ts'
import type { TestService } from '../support/realtime-services/service.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const authenticate = (request: Request) =>
  request.headers.get('cookie')?.includes('staff=1') ? ({ id: 'sam', role: 'admin', name: 'Sam' } as const) : null

/** What a page asked the server, and what sockets told it */
interface Seen {
  page: Page
  requests: string[]
  /** What sockets brought */
  heard: string[]
}

function watch(page: Page): Seen {
  const seen: Seen = { page, requests: [], heard: [] }
  page.on('request', (request) => seen.requests.push(`${request.method()} ${new URL(request.url()).pathname}`))
  page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => seen.heard.push(String(payload))))
  return seen
}
const asked = (seen: Seen, what: RegExp): number => seen.requests.filter((request) => what.test(request)).length

async function customer(desk: Desk, context: BrowserContext, id: string): Promise<Seen> {
  const seen = watch(await context.newPage())
  const { page } = seen
  const html = `<!doctype html><title>Host</title><script src="/widget.js" data-token="${await desk.user(id)}" async></script>`
  await giveHostPage(page, html)
  await page.goto(`${desk.url}/host`)
  await page.getByRole('button', { name: /^Open support chat/ }).click()
  await page.getByRole('textbox', { name: 'Message' }).waitFor()
  return seen
}

async function staff(desk: Desk, context: BrowserContext, path = '/dashboard'): Promise<Seen> {
  await context.addCookies([{ name: 'staff', value: '1', url: desk.url }])
  await context.grantPermissions(['local-network-access'])
  const seen = watch(await context.newPage())
  await seen.page.goto(desk.url + path)
  return seen
}

/** Requests for messages after those that are here */
const PAGES = /GET \/support_chat\/messages/

/** @returns what the panel has said about its connection since, besides that it is connected */
async function watchStatus(page: Page): Promise<() => Promise<string[]>> {
  const status = page.locator('.status')
  await expect.poll(() => status.getAttribute('title')).toBe('Connected')
  await page.evaluate(`(() => {
    const status = document.querySelector('deskbell-chat').shadowRoot.querySelector('.status')
    window.said = []
    new MutationObserver(() => {
      if (status.title !== 'Connected') window.said.push(status.title)
    }).observe(status, { attributes: true })
  })()`)
  return () => page.evaluate<string[]>('window.said')
}

const log = (page: Page) => page.getByRole('log')
async function say(page: Page, words: string): Promise<void> {
  const box = page.getByRole('textbox', { name: /^(Message|Reply)/ })
  await box.fill(words)
  await box.press('Enter')
}

describe('on Pusher Channels', () => {
  let service: TestService
  let desk: Desk
  let context: BrowserContext
  let reply: (chatId: string, content: string) => Promise<unknown>

  beforeAll(async () => {
    service = await startPusher()
    const { host, port } = service
    desk = await startDesk({
      authenticate,
      publisher: pusherPublisher({ ...PUSHER_APP, host, port, useTLS: false }),
    })
    const token = await desk.admin()
    reply = (chatId, content) => desk.call('POST', `/admin/chats/${chatId}/messages`, token, { content })
  })
  afterAll(async () => {
    expect(desk.errors).toEqual([])
    await desk.stop()
    await service.stop()
  })
  beforeEach(async () => {
    context = await browser.newContext()
    context.setDefaultTimeout(120_000)
    return () => context.close()
  })

  it('the widget hears of replies and of typing by the service, asks once for each, and holds no socket to the server', async () => {
    const began = Date.now()
    const seen = await customer(desk, context, 'ada')
    const { chatId, token } = await desk.person('ada')
    await expect.poll(() => service.sockets).toBe(1)
    await expect.poll(() => asked(seen, PAGES)).toBe(1)
    await expect.poll(() => desk.deskbell.load().connections.cable).toBe(0)
    const statuses = await watchStatus(seen.page)
    await reply(chatId, 'One')
    await log(seen.page).getByText('One').waitFor()
    await say(seen.page, 'Two')
    await expect.poll(() => asked(seen, /POST \/support_chat\/messages/)).toBe(1)
    // It is on its way, and the reply may not overtake it
    const stored = () => desk.call<{ messages: unknown[] }>('GET', '/support_chat/messages', token)
    await expect.poll(async () => (await stored()).body.messages).toHaveLength(2)
    await reply(chatId, 'Three')
    await log(seen.page).getByText('Three').waitFor()
    // It is shown for six seconds, in which a busy machine may not look
    await expect
      .poll(async () => {
        await desk.call('POST', `/admin/chats/${chatId}/typing`, await desk.admin(), { typing: true })
        return seen.page.getByText(/is typing/).count()
      })
      .toBe(1)
    // One at the beginning, for each reply and when that was read, for its own where the service was faster than the answer, and in any case
    const anyway = Math.floor((Date.now() - began) / LOOK_ANYWAY)
    expect(asked(seen, PAGES)).toBeLessThanOrEqual(6 + anyway)
    expect(asked(seen, /realtime\/auth/)).toBe(1)
    expect(seen.requests.filter((request) => /\/(listen|pusher)-[\w-]+\.js$/.test(request))).toHaveLength(2)
    expect(await statuses()).toEqual([])
    expect(await log(seen.page).locator('.db-bubble').allTextContents()).toEqual(['One', 'Two', 'Three'])
  })

  it('the dashboard follows the list and the open chat on one connection to the service', async () => {
    const { chatId, token } = await desk.person('bob')
    await desk.call('POST', '/support_chat/messages', token, { content: 'First' })
    const seen = await staff(desk, context, `/dashboard/chats/${chatId}`)
    await log(seen.page).getByText('First').waitFor()
    await expect.poll(() => asked(seen, /realtime\/auth/)).toBe(2)
    await expect.poll(() => seen.heard.filter((frame) => frame.includes('subscription_succeeded')).length).toBe(3)
    expect(service.sockets).toBe(1)
    await expect.poll(() => desk.deskbell.load().connections.cable).toBe(0)
    await desk.call('POST', '/support_chat/messages', token, { content: 'Second' })
    await log(seen.page).getByText('Second').waitFor()
    const other = await desk.person('cyd')
    await desk.call('POST', '/support_chat/messages', other.token, { content: 'From somebody new' })
    await seen.page.getByText('From somebody new').waitFor()
    await say(seen.page, 'Answer')
    await expect
      .poll(async () =>
        (await desk.store.messages(chatId, { after: 0, limit: 9 })).messages.map(({ content }) => content),
      )
      .toEqual(['First', 'Second', 'Answer'])
    expect(await seen.page.getByText('Reconnecting…').count()).toBe(0)
  })

  it('staff see that the user comes, types and goes, which costs no request', async () => {
    const { chatId, token } = await desk.person('dan')
    await desk.call('POST', '/support_chat/messages', token, { content: 'First' })
    const seen = await staff(desk, context, `/dashboard/chats/${chatId}`)
    await log(seen.page).getByText('First').waitFor()
    const isIn = ({ heard }: Seen): boolean =>
      heard.some((frame) => frame.includes('subscription_succeeded') && frame.includes('presence-support-chat'))
    await expect.poll(() => isIn(seen)).toBe(true)
    const own = await browser.newContext()
    const user = await customer(desk, own, 'dan')
    const { page, requests } = user
    await seen.page.locator('.presence.is-online').waitFor()
    await expect.poll(() => isIn(user)).toBe(true)
    await expect
      .poll(async () => {
        await page.getByRole('textbox', { name: 'Message' }).pressSequentially('Well')
        return seen.page.getByText(/is typing/).count()
      })
      .toBe(1)
    expect(requests.filter((request) => request.includes('/typing'))).toEqual([])
    await own.close()
    await seen.page.locator('.presence:not(.is-online)').waitFor()
  })

  it('while the service is gone, messages come by polling and nobody is told of an outage; then by the service again', async () => {
    const seen = await customer(desk, context, 'eve')
    const { chatId } = await desk.person('eve')
    await expect.poll(() => service.sockets).toBe(1)
    await expect.poll(() => asked(seen, PAGES)).toBe(1)
    const statuses = await watchStatus(seen.page)
    service.gone = true
    onTestFinished(() => void (service.gone = false))
    await expect.poll(() => service.sockets).toBe(0)
    await reply(chatId, 'Without it')
    await log(seen.page).getByText('Without it').waitFor()
    const auths = asked(seen, /realtime\/auth/)
    service.gone = false
    await expect.poll(() => asked(seen, /realtime\/auth/)).toBeGreaterThan(auths)
    await reply(chatId, 'With it')
    await log(seen.page).getByText('With it', { exact: true }).waitFor()
    expect(await statuses()).toEqual([])
  })
})

it('widget and dashboard hear of each other by Firebase, with one connection each and nothing from elsewhere', async () => {
  const service = await startFirebase()
  const { origin: url } = service
  const publisher = firebasePublisher({ url, key: FIREBASE_KEY, serviceAccount: accountAt(service) })
  const desk = await startDesk({ authenticate, publisher })
  const context = await browser.newContext()
  context.setDefaultTimeout(120_000)
  const origins = new Set<string>()
  context.on('request', (request) => {
    if (request.url().startsWith('http')) origins.add(new URL(request.url()).origin)
  })
  try {
    const { chatId } = await desk.person('ada')
    const widget = await customer(desk, context, 'ada')
    const heard = (seen: Seen, seq: number): boolean =>
      seen.heard.some((frame) => frame.includes(`support-chats/${chatId}/hint`) && frame.includes(`"seq":${seq},`))
    await expect.poll(() => service.sockets).toBe(1)
    const dashboard = await staff(desk, context, `/dashboard/chats/${chatId}`)
    await expect.poll(() => service.sockets).toBe(2)
    await expect.poll(() => desk.deskbell.load().connections.cable).toBe(0)
    await say(widget.page, 'Hello')
    await log(dashboard.page).getByText('Hello').waitFor()
    await expect.poll(() => heard(dashboard, 1)).toBe(true)
    await say(dashboard.page, 'Hi')
    await log(widget.page).getByText('Hi').waitFor()
    await expect.poll(() => heard(widget, 2)).toBe(true)
    expect(service.sockets).toBe(2)
    expect(asked(widget, /signInWithCustomToken/)).toBe(1)
    expect(asked(dashboard, /signInWithCustomToken/)).toBe(1)
    expect(widget.requests.filter((request) => /\/(listen|firebase)-[\w-]+\.js$/.test(request))).toHaveLength(2)
    expect([...origins].toSorted()).toEqual([new URL(desk.url).origin, url].toSorted())
    expect(desk.errors).toEqual([])
  } finally {
    await context.close()
    await desk.stop()
    await service.stop()
  }
})

it('widget and dashboard hear of each other by a Socket.IO server elsewhere, with one connection each', async () => {
  const service = await startSocketIo()
  const listeners = { url: `${service.origin}/desk`, secret: LISTENERS_SECRET }
  const desk = await startDesk({ authenticate, publisher: socketIoPublisher(emitterAt(service), listeners) })
  const context = await browser.newContext()
  context.setDefaultTimeout(120_000)
  try {
    const { chatId } = await desk.person('ada')
    const widget = await customer(desk, context, 'ada')
    await expect.poll(() => service.sockets).toBe(1)
    const dashboard = await staff(desk, context, `/dashboard/chats/${chatId}`)
    await expect.poll(() => service.sockets).toBe(2)
    await expect.poll(() => desk.deskbell.load().connections.cable).toBe(0)
    await say(widget.page, 'Hello')
    await log(dashboard.page).getByText('Hello').waitFor()
    await say(dashboard.page, 'Hi')
    await log(widget.page).getByText('Hi').waitFor()
    for (const { heard } of [widget, dashboard])
      await expect.poll(() => heard.some((frame) => frame.includes('"seq":2'))).toBe(true)
    expect(widget.requests.filter((request) => /\/(listen|socket-io)-[\w-]+\.js$/.test(request))).toHaveLength(2)
    expect(desk.errors).toEqual([])
  } finally {
    await context.close()
    await desk.stop()
    await service.stop()
  }
})

it('a page of a server that publishes nowhere loads nothing for it and asks nothing more', async () => {
  const desk = await startDesk({ authenticate })
  const context = await browser.newContext()
  context.setDefaultTimeout(120_000)
  try {
    const { chatId } = await desk.person('ada')
    const [widget, dashboard] = [await customer(desk, context, 'ada'), await staff(desk, context)]
    await desk.call('POST', `/admin/chats/${chatId}/messages`, await desk.admin(), { content: 'Hello' })
    await log(widget.page).getByText('Hello').waitFor()
    await dashboard.page.getByText('Hello').waitFor()
    for (const { requests } of [widget, dashboard])
      expect(requests.filter((request) => /realtime|listen-|pusher/.test(request))).toEqual([])
  } finally {
    await context.close()
    await desk.stop()
  }
})

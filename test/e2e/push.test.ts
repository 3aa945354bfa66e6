// Notifications while the dashboard is closed: its switch, and the service worker in a real Chromium. No push service can be reached from here, so the
// page subscribes at that of the tests, and what the server sends there is handed to Chromium as a push.
import type { Browser, BrowserContext, Page, Worker } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { guardedPush } from '../../src/adapters/guarded-post.ts'
import type { DeskbellOptions } from '../../src/entries/node.ts'
import { violations } from '../support/axe.ts'
import { launchWholeBrowser } from '../support/browser.ts'
import { startDesk, type Desk } from '../support/desk.ts'
import { startPushService, type PushService, type SubscribedBrowser } from '../support/push-service.ts'

/** The browser's subscription, but at the push service of the tests; as the real one, it outlives the page */
const SUBSCRIBING = `
  if ('PushManager' in window) {
    const stored = 'subscribed by the test'
    const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0)).buffer
    const known = () => {
      const { key, ...given } = JSON.parse(localStorage.getItem(stored) ?? '{}')
      return key === undefined ? null : {
        ...given,
        options: { applicationServerKey: bytes(key) },
        toJSON: () => given,
        unsubscribe: async () => (localStorage.removeItem(stored), true),
      }
    }
    PushManager.prototype.getSubscription = async () => known()
    PushManager.prototype.subscribe = async ({ applicationServerKey: key, userVisibleOnly }) => {
      if (!userVisibleOnly) throw new Error('Chromium asks for userVisibleOnly')
      localStorage.setItem(stored, JSON.stringify({ key, ...(await subscribeAtTest(key)) }))
      return known()
    }
  }`

let browser: Browser
let service: PushService
let desk: Desk
let context: BrowserContext
let isReachable: boolean
beforeAll(async () => {
  browser = await launchWholeBrowser()
})
afterAll(() => browser.close())
beforeEach(async () => {
  isReachable = true
  service = await startPushService()
})
afterEach(async () => {
  await context.close()
  await desk.stop()
  await service.stop()
})

/** A desk below a path, in whose browser somebody of staff is signed in */
async function start(permission: 'granted' | 'denied', options: Partial<DeskbellOptions> = {}): Promise<void> {
  desk = await startDesk({
    publicUrl: 'http://desk.example/support',
    postPush: guardedPush(service.agent),
    authenticate: async (request) =>
      /staff=sam/.test(request.headers.get('cookie') ?? '') ? { id: 'sam', role: 'admin', name: 'Sam' } : null,
    ...options,
  })
  context = await browser.newContext()
  context.setDefaultTimeout(120_000)
  await context.grantPermissions([permission === 'granted' ? 'notifications' : 'geolocation'], { origin: desk.url })
  await context.addCookies([{ name: 'staff', value: 'sam', url: desk.url }])
  await context.exposeFunction('subscribeAtTest', (key: string) => {
    if (!isReachable) throw new Error('the push service is away')
    return service.browser(key)
  })
  await context.addInitScript(SUBSCRIBING)
}
async function open(path = ''): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${desk.url}/support/dashboard${path}`)
  await page.getByRole('main').waitFor()
  return page
}
const pushSwitch = (page: Page) => page.getByRole('checkbox', { name: 'Notify me in this browser' })
const stored = async () => (await desk.store.push?.())?.pushSubscriptions(new Date(0).toISOString()) ?? []
/** A customer writes. @returns what the push service got then, as the browser decrypts it */
async function write(id: string, content: string): Promise<string> {
  const before = service.received.length
  await desk.deskbell.chats.open({ id, name: `User ${id}` })
  await desk.deskbell.chats.send({ userId: id, as: 'user', content })
  await expect.poll(() => service.received.length).toBe(before + 1)
  return JSON.stringify(service.received.at(-1)?.payload)
}
/** A page of the same origin that is none of the dashboard */
async function elsewhere(): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${desk.url}/support/openapi.json`)
  return page
}
async function deliver(page: Page, data: string): Promise<void> {
  const session = await context.newCDPSession(page)
  const scope = `${desk.url}/support/dashboard/`
  const registered = new Promise<string>((resolve) =>
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const found = registrations.find(({ scopeURL, isDeleted }) => scopeURL === scope && !isDeleted)
      if (found) resolve(found.registrationId)
    }),
  )
  await session.send('ServiceWorker.enable')
  const registrationId = await registered
  await session.send('ServiceWorker.deliverPushMessage', { origin: desk.url, registrationId, data })
  await session.detach()
}
interface Shown {
  title: string
  body: string
  tag: string
}
const shown = (page: Page): Promise<Shown[]> =>
  page.evaluate<Shown[]>(`navigator.serviceWorker.getRegistration('/support/dashboard/')
    .then((registration) => registration.getNotifications())
    .then((all) => all.map(({ title, body, tag }) => ({ title, body, tag })))`)
async function worker(): Promise<Worker> {
  await expect.poll(() => context.serviceWorkers().length).toBe(1)
  return context.serviceWorkers()[0] ?? expect.fail('there is no service worker')
}
/** As a click on the notification, but for what only a real click may do. @returns where a window was opened */
const click = (of: Worker, chat: string): Promise<string[]> =>
  of.evaluate<string[]>(`(async () => {
    const opened = []
    self.clients.openWindow = async (url) => void opened.push(String(url))
    const [notification] = await self.registration.getNotifications({ tag: '${chat}' })
    const done = []
    const event = new NotificationEvent('notificationclick', { notification })
    event.waitUntil = (work) => done.push(work)
    self.dispatchEvent(event)
    await Promise.allSettled(done)
    return opened
  })()`)

/** As the browser tells its worker that a subscription is no more. @param made what it gives now: by itself, or when the worker asks */
const change = (of: Worker, made: SubscribedBrowser, when: 'by itself' | 'when asked'): Promise<void> =>
  of.evaluate<void>(`(async () => {
    const made = { toJSON: () => (${JSON.stringify(made)}) }
    PushManager.prototype.subscribe = async ({ applicationServerKey, userVisibleOnly }) => {
      if (!userVisibleOnly || !applicationServerKey) throw new Error('Chromium asks for both')
      return made
    }
    const done = []
    const event = new ExtendableEvent('pushsubscriptionchange')
    event.newSubscription = ${when === 'by itself' ? 'made' : 'null'}
    event.waitUntil = (work) => done.push(work)
    self.dispatchEvent(event)
    await Promise.all(done)
  })()`)

it('A browser that turned it on shows what was pushed while the dashboard is closed, and leads to the chat', async () => {
  await start('granted')
  const page = await open('?page=notifications')
  await pushSwitch(page).waitFor()
  expect(await violations(page)).toEqual([])
  expect(await pushSwitch(page).isChecked()).toBe(false)
  await pushSwitch(page).click()
  await expect.poll(async () => (await stored()).length).toBe(1)
  expect((await stored())[0]).toMatchObject({ staff_id: 'sam' })
  await expect.poll(() => pushSwitch(page).isChecked()).toBe(true)
  expect(await violations(page)).toEqual([])
  const other = await elsewhere()
  await page.close()
  await expect.poll(() => desk.deskbell.load().connections.cable).toBe(0)

  const data = await write('ada', 'My parcel is lost')
  await deliver(other, data)
  const { chat_id: chat } = JSON.parse(data) as { chat_id: string }
  await expect.poll(() => shown(other)).toEqual([{ title: 'User ada', body: 'My parcel is lost', tag: chat }])
  await deliver(other, await write('ada', 'Hello?'))
  await expect.poll(() => shown(other)).toEqual([{ title: 'User ada', body: 'Hello?', tag: chat }])
  expect(await click(await worker(), chat)).toEqual([`${desk.url}/support/dashboard?chat=${chat}`])
  await expect.poll(() => shown(other)).toEqual([])

  // The next time that the dashboard is opened renews it
  const before = (await stored())[0]?.renewed_at ?? ''
  await open()
  await expect.poll(async () => ((await stored())[0]?.renewed_at ?? '') > before).toBe(true)
  expect(service.refused).toEqual([])
  expect(desk.errors).toEqual([])
})

it('A page that is open tells by itself, or leaves it to the browser, and shows the chat on a click', async () => {
  await start('granted')
  const page = await open('?page=notifications')
  await pushSwitch(page).click()
  await expect.poll(async () => (await stored()).length).toBe(1)
  const other = await elsewhere()
  await page.close()
  await expect.poll(() => desk.deskbell.load().connections.cable).toBe(0)
  const data = await write('ada', 'My parcel is lost')
  const { chat_id: chat } = JSON.parse(data) as { chat_id: string }

  // The push was on its way when somebody opened the dashboard, and went on to another page. Without a screen, every page has the focus
  await context.addInitScript('document.hasFocus = () => false')
  const dashboard = await open()
  await dashboard.getByRole('link', { name: /User ada/ }).waitFor()
  await dashboard.waitForFunction(
    `performance.getEntriesByType('resource').some(({ name }) => /answer-worker/.test(name))`,
  )
  await deliver(other, data)
  await expect.poll(() => shown(other)).toEqual([{ title: 'User ada', body: 'My parcel is lost', tag: chat }])
  expect(await click(await worker(), chat)).toEqual([])
  await expect.poll(() => new URL(dashboard.url()).searchParams.get('chat')).toBe(chat)

  // The page tells by the desktop
  await dashboard.evaluate(`localStorage.setItem('deskbell:desktop', 'true')`)
  await dashboard.reload()
  await dashboard.getByRole('link', { name: 'Notifications are on' }).waitFor()
  await dashboard.waitForFunction(
    `performance.getEntriesByType('resource').some(({ name }) => /answer-worker/.test(name))`,
  )
  const asked = dashboard.evaluate<string>(
    `new Promise((resolve) => navigator.serviceWorker.addEventListener('message', ({ data }) => resolve(data.type)))`,
  )
  await deliver(other, data)
  expect(await asked).toBe('deskbell:tells')
  // Whoever asks next is told that nothing was shown for the one before
  await dashboard.close()
  await deliver(other, data.replace('My parcel is lost', 'The next'))
  await expect.poll(() => shown(other)).toEqual([{ title: 'User ada', body: 'The next', tag: chat }])
})

it('A subscription that the browser gives up is replaced by another one while the dashboard is closed', async () => {
  await start('granted')
  const page = await open('?page=notifications')
  await pushSwitch(page).click()
  await expect.poll(async () => (await stored()).length).toBe(1)
  await elsewhere()
  await page.close()
  await expect.poll(() => desk.deskbell.load().connections.cable).toBe(0)
  const key = await context.request.get(`${desk.url}/support/admin/push`)
  const { public_key: publicKey } = (await key.json()) as { public_key: string }
  const endpoints = async () => (await stored()).map(({ endpoint }) => endpoint)
  const own = await worker()
  let newest = service.browser(publicKey)
  for (const when of ['by itself', 'when asked'] as const) {
    newest = service.browser(publicKey)
    await change(own, newest, when)
    expect(await endpoints()).toContain(newest.endpoint)
  }
  expect((await stored()).map(({ staff_id }) => staff_id)).toEqual(['sam', 'sam', 'sam'])
  // The service knows those of before no more, and so the server forgets them
  service.answer = ({ endpoint }) => (endpoint === newest.endpoint ? 201 : 410)
  await desk.deskbell.chats.open({ id: 'ada', name: 'User ada' })
  await desk.deskbell.chats.send({ userId: 'ada', as: 'user', content: 'My parcel is lost' })
  await expect.poll(endpoints).toEqual([newest.endpoint])
  expect(service.received.map(({ endpoint }) => endpoint)).toContain(newest.endpoint)
  // Nobody is signed in: the next visit of the dashboard does it
  await context.clearCookies()
  await change(own, service.browser(publicKey), 'when asked')
  expect(await endpoints()).toEqual([newest.endpoint])
  expect(service.refused).toEqual([])
})

it('It is turned off, and says what stands in its way', async () => {
  await start('granted')
  const page = await open('?page=notifications')
  isReachable = false
  await pushSwitch(page).click()
  await page.getByText('That did not work').waitFor()
  expect(await pushSwitch(page).isChecked()).toBe(false)
  expect(await violations(page)).toEqual([])
  isReachable = true
  await pushSwitch(page).click()
  await expect.poll(async () => (await stored()).length).toBe(1)
  await page.getByText('That did not work').waitFor({ state: 'detached' })
  await pushSwitch(page).click()
  await expect.poll(async () => (await stored()).length).toBe(0)
  await expect.poll(() => pushSwitch(page).isChecked()).toBe(false)
  expect(await page.evaluate(`navigator.serviceWorker.getRegistrations().then(({ length }) => length)`)).toBe(0)
})

it('A browser that blocks notifications, or has none, says so', async () => {
  await start('denied')
  const denied = await open('?page=notifications')
  const part = (page: Page) => page.getByRole('region', { name: 'While the dashboard is closed' })
  await part(denied).getByText('It needs notifications of this page, which are blocked').waitFor()
  expect(await pushSwitch(denied).count()).toBe(0)
  await context.addInitScript('delete window.PushManager')
  const without = await open('?page=notifications')
  await part(without).getByText('This browser cannot do that here').waitFor()
  expect(await violations(without)).toEqual([])
})

it('A server without it offers nothing', async () => {
  await start('granted', { push: false })
  const page = await open('?page=notifications')
  await page.getByRole('heading', { name: 'Sound' }).waitFor()
  await page.waitForFunction(`performance.getEntriesByType('resource').some(({ name }) => /admin\\/push/.test(name))`)
  expect(await page.getByRole('heading', { name: 'While the dashboard is closed' }).count()).toBe(0)
})

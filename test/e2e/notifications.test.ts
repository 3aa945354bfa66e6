// How staff are told of new messages: the desktop's notifications, the sound, the title and the icon of the tab.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { bundle } from '../bindings/bundle.ts'
import { violations } from '../support/axe.ts'
import { launchWholeBrowser } from '../support/browser.ts'
import { startServer, type TestServer } from '../support/running-server.ts'

/** Chromium without a screen gives every page the focus, so the page is told that it has none. And it is told what was shown and heard */
const WATCHED = `
  document.hasFocus = () => false
  window.shown = []
  window.sounds = 0
  window.Notification = class extends Notification {
    constructor(title, options) {
      super(title, options)
      const { tag, body } = options
      window.shown.push({ notification: this, title, tag, body, silent: options.silent, isOpen: true })
      this.addEventListener('close', () => {
        for (const one of window.shown) if (one.notification === this) one.isOpen = false
      })
    }
  }
  const start = OscillatorNode.prototype.start
  OscillatorNode.prototype.start = function (...when) {
    window.sounds++
    return start.apply(this, when)
  }`

let browser: Browser
let server: TestServer
let contexts: BrowserContext[] = []
beforeAll(async () => {
  browser = await launchWholeBrowser()
  server = await startServer({ STAFF_EMAILS: 'team', STAFF_NOTIFY_AFTER: '7m' })
})
afterAll(async () => {
  await browser.close()
  await server.stop()
})
afterEach(async () => {
  await Promise.all(contexts.map((context) => context.close()))
  contexts = []
})

async function staffContext(permission: 'granted' | 'denied'): Promise<BrowserContext> {
  const context = await browser.newContext()
  contexts.push(context)
  context.setDefaultTimeout(120_000)
  // An origin to which something is granted is denied everything else
  await context.grantPermissions([permission === 'granted' ? 'notifications' : 'geolocation'], { origin: server.url })
  await context.addInitScript(WATCHED)
  await context.request.post(`${server.url}/dashboard/session`, {
    headers: { authorization: `Bearer ${await server.adminToken()}` },
  })
  return context
}
async function open(context: BrowserContext, path = ''): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${server.url}/dashboard${path}`)
  await page.getByRole('main').waitFor()
  return page
}
async function say(id: string, content: string): Promise<string> {
  const headers = { authorization: `Bearer ${await server.userToken(id)}`, 'content-type': 'application/json' }
  const chat = (await (await fetch(`${server.url}/support_chat`, { headers })).json()) as { id: string }
  await fetch(`${server.url}/support_chat/messages`, { method: 'POST', headers, body: JSON.stringify({ content }) })
  return chat.id
}
interface Shown {
  title: string
  body: string
  silent: boolean
}
const shown = (page: Page): Promise<Shown[]> =>
  page.evaluate<Shown[]>(
    `shown.filter(({ isOpen }) => isOpen).map(({ title, body, silent }) => ({ title, body, silent }))`,
  )
const sounds = (page: Page): Promise<number> => page.evaluate<number>('sounds')
/** A tab of this browser holds a lock whose name begins so */
const isHeld = (page: Page, start: string): Promise<boolean> =>
  page.evaluate<boolean>(
    `navigator.locks.query().then(({ held }) => held.some(({ name }) => name.startsWith('${start}')))`,
  )
/** Somebody is at one of the tabs of this browser */
const isAttended = (page: Page): Promise<boolean> => isHeld(page, 'deskbell:attended')
/** A click leaves a page attended for some seconds */
const nobodyIsThere = (page: Page): Promise<void> => expect.poll(() => isAttended(page)).toBe(false)
const turnOn = (page: Page) => page.getByRole('button', { name: 'Turn on' })

it('are turned on by a button, show who wrote while nobody looks, open the chat on a click, and go when it is read', async () => {
  const context = await staffContext('granted')
  const page = await open(context)
  await page.getByRole('link', { name: 'Notifications are off' }).click()
  expect(await violations(page)).toEqual([])
  await turnOn(page).press('Enter')
  await page.getByText('They are on in this browser.').waitFor()
  expect(await page.evaluate<string>('document.activeElement.textContent')).toBe('Turn off')
  expect(await shown(page)).toEqual([
    { title: 'Notifications are on', body: 'This is how a new message will look.', silent: true },
  ])
  expect(await violations(page)).toEqual([])
  await page.reload()
  await page.getByRole('link', { name: 'Notifications are on' }).waitFor()
  expect(await shown(page)).toEqual([])

  const chat = await say('ada', 'My _parcel_ is *lost*')
  await expect.poll(() => shown(page)).toMatchObject([{ title: 'User ada', body: 'My parcel is lost' }])
  await expect.poll(() => page.title()).toMatch(/^\(1\) /)
  const icon = (): Promise<string> => page.evaluate<string>(`document.querySelector('link[rel=icon]').href`)
  expect(await icon()).toMatch(/icon-unread-[\w-]+\.svg$/)
  expect(await (await context.request.get(await icon())).text()).toContain('<svg')

  await page.evaluate(`shown[0].notification.dispatchEvent(new Event('click'))`)
  await page.getByRole('log').getByText('My parcel is lost').waitFor()
  expect(new URL(page.url()).search).toBe(`?chat=${chat}`)
  // Somebody is there, which reads it
  await page.mouse.move(300, 300)
  await page.mouse.move(320, 320)
  await expect.poll(() => page.title()).not.toMatch(/^\(/)
  expect(await shown(page)).toEqual([])
  expect(await icon()).toMatch(/icon-(?!unread)[\w-]+\.svg$/)
})

it('are not there where the browser blocks them, and the page says what to do', async () => {
  const page = await open(await staffContext('denied'), '?page=notifications')
  await page.getByText('Your browser blocks notifications of this page.').waitFor()
  expect(await turnOn(page).count()).toBe(0)
  expect(await violations(page)).toEqual([])
  await page.setViewportSize({ width: 320, height: 640 })
  await expect.poll(() => page.evaluate<number>('document.documentElement.scrollWidth')).toBe(320)
})

it('come from one tab of several, with one sound in all, and from none while somebody looks at another tab', async () => {
  const context = await staffContext('granted')
  const pages = [await open(context, '?page=notifications'), await open(context), await open(context)] as const
  const [first, second] = pages
  await turnOn(first).click()
  // The sound needs a click on each page. It leaves a page attended for some seconds
  for (const page of pages) await page.getByRole('heading', { name: 'Support Chats' }).click()
  await nobodyIsThere(first)
  const all = async (): Promise<Shown[]> =>
    (await Promise.all(pages.map(shown))).flat().filter(({ body }) => body.startsWith('Is anybody'))
  const heard = async (): Promise<number> => (await Promise.all(pages.map(sounds))).reduce((sum, n) => sum + n, 0)
  expect(await heard()).toBe(0)
  await say('bob', 'Is anybody there?')
  await expect.poll(all).toEqual([{ title: 'User bob', body: 'Is anybody there?', silent: true }])
  // Two notes are one sound
  await expect.poll(heard).toBe(2)

  // Whoever has the second in front hears the message there, and the notification of before is gone
  await second.evaluate(`document.hasFocus = () => true; dispatchEvent(new Event('focus'))`)
  await expect.poll(() => isAttended(first)).toBe(true)
  // The tabs share the sound of a moment, which is over then
  await expect.poll(() => isHeld(first, 'deskbell:claimed:/:sound')).toBe(false)
  await second.evaluate(`localStorage.removeItem('deskbell:claimed:/')`)
  const before = await sounds(second)
  await say('cyd', 'Is anybody here?')
  await expect.poll(() => sounds(second)).toBe(before + 2)
  for (const page of pages) await page.getByRole('link', { name: /cyd@example\.com/ }).waitFor()
  await expect.poll(all).toEqual([])
})

it('come once, though the tabs are processes, which do not see at once what another one stored', async () => {
  const context = await browser.newContext()
  contexts.push(context)
  const code = `
    import { browserTabs } from '../../../src/dashboard/browser-tabs.ts'
    import { browserStorage } from '../../../src/client/storage.ts'
    const own = browserTabs('/', browserStorage)
    const claims = new Map()
    const claimOf = (n) => claims.get(n) ?? claims.set(n, Promise.withResolvers()).get(n)
    window.claimed = (n) => claimOf(n).promise
    window.messages = new BroadcastChannel('messages')
    window.claim = (n) => void own.claim(['message ' + n], 60_000).then(([isOurs]) => claimOf(n).resolve(isOurs))
    messages.onmessage = ({ data: n }) => claim(n)`
  const [script] = await bundle({ page: { code, language: 'ts' } })
  await context.route('**/tab', (route) =>
    route.fulfill({ contentType: 'text/html', body: `<script type="module">${script.code}</script>` }),
  )
  const pages = await Promise.all([1, 2, 3].map(() => context.newPage()))
  for (const page of pages) await page.goto(`${server.url}/tab`)
  const messages = Array.from({ length: 100 }, (_, n) => n)
  const claimsOf = (n: number): Promise<boolean[]> =>
    Promise.all(pages.map((page) => page.evaluate<boolean>(`claimed(${n})`)))
  const told: number[] = []
  for (const n of messages) {
    await pages[n % 3]?.evaluate(`messages.postMessage(${n}); claim(${n})`)
    told.push((await claimsOf(n)).filter(Boolean).length)
  }
  expect(told).toEqual(messages.map(() => 1))
})

it('are silent for whom the sound is off, which every tab knows', async () => {
  const context = await staffContext('granted')
  const [settings, page] = [await open(context, '?page=notifications'), await open(context)]
  await turnOn(settings).click()
  await page.getByRole('heading', { name: 'Support Chats' }).click()
  await settings.getByRole('button', { name: 'Play it' }).click()
  expect(await sounds(settings)).toBe(2)
  // After the listener of the page, which was there before
  await page.evaluate(
    `{ window.isTold = false; addEventListener('storage', ({ key }) => { if (key === 'deskbell:sound') window.isTold = true }) }`,
  )
  await settings.getByRole('checkbox', { name: /^Play a sound/ }).uncheck()
  await expect.poll(() => page.evaluate<boolean>('isTold')).toBe(true)
  await nobodyIsThere(settings)
  await say('dan', 'Quietly')
  // Whoever shows it would have rung before
  const quietly = async (): Promise<Shown[]> =>
    (await Promise.all([settings, page].map(shown))).flat().filter(({ body }) => body === 'Quietly')
  await expect.poll(quietly).toMatchObject([{ title: 'User dan', silent: true }])
  expect([await sounds(settings), await sounds(page)]).toEqual([2, 0])
})

it('include mails about messages that wait for members, who turn them off here', async () => {
  const byToken = await open(await staffContext('denied'), '?page=notifications')
  await byToken.getByRole('button', { name: 'Play it' }).waitFor()
  expect(await byToken.getByRole('checkbox', { name: /^E-mail me/ }).count()).toBe(0)

  const context = await staffContext('denied')
  const form = { email: 'olga@desk.example', name: 'Olga', password: 'correct horse battery' }
  await context.request.post(server.firstOwnerUrl, { form, headers: { origin: server.url } })
  const page = await open(context, '?page=notifications')
  const wanted = page.getByRole('checkbox', { name: /^E-mail me/ })
  await page.getByText('When nobody has looked at it for 7 minutes').waitFor()
  expect(await wanted.isChecked()).toBe(true)
  expect(await violations(page)).toEqual([])
  await wanted.click()
  await expect.poll(() => wanted.isChecked()).toBe(false)
  await page.reload()
  await wanted.waitFor()
  expect(await wanted.isChecked()).toBe(false)
  await page.route('**/dashboard/account/waiting_mails', (route) => route.abort())
  await wanted.click()
  await page.getByText('That was not saved. Try again.').waitFor()
  expect(await wanted.isChecked()).toBe(false)
})

it('come for what is written while the page loads, however slow that is', async () => {
  const context = await staffContext('granted')
  await context.addInitScript(`localStorage.setItem('deskbell:desktop', 'true')`)
  const page = await context.newPage()
  /** Requests that the server gets once it may answer */
  let asked = 0
  const { promise: mayAnswer, resolve: answer } = Promise.withResolvers<void>()
  await page.route('**/admin/**', async (route) => {
    asked++
    await mayAnswer
    await route.continue()
  })
  await page.goto(`${server.url}/dashboard`)
  await expect.poll(() => asked).toBeGreaterThan(0)
  await say('eve', 'Before the list')
  answer()
  // Whatever Playwright asks of a page counts as a click there, after which the page plays the sound and its notifications are silent
  const devtools = await context.newCDPSession(page)
  const shownBeforeAnyClick = async (): Promise<unknown> => {
    const expression = `shown.map(({ title, body, silent }) => ({ title, body, silent }))`
    return (await devtools.send('Runtime.evaluate', { expression, returnByValue: true })).result.value
  }
  await expect.poll(shownBeforeAnyClick).toContainEqual({ title: 'User eve', body: 'Before the list', silent: false })
})

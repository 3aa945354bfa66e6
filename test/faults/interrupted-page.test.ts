// What happens to a page while a message is on its way: the machine sleeps, its clock is set, its storage is emptied, the page goes into the
// browser's cache and comes back, the host's service worker answers for the server. In a real browser, over a line that drops bytes.
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { FaultProxy } from '../../src/testing/fault-proxy.ts'
import { startHostApp, type HostApp } from '../bindings/app.ts'
import { launchBrowser } from '../support/browser.ts'
import { htmlPage } from '../support/host-site.ts'
import { WHOLE } from '../support/install-browser.ts'
import { box, log, openChat, say } from '../support/widget-page.ts'

let browser: Browser
let app: HostApp
let proxy: FaultProxy
let context: BrowserContext
let page: Page
let who: string
let people = 0
beforeAll(async () => {
  ;[browser, app] = await Promise.all([launchBrowser(), startHostApp()])
  app.set('/', htmlPage('<main>Host</main><script src="/support/widget.js" async></script>'))
  app.set('/other', htmlPage('<main>Other</main>'))
})
afterAll(async () => {
  await browser.close()
  await app.stop()
})
beforeEach(async () => {
  who = `ada${people++}`
  proxy = await FaultProxy.start(Number(new URL(app.url).port))
  await visit(browser)
})
afterEach(async () => {
  await context.close()
  await proxy.close()
})

const url = (path: string): string => `http://127.0.0.1:${proxy.port}${path}`

/** Somebody comes to the host, who is signed in there */
async function visit(by: Browser): Promise<void> {
  context = await by.newContext()
  context.setDefaultTimeout(120_000)
  await context.addCookies([{ name: 'who', value: who, url: url('/') }])
  page = await context.newPage()
}
const shown = async (): Promise<string[]> => (await log(page).innerText()).match(/One|Two|A reply/g) ?? []
/** The page and the database agree on what was written, and nothing waits any more */
async function has(...contents: string[]): Promise<void> {
  await expect.poll(() => app.staff.contents(who)).toEqual(contents)
  await expect.poll(shown).toEqual(contents)
  await expect.poll(() => page.evaluate(() => JSON.stringify(localStorage).includes('outbox'))).toBe(false)
}
const isCut = (): Promise<void> =>
  page
    .getByText(/Reconnecting|Offline/)
    .first()
    .waitFor()

it('a machine that sleeps while a message goes out sends it once when it wakes up, and shows what came meanwhile', async () => {
  await page.goto(url('/'))
  await openChat(page)
  const devTools = await context.newCDPSession(page)
  proxy.blackhole(true)
  await say(page, 'One')
  await devTools.send('Page.setWebLifecycleState', { state: 'frozen' })
  await app.staff.reply(who, 'A reply')
  proxy.blackhole(false)
  await devTools.send('Page.setWebLifecycleState', { state: 'active' })
  await page.clock.setSystemTime(Date.now() + 3 * 3_600_000)
  await has('A reply', 'One')
  await say(page, 'Two')
  await has('A reply', 'One', 'Two')
})

it('a clock that is set back an hour hides no dead line, and no message stays behind', async () => {
  await page.goto(url('/'))
  await openChat(page)
  proxy.blackhole(true)
  await page.clock.setSystemTime(Date.now() - 3_600_000)
  await say(page, 'One')
  await isCut()
  proxy.blackhole(false)
  await has('One')
})

it('a storage that the host empties loses no message of an open page, and doubles none', async () => {
  await page.goto(url('/'))
  await openChat(page)
  await context.setOffline(true)
  await isCut()
  await say(page, 'One')
  await page.evaluate(() => localStorage.clear())
  await say(page, 'Two')
  await context.setOffline(false)
  await has('One', 'Two')
})

/** As many pages have one: what the network does not answer comes from the cache, and what is not there is answered by a page in words */
const WORKER = `
  self.addEventListener('install', () => self.skipWaiting())
  self.addEventListener('activate', (event) => event.waitUntil(self.clients.claim()))
  self.addEventListener('fetch', (event) => event.respondWith(answer(event.request)))
  async function answer(request) {
    const cache = await caches.open('all')
    try {
      const response = await fetch(request)
      if (request.method === 'GET') await cache.put(request, response.clone())
      return response
    } catch {
      const kept = await cache.match(request)
      return kept ?? new Response('<h1>You are offline</h1>', { headers: { 'Content-Type': 'text/html' } })
    }
  }`

it('a service worker of the host that answers for the server loses no message and doubles none, also over a reload', async () => {
  app.set('/worker.js', { body: WORKER, type: 'text/javascript' })
  await page.goto(url('/'))
  await page.evaluate(`navigator.serviceWorker.register('/worker.js').then(() => navigator.serviceWorker.ready)`)
  await page.waitForFunction(`navigator.serviceWorker.controller !== null`)
  await page.reload()
  await openChat(page)
  await say(page, 'One')
  await has('One')
  proxy.refuse(true)
  proxy.cut()
  await isCut()
  await say(page, 'Two')
  await log(page).getByText('Waiting to send').waitFor()
  // All of the page comes from the cache, and so does a chat without the message
  await page.reload()
  await page.getByRole('button', { name: /^Open support chat/ }).click()
  await box(page).waitFor()
  await log(page).getByText('Two').waitFor()
  await app.staff.reply(who, 'A reply')
  proxy.refuse(false)
  await has('One', 'A reply', 'Two')
})

it('a page that left with a message on its way and comes back out of the browser’s cache sends it once', async () => {
  await context.close()
  const own = await chromium.launch({
    executablePath: WHOLE,
    channel: 'chromium',
    args: ['--no-sandbox', '--disable-gpu'],
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  })
  await visit(own)
  await page.addInitScript(`addEventListener('pageshow', ({ persisted }) => (window.isBack = persisted))`)
  await page.goto(url('/'))
  await openChat(page)
  proxy.blackhole(true)
  await say(page, 'One')
  proxy.blackhole(false)
  // Not by way of the connections that are dead now
  await page.goto(`${app.url}/other`)
  await app.staff.reply(who, 'A reply')
  await page.goBack({ waitUntil: 'commit' })
  await expect.poll(() => page.evaluate('window.isBack')).toBe(true)
  await has('A reply', 'One')
  await own.close()
})

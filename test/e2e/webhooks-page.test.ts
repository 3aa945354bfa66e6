// The page of webhooks in the dashboard, on a server that sends to a real receiver.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { violations } from '../support/axe.ts'
import { launchBrowser } from '../support/browser.ts'
import { startServer, type TestServer } from '../support/running-server.ts'
import { startWebhookReceiver, WEBHOOK_SECRET, type WebhookReceiver } from '../support/webhook-receiver.ts'

let browser: Browser
let server: TestServer
let receiver: WebhookReceiver
let contexts: BrowserContext[] = []

beforeAll(async () => {
  browser = await launchBrowser()
  receiver = await startWebhookReceiver()
  server = await startServer({ WEBHOOK_URL: receiver.url, WEBHOOK_SECRET, WEBHOOK_PRIVATE_HOSTS: 'on' })
})
afterAll(async () => {
  await browser.close()
  await server.stop()
  await receiver.stop()
})
afterEach(async () => {
  await Promise.all(contexts.map((context) => context.close()))
  contexts = []
})

async function write(user: string, content: string): Promise<void> {
  const headers = { authorization: `Bearer ${await server.userToken(user)}`, 'content-type': 'application/json' }
  await fetch(`${server.url}/support_chat/messages`, { method: 'POST', headers, body: JSON.stringify({ content }) })
}
async function staffPage(path: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<Page> {
  const context = await browser.newContext(options)
  contexts.push(context)
  context.setDefaultTimeout(120_000)
  await context.request.post(`${server.url}/dashboard/session`, {
    headers: { authorization: `Bearer ${await server.adminToken()}` },
  })
  const page = await context.newPage()
  await page.goto(`${server.url}/dashboard${path}`)
  return page
}
const rows = (page: Page) => page.getByRole('list', { name: 'Webhooks' }).getByRole('listitem')

it('staff find it in the menu, see what became of each webhook, send one again, and go to its chat', async () => {
  const page = await staffPage('?page=webhooks')
  await page.getByText('Nothing was sent yet').waitFor()
  receiver.answer = () => 503
  await write('ada', 'Hello')
  await expect.poll(() => receiver.contents()).toEqual(['Hello'])

  await page.goto(`${server.url}/dashboard`)
  await page.getByRole('button', { name: 'Menu, signed in as Sam' }).click()
  await page.getByRole('link', { name: 'Webhooks' }).click()
  const row = rows(page).first()
  await row.getByText('Will be tried again').waitFor()
  expect(await row.innerText()).toMatch(/Message · ada@example\.com/)
  // It is tried again after some seconds, and then after more. Meanwhile it is being sent, and there is no next try
  await expect.poll(() => row.innerText()).toMatch(/\/hooks\s+It answered 503, tried (once|\d+ times), next try /)
  expect(await row.innerText()).not.toMatch(/key=1/)
  expect(await violations(page)).toEqual([])

  // Not before it is asked to, or a try of its own may be taken, and the button is gone
  await page.route(/send_again/, async (route) => {
    receiver.answer = () => 204
    await route.continue()
  })
  await row.getByRole('button', { name: 'Send now: Message, ada@example.com' }).click()
  await page.getByRole('status').getByText('It is being sent.').waitFor()
  await row.getByText('Delivered').waitFor()
  const tries = receiver.contents().length
  await row.getByRole('button', { name: 'Send again' }).click()
  await expect.poll(() => receiver.contents().length).toBeGreaterThan(tries)
  expect(new Set(receiver.contents())).toEqual(new Set(['Hello']))

  await page.getByRole('button', { name: 'Failed' }).click()
  await page.getByText('None has failed').waitFor()
  await page.getByRole('button', { name: 'All' }).click()
  await row.getByRole('link', { name: 'ada@example.com' }).click()
  await page.getByRole('log').getByText('Hello').waitFor()
})

it('pages back to older ones, says when it did not load, and fits a phone of 320 px', async () => {
  for (let i = 0; i < 60; i++) await write(`person-with-quite-a-long-name-number-${i}`, `${i}`)
  await expect.poll(() => receiver.received.length).toBeGreaterThanOrEqual(60)
  const page = await staffPage('?page=webhooks', {
    viewport: { width: 320, height: 640 },
    isMobile: true,
    hasTouch: true,
  })
  await rows(page).first().waitFor()
  expect(await rows(page).count()).toBe(50)
  expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(320)
  await page.route(/cursor=/, (route) => route.abort())
  await page.getByRole('button', { name: 'Show older ones' }).tap()
  await page.getByText('The older ones did not load.').waitFor()
  await page.unroute(/cursor=/)
  await page.getByRole('button', { name: 'Try again' }).tap()
  await expect.poll(() => rows(page).count()).toBeGreaterThanOrEqual(60)

  await page.route(/admin\/webhooks/, (route) => route.abort())
  await page.reload()
  await page.getByText('The webhooks did not load.').waitFor()
  await page.unroute(/admin\/webhooks/)
  await page.getByRole('button', { name: 'Try again' }).tap()
  await rows(page).first().waitFor()
})

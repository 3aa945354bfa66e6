// The picture in the README: `npm run docs:picture` seeds a server with chats of a made-up company, takes the dashboard and the widget from
// Chromium, and writes both on one ground.
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { createDeskbell, sqliteStore, type HostIdentity } from '../../src/entries/node.ts'
import { AUDIENCE } from '../../src/server/people/token.ts'
import { systemClock } from '../../src/server/ports/clock.ts'
import { launchBrowser } from '../../test/support/browser.ts'
import { startServer, type TestServer } from '../../test/support/running-server.ts'
import { testTokens } from '../../test/support/test-tokens.ts'
import { log, openChat } from '../../test/support/widget-page.ts'
import { ada, ana, LINES, sofia, TAGS, UNREAD } from './chats.ts'

const PICTURE = join(import.meta.dirname, '../../docs/screenshot.png')
const MINUTE = 60_000
const SIZE = { width: 1960, height: 860 }
const DASHBOARD = { width: 1240, height: 780 }
const WIDGET = { width: 620, height: 780 }

/** Writes the lines through the API, each at its time. @returns the id of Sofia's chat */
async function seed(server: TestServer): Promise<string> {
  const begun = Date.now()
  let now = begun
  const people = new Map([ana, ...LINES.flatMap(([, of, by]) => [of, by])].map((one) => [String(one.id), one]))
  const store = await sqliteStore(join(server.env['DATA_DIR'] ?? '', 'deskbell.db'))
  const deskbell = createDeskbell({
    store,
    secret: 'only for a database that is thrown away',
    publicUrl: server.url,
    mailer: { send: async () => undefined },
    notifyAfter: 7 * 24 * 60 * MINUTE,
    authenticate: (request) => people.get(request.headers.get('person') ?? ''),
    clock: { ...systemClock, now: () => now },
  })
  async function call<Body>(by: HostIdentity, method: string, path: string, body?: object): Promise<Body> {
    const headers = { person: String(by.id), 'content-type': 'application/json' }
    const request = new Request(`${server.url}/${path}`, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    })
    const answer = await deskbell.fetch(request)
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as Body
  }
  const open = (of: HostIdentity): Promise<{ id: string; messages: unknown[] }> =>
    call(of, 'GET', 'support_chat?page=https://app.fernwell.example/billing')
  for (const [minutesAgo, of, by, content, kind = 'messages'] of LINES) {
    now = begun - minutesAgo * MINUTE
    const { id, messages } = await open(of)
    await call(by, 'POST', by === of ? 'support_chat/messages' : `admin/chats/${id}/${kind}`, { content })
    const tags = TAGS.get(of)
    if (tags && messages.length === 0) await call(ana, 'PUT', `admin/chats/${id}/tags`, { tags })
  }
  for (const [, of] of LINES) {
    const { id, messages } = await open(of)
    if (!UNREAD.has(of)) await call(ana, 'POST', `admin/chats/${id}/mark_viewed`, { up_to_seq: messages.length })
  }
  await call(ada, 'PATCH', 'support_chat/mark_read', { up_to_seq: (await open(ada)).messages.length })
  const { id } = await open(sofia)
  await deskbell.close()
  await store.close()
  return id
}

/** Where it is two in the afternoon now: nothing of the last hours was yesterday */
const AFTERNOON = `Etc/GMT${new Date().getUTCHours() - 14 < 0 ? '' : '+'}${new Date().getUTCHours() - 14}`

async function newPage(browser: Browser, viewport: { width: number; height: number }): Promise<Page> {
  const context = await browser.newContext({ viewport, bypassCSP: true, timezoneId: AFTERNOON, locale: 'en-US' })
  return context.newPage()
}

function tokenOf({ id, name, email }: HostIdentity): Promise<string> {
  const claims = { sub: String(id), name, email }
  return testTokens(server.env['DESKBELL_SECRET'] ?? '').sign(claims, { audience: AUDIENCE.user, expiresIn: 3600 })
}

/** In the font of the picture, where the machine has it (Debian's fonts-inter) */
async function shoot(page: Page): Promise<Buffer> {
  await page.addStyleTag({
    content: ':root { --deskbell-font: Inter, system-ui } body { font-family: Inter, system-ui }',
  })
  return page.screenshot({ animations: 'disabled' })
}

const asImage = (png: Buffer): string => `<img src="data:image/png;base64,${png.toString('base64')}">`

const server = await startServer({ APP_NAME: 'Fernwell' })
const chat = await seed(server)
const browser = await launchBrowser()
// Sofia is there
const online = new AbortController()
await fetch(`${server.url}/support_chat/events`, {
  headers: { authorization: `Bearer ${await tokenOf(sofia)}` },
  signal: online.signal,
})

const dashboard = await newPage(browser, DASHBOARD)
await dashboard.request.post(`${server.url}/dashboard/session`, {
  headers: { authorization: `Bearer ${await server.adminToken('ana', 'Ana Lima')}` },
})
await dashboard.goto(`${server.url}/dashboard?chat=${chat}`)
await dashboard.getByText('IT 0247 1190 345').first().waitFor()
await dashboard.locator('.presence.is-online').waitFor()

const widget = await newPage(browser, WIDGET)
await widget.goto(`${server.url}/demo`)
// What it tells developers, with the address of this server
await widget.addStyleTag({ content: '.lead, .try { display: none } h1 { margin-bottom: 24px !important }' })
await openChat(widget)
await log(widget).getByText('Yes, all of them.').waitFor()

const shots = [await shoot(dashboard), await shoot(widget)]
const both = await newPage(browser, SIZE)
await both.setContent(`<style>
  body { margin: 0; height: ${SIZE.height}px; display: flex; gap: 28px; align-items: center; justify-content: center; background: #e8e8f4 }
  img { border-radius: 12px; box-shadow: 0 0 0 1px #1b1b3a14, 0 16px 40px #1b1b3a1f }
</style>${shots.map(asImage).join('')}`)
await both.screenshot({ path: PICTURE })
online.abort()
await browser.close()
await server.stop()

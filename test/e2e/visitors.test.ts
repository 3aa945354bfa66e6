// People without an account, in a browser: nothing is stored before they write, the next page and the next tab know them, and who signs in
// keeps what they wrote.
import { DatabaseSync } from 'node:sqlite'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { giveHostPage, launchBrowser } from '../support/browser.ts'
import { startDesk, type Desk } from '../support/desk.ts'

let browser: Browser
let desk: Desk
let context: BrowserContext
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())
beforeEach(async () => {
  desk = await startDesk({
    visitors: true,
    authenticate(request) {
      const [, id] = /who=(\w+)/.exec(request.headers.get('cookie') ?? '') ?? []
      return id === undefined ? null : { id, role: 'user', email: `${id}@example.com`, name: id }
    },
  })
  context = await browser.newContext()
  context.setDefaultTimeout(60_000)
})
afterEach(async () => {
  await context.close()
  expect(desk.errors).toEqual([])
  await desk.stop()
})

const signIn = (who: string): Promise<void> => context.addCookies([{ name: 'who', value: who, url: desk.url }])
const box = (page: Page) => page.getByRole('textbox', { name: 'Message' })
const log = (page: Page) => page.getByRole('log')
const launcher = (page: Page) => page.getByRole('button', { name: /^Open support chat/ })
const keys = (page: Page): Promise<string[]> =>
  page.evaluate('Object.keys(localStorage).map((key) => key.split(":")[1])')

async function load(html = '<script src="/widget.js" async></script>'): Promise<Page> {
  const page = await context.newPage()
  await giveHostPage(page, `<!doctype html><title>Host</title>${html}`)
  await page.goto(`${desk.url}/host`)
  return page
}
async function openChat(page: Page): Promise<void> {
  await launcher(page).click()
  await page.getByText('Connected').first().waitFor({ state: 'attached' })
}
async function say(page: Page, words: string): Promise<void> {
  await box(page).fill(words)
  await box(page).press('Enter')
}
/** `user: content` of all messages, chat by chat */
function stored(): string[] {
  const db = new DatabaseSync(desk.file, { readOnly: true })
  const rows = db
    .prepare(
      'SELECT c.user_id, m.content FROM support_messages m JOIN support_chats c ON c.id = m.chat_id ORDER BY c.id, m.seq',
    )
    .all()
  db.close()
  return rows.map(({ user_id, content }) => `${String(user_id).split(':')[0]}: ${String(content)}`)
}
function people(): number {
  const db = new DatabaseSync(desk.file, { readOnly: true })
  const [row] = db.prepare('SELECT count(*) AS n FROM support_users').all()
  db.close()
  return Number(row?.['n'])
}
async function answer(content: string): Promise<void> {
  const sam = await desk.admin()
  const { body } = await desk.call<{ id: string }[]>('GET', '/admin/chats', sam)
  await desk.call('POST', `/admin/chats/${body[0]?.id}/messages`, sam, { content })
}

it('opens the chat and types without leaving a trace; the first message is known to the next page and the other tab', async () => {
  const page = await load()
  await openChat(page)
  await box(page).fill('Just looking')
  expect([await keys(page), people()]).toEqual([[], 0])
  const other = await load()
  await openChat(other)

  await say(page, 'Hello?')
  await expect.poll(stored).toContain('visitor: Hello?')
  // The other tab becomes the same person's, and both write into one chat
  await log(other).getByText('Hello?').waitFor()
  await say(other, 'From the other tab')
  await log(page).getByText('From the other tab').waitFor()
  expect(stored()).toEqual(['visitor: Hello?', 'visitor: From the other tab'])

  await other.close()
  await page.close()
  await answer('Hi there')
  const next = await load()
  await next.getByRole('button', { name: 'Open support chat, 1 unread' }).waitFor()
  await openChat(next)
  await log(next).getByText('Hi there').waitFor()
  expect(people()).toBe(1)
})

it('who signs in keeps what they wrote, also what was not sent yet; the visitor is no more', async () => {
  const page = await load()
  await openChat(page)
  await say(page, 'Without an account')
  await expect.poll(stored).toContain('visitor: Without an account')
  await context.setOffline(true)
  await say(page, 'Written offline')
  await log(page).getByText('Waiting to send').waitFor()
  await page.close()
  await context.setOffline(false)
  await signIn('ada')
  const account = await load()
  await openChat(account)
  await log(account).getByText('Without an account').waitFor()
  await expect.poll(stored).toEqual(['ada: Without an account', 'ada: Written offline'])
  await expect.poll(() => keys(account)).toEqual([])
  expect(people()).toBe(1)
  // After the sign-out the browser knows nobody
  await context.clearCookies()
  await account.close()
  const next = await load()
  await openChat(next)
  await say(next, 'Somebody else')
  await expect
    .poll(() => stored().toSorted())
    .toEqual(['ada: Without an account', 'ada: Written offline', 'visitor: Somebody else'])
})

it('reset() forgets the visitor, also on a page where the panel was not loaded', async () => {
  const page = await load()
  await openChat(page)
  await say(page, 'Mine')
  await expect.poll(stored).toContain('visitor: Mine')
  await page.evaluate('document.querySelector("deskbell-chat").reset()')
  expect((await keys(page)).filter((key) => key !== 'dismissed')).toEqual([])
  await page.close()

  const again = await load()
  await openChat(again)
  await say(again, 'Mine again')
  await expect.poll(stored).toContain('visitor: Mine again')
  expect(await log(again).getByText('Mine', { exact: true }).count()).toBe(0)
  await again.close()
  const leaving = await context.newPage()
  await leaving.route(/panel-.*\.js/, () => undefined)
  await giveHostPage(leaving, '<!doctype html><title>Host</title><script src="/widget.js" async></script>')
  await leaving.goto(`${desk.url}/host`)
  await launcher(leaving).waitFor()
  await leaving.evaluate('document.querySelector("deskbell-chat").reset()')
  expect((await keys(leaving)).filter((key) => key !== 'dismissed')).toEqual([])
})

it('where storage is blocked, the chat goes on as long as the page', async () => {
  const page = await context.newPage()
  await page.addInitScript(
    'Object.defineProperty(window, "localStorage", { get() { throw new DOMException("blocked", "SecurityError") } })',
  )
  await giveHostPage(page, '<!doctype html><title>Host</title><script src="/widget.js" async></script>')
  await page.goto(`${desk.url}/host`)
  await openChat(page)
  await say(page, 'No storage')
  await expect.poll(stored).toContain('visitor: No storage')
  await answer('Works')
  await log(page).getByText('Works').waitFor()
})

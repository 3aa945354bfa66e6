// People without an account, in a browser: nothing is stored before they write, the next page and the next tab know them, and who signs in
// keeps what they wrote.
import { DatabaseSync } from 'node:sqlite'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { giveHostPage, launchBrowser } from '../support/browser.ts'
import { violations } from '../support/axe.ts'
import { startDesk, type Desk } from '../support/desk.ts'
import { box, launcher, log, openChat, say, visitHost } from '../support/widget-page.ts'

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
  context.setDefaultTimeout(120_000)
})
afterEach(async () => {
  await context.close()
  expect(desk.errors).toEqual([])
  await desk.stop()
})

const signIn = (who: string): Promise<void> => context.addCookies([{ name: 'who', value: who, url: desk.url }])
const keys = (page: Page): Promise<string[]> =>
  page.evaluate('Object.keys(localStorage).map((key) => key.split(":")[1])')

const load = (): Promise<Page> => visitHost(context, desk.url)
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

it('goes live on a slow line, where the socket is refused before an answer says that the person is a visitor', async () => {
  const { promise: isRefused, resolve: refused } = Promise.withResolvers<void>()
  context.on('page', (page) => page.on('websocket', (socket) => socket.on('close', () => refused())))
  await context.route(/support_chat/, async (route) => {
    await isRefused
    await route.continue()
  })
  const page = await load()
  await openChat(page)
  await say(page, 'Hello?')
  await expect.poll(stored).toEqual(['visitor: Hello?'])
})

it('two tabs in which nobody has written yet are one visitor: first messages of the same moment make one chat', async () => {
  const named: Promise<string | null>[] = []
  const tab = async (): Promise<Page> => {
    const page = await context.newPage()
    // Whom the server sees here
    const answered = page.waitForResponse((response) => /\/support_chat(\?|$)/.test(response.url()) && response.ok())
    named.push(answered.then((response) => response.headerValue('deskbell-person')))
    await giveHostPage(page, '<!doctype html><title>Host</title><script src="/widget.js" async></script>')
    await page.goto(`${desk.url}/host`)
    return page
  }
  const before = await tab()
  await openChat(before)
  await before.close()
  const tabs = await Promise.all([tab(), tab()])
  await Promise.all(tabs.map(openChat))
  const [gone, one, two] = await Promise.all(named)
  expect([one, one === gone, await keys(tabs[0])]).toEqual([two, false, []])

  await Promise.all(tabs.map((page, i) => box(page).fill(`From tab ${i}`)))
  await Promise.all(tabs.map((page) => box(page).press('Enter')))
  await expect.poll(() => stored().toSorted()).toEqual(['visitor: From tab 0', 'visitor: From tab 1'])
  for (const page of tabs) await log(page).getByText('From tab 0').waitFor()
  expect(people()).toBe(1)

  // Somebody else is at the computer now, in whichever tab
  await tabs[0].evaluate('document.querySelector("deskbell-chat").reset()')
  await openChat(tabs[0])
  await say(tabs[0], 'Somebody else')
  await log(tabs[1]).getByText('Somebody else').waitFor()
  for (const page of tabs) expect(await log(page).getByText('From tab').count()).toBe(0)
  expect(people()).toBe(2)
})

it('an empty chat promises e-mails to those alone who have an address', async () => {
  const page = await load()
  await openChat(page)
  await page.getByText('Replies show up here.', { exact: true }).waitFor()
  await page.close()
  await signIn('ada')
  const account = await load()
  await openChat(account)
  await account.getByText('Replies show up here, and by e-mail if you have left.').waitFor()
})

describe('the question how to reach them', () => {
  const form = (page: Page) => page.getByRole('form', { name: 'How can we reach you?' })
  const focused = (page: Page): Promise<string | null> =>
    page.evaluate(`(() => {
      const inside = document.querySelector('deskbell-chat').shadowRoot.activeElement
      return inside && (inside.getAttribute('aria-label') ?? inside.getAttribute('name') ?? inside.textContent)
    })()`)
  async function seenByStaff() {
    const { body } = await desk.call<{ user_email: string; user_name: string }[]>(
      'GET',
      '/admin/chats',
      await desk.admin(),
    )
    return body.map(({ user_email, user_name }) => [user_name, user_email])
  }

  /** Also after another message */
  async function notAsked(page: Page): Promise<void> {
    const read = page.waitForResponse((response) => response.url().endsWith('/support_chat/contact'))
    await openChat(page)
    await (await read).finished()
    await say(page, 'Again')
    await expect.poll(stored).toContain('visitor: Again')
    expect(await form(page).count()).toBe(0)
  }

  it('comes after the first message and leaves the keyboard alone; it is answered, mended and taken back by keyboard', async () => {
    const page = await load()
    await openChat(page)
    expect(await form(page).count()).toBe(0)
    await say(page, 'Hello')
    await form(page).waitFor()
    expect(await focused(page)).toBe('Message')
    for (let i = 0; i < 4; i++) await page.keyboard.press('Shift+Tab')
    expect(await focused(page)).toBe('name')
    await page.keyboard.type('Jo')
    await page.keyboard.press('Tab')
    await page.keyboard.type('jo@')
    await page.keyboard.press('Enter')
    await page.getByRole('alert').getByText('This is not an e-mail address.').waitFor()
    const email = page.getByRole('textbox', { name: 'E-mail' })
    expect([await focused(page), await email.getAttribute('aria-invalid')]).toEqual(['email', 'true'])
    await page.keyboard.type('example.com')
    await page.keyboard.press('Enter')
    await expect.poll(() => focused(page)).toBe('Change')
    expect(await seenByStaff()).toEqual([['Jo', 'jo@example.com']])
    expect(await page.getByRole('region', { name: 'How can we reach you?' }).innerText()).toMatch(/Jo\s*jo@example.com/)
    await page.close()

    const next = await load()
    await openChat(next)
    await next.getByRole('button', { name: 'Change' }).click()
    await next.getByRole('button', { name: 'Remove' }).click()
    await expect.poll(() => focused(next)).toBe('Message')
    expect(await seenByStaff()).toEqual([[null, '']])
    await next.close()
    await notAsked(await load())
  })

  it('comes with a later message where its script, and then its request, was lost', async () => {
    const page = await load()
    await openChat(page)
    for (const what of [/\/contact-form-[\w-]+\.js$/, /\/support_chat\/contact$/]) {
      await page.route(what, (route) => route.abort(), { times: 1 })
      const lost = page.waitForEvent('requestfailed', (request) => what.test(request.url()))
      await say(page, String(what))
      await lost
    }
    await say(page, 'Hello')
    await form(page).waitFor()
  })

  it('is asked once, is not asked of people with an account, and fits a small phone', async () => {
    const small = await context.newPage()
    await small.setViewportSize({ width: 320, height: 480 })
    await giveHostPage(
      small,
      '<!doctype html><html lang="en"><title>Host</title><main><h1>Host</h1></main><script src="/widget.js" async></script>',
    )
    await small.goto(`${desk.url}/host`)
    await openChat(small)
    await say(small, 'Hello')
    await form(small).waitFor()
    const form_ = await form(small).boundingBox()
    const messages = await log(small).boundingBox()
    expect([form_ && form_.x >= 0 && form_.x + form_.width <= 320, (messages?.height ?? 0) > 80]).toEqual([true, true])
    for (const colorScheme of ['light', 'dark'] as const) {
      await small.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      expect(await violations(small)).toEqual([])
    }
    await small.getByRole('button', { name: 'No, thanks' }).click()
    await expect.poll(() => form(small).count()).toBe(0)
    expect(await focused(small)).toBe('Message')
    await small.close()
    const next = await load()
    await notAsked(next)
    await next.close()

    await signIn('ada')
    const account = await load()
    const paths: string[] = []
    account.on('request', (request) => paths.push(new URL(request.url()).pathname))
    await openChat(account)
    await say(account, 'With an account')
    await expect.poll(stored).toContain('ada: With an account')
    await log(account).getByText('With an account').first().waitFor()
    expect([paths.includes('/support_chat'), paths.filter((path) => path.includes('contact'))]).toEqual([true, []])
  })
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

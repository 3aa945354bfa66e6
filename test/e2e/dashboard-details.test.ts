// What staff see of a person beside the chat: on wide screens, on narrow ones, and when the host says something else.
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { AUDIENCE } from '../../src/server/people/token.ts'
import { violations } from '../support/axe.ts'
import { launchBrowser } from '../support/browser.ts'
import { startDesk, type Desk } from '../support/desk.ts'

const HOSTILE = '<img src=x onerror="document.title=1">'
const ATTRIBUTES = {
  Plan: 'Pro',
  Seats: 12,
  Trial: false,
  Account: 'https://admin.example.com/users/42',
  Script: 'javascript:alert(1)',
  [HOSTILE.slice(0, 40)]: HOSTILE,
}

let browser: Browser
let desk: Desk
let chat: string
const pages: Page[] = []
beforeAll(async () => {
  browser = await launchBrowser()
  desk = await startDesk({
    notifyAfter: 1,
    authenticate: (request) => (request.headers.get('cookie') ? { id: 'sam', role: 'admin' } : null),
  })
  chat = await visit(ATTRIBUTES)
})
afterAll(async () => {
  await Promise.all(pages.map((page) => page.context().close()))
  await browser.close()
  await desk.stop()
})

async function visit(attributes: Record<string, string | number | boolean>): Promise<string> {
  const claims = { sub: 'ada', email: 'ada@example.com', name: 'Ada', attributes }
  const token = await desk.tokens.sign(claims, { audience: AUDIENCE.user, expiresIn: 600 })
  return (await desk.call<{ id: string }>('GET', '/support_chat', token)).body.id
}

async function staffPage(width: number): Promise<Page> {
  const context = await browser.newContext({ viewport: { width, height: 700 } })
  context.setDefaultTimeout(120_000)
  await context.addCookies([{ name: 'staff', value: '1', url: desk.url }])
  const page = await context.newPage()
  pages.push(page)
  await page.goto(`${desk.url}/dashboard/chats/${chat}`)
  return page
}

const shown = (page: Page): Promise<string[][]> =>
  page
    .locator('.attributes > div')
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent ?? '')))

it('staff read a person’s attributes beside the chat, as text, and at once when they change', async () => {
  const page = await staffPage(1300)
  await page.locator('.attributes').waitFor()
  expect(await shown(page)).toEqual([
    ['Plan', 'Pro'],
    ['Seats', '12'],
    ['Trial', 'No'],
    ['Account', 'admin.example.com/users/42'],
    ['Script', 'javascript:alert(1)'],
    [HOSTILE.slice(0, 40), HOSTILE],
  ])
  const links = page.locator('.attributes a')
  expect(await links.count()).toBe(1)
  expect(await links.getAttribute('href')).toBe('https://admin.example.com/users/42')
  expect(await links.getAttribute('rel')).toContain('noreferrer')
  expect(await page.title()).not.toBe('1')
  expect(await violations(page)).toEqual([])
  // What comes meanwhile is heard over the socket alone
  await expect.poll(() => desk.deskbell.load().connections.cable).toBeGreaterThan(0)
  await visit({ Plan: 'Max' })
  await expect.poll(() => shown(page)).toEqual([['Plan', 'Max']])
  await visit({})
  await page.locator('.attributes').waitFor({ state: 'detached' })
  await visit(ATTRIBUTES)
  await page.locator('.attributes').waitFor()
})

it.each([1000, 320])('a window of %d px has them behind a button, for the keyboard too', async (width) => {
  const page = await staffPage(width)
  const button = page.getByRole('button', { name: 'Details' })
  await button.focus()
  await page.keyboard.press('Enter')
  const dialog = page.getByRole('dialog', { name: 'Details' })
  await dialog.waitFor()
  expect((await shown(page)).slice(0, 2)).toEqual([
    ['Plan', 'Pro'],
    ['Seats', '12'],
  ])
  expect(await violations(page)).toEqual([])
  // Keys are no shortcuts there: this one would archive the chat
  await page.keyboard.press('e')
  expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true)
  await page.keyboard.press('Escape')
  await dialog.waitFor({ state: 'detached' })
  // And nothing else: the chat is still there, and the button has the focus again
  await page.locator('.info-button:focus').waitFor()
  await button.click()
  await dialog.getByRole('button', { name: 'Close' }).click()
  await dialog.waitFor({ state: 'detached' })
  await page.getByRole('button', { name: 'Archive' }).waitFor()
})

it('staff see which messages came by e-mail', async () => {
  const as = 'user' as const
  await desk.deskbell.chats.send({ userId: 'ada', as, content: 'By e-mail', clientId: 'email:1' })
  await desk.deskbell.chats.send({ userId: 'ada', as, content: 'In the chat' })
  const page = await staffPage(1300)
  const messages = page.locator('.db-msg')
  await messages.filter({ hasText: 'In the chat' }).waitFor()
  expect(await messages.filter({ hasText: '· by e-mail' }).locator('.db-bubble').allInnerTexts()).toEqual(['By e-mail'])
})

it('staff see that somebody unsubscribed, and undo it only when they say that the person asked for it', async () => {
  const at = new Date().toISOString()
  await desk.deskbell.chats.open({ id: 'ada', email: 'ada@example.com' })
  await desk.store.unsubscribe('ada', at)
  const page = await staffPage(1300)
  const off = page.locator('.mail-off')
  await off.getByText('They unsubscribed from e-mails.').waitFor()
  expect(await violations(page)).toEqual([])
  const again = off.getByRole('button', { name: 'They want e-mails again' })
  page.once('dialog', (dialog) => void dialog.dismiss())
  await again.press('Enter')
  expect(await desk.store.unsubscribedAt('ada')).toBe(at)
  const asked: string[] = []
  page.once('dialog', (dialog) => {
    asked.push(dialog.message())
    void dialog.accept()
  })
  await again.press('Enter')
  await off.waitFor({ state: 'detached' })
  expect(asked).toEqual([expect.stringContaining('Only do it if they asked you to')])
  expect(await desk.store.unsubscribedAt('ada')).toBeNull()
})

it('staff see that e-mails to an address are stopped, why, and let them go again', async () => {
  const as = { id: 'sam' }
  await desk.deskbell.chats.send({ userId: 'ada', as, content: 'Which order?' })
  await expect.poll(() => desk.mails.length).toBeGreaterThan(0)
  const { reference = '', to } = desk.mails.at(-1) ?? {}
  const event = { delivery: 'bounced' as const, reference, address: to?.address ?? '', reason: '550 No such user' }
  await desk.store.recordMailEvent({ ...event, at: new Date().toISOString() }, new Date().toISOString())
  const page = await staffPage(1300)
  const told = page.locator('.happened')
  await told.getByText('An e-mail about this went to ada@example.com').waitFor()
  await page.locator('.happened.is-warning').getByText('The e-mail to ada@example.com came back: 550 No such').waitFor()
  const stopped = page.locator('.mail-block')
  await stopped.getByText('E-mails are stopped: one came back').waitFor()
  expect(await stopped.innerText()).toContain('550 No such user')
  expect(await violations(page)).toEqual([])
  await stopped.getByRole('button', { name: 'Send e-mails again' }).press('Enter')
  await stopped.waitFor({ state: 'detached' })
  expect(await desk.store.mailBlock('ada@example.com')).toBeNull()
})

it('somebody without a name and an address is called by their id, in the list, in the head of the chat and in the title', async () => {
  const token = await desk.tokens.sign({ sub: 'user-4711' }, { audience: AUDIENCE.user, expiresIn: 600 })
  await desk.call('POST', '/support_chat/messages', token, { content: 'Hello' })
  const page = await staffPage(1300)
  await page.locator('.card .card-line', { hasText: 'user-4711' }).click()
  await page.locator('.chat-head h2', { hasText: 'user-4711' }).waitFor()
  await page.getByRole('textbox', { name: 'Message' }).waitFor()
  expect(await page.title()).toMatch(/user-4711 · Support Chats$/)
})

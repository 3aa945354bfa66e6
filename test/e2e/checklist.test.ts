// The seed's testing checklist, line by line, with two browsers and a real server.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { startServer, type TestServer } from '../support/running-server.ts'

let browser: Browser
let server: TestServer
let contexts: BrowserContext[] = []
let user: Page
let admin: Page
const problems: string[] = []

beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

beforeEach(async () => {
  server = await startServer({ NOTIFY_AFTER: '2s' })
  user = await newPage()
  admin = await newPage()
  await admin.goto(server.signInUrl)
  await user.goto(`${server.url}/demo`)
})
afterEach(async () => {
  await Promise.all(contexts.map((context) => context.close()))
  contexts = []
  await server.stop()
  expect(problems.splice(0)).toEqual([])
})

async function newPage(): Promise<Page> {
  const context = await browser.newContext()
  contexts.push(context)
  context.setDefaultTimeout(120_000)
  const page = await context.newPage()
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (line) => {
    if (line.type() === 'error' && /Content Security Policy/i.test(line.text())) problems.push(line.text())
  })
  return page
}

const launcher = (page: Page) => page.getByRole('button', { name: /^Open support chat/ })
const log = (page: Page) => page.getByRole('log')

async function say(page: Page, text: string): Promise<void> {
  await page.getByRole('textbox', { name: 'Message' }).fill(text)
  await page.getByRole('button', { name: 'Send' }).click()
}
async function openWidget(): Promise<void> {
  await launcher(user).click()
  await user.getByRole('textbox', { name: 'Message' }).waitFor()
}
/** The user writes, and staff has their chat open */
async function meet(text: string): Promise<void> {
  await openWidget()
  await say(user, text)
  await admin.getByRole('link', { name: /ada@example\.com/ }).click()
  await log(admin).getByText(text).waitFor()
}

describe('the checklist of the specification', () => {
  it('lets the user open the widget and send a message, which staff see in real time', async () => {
    await openWidget()
    await say(user, 'Hello, is anyone there?')
    await log(user).getByText('Hello, is anyone there?').waitFor()
    const card = admin.getByRole('link', { name: /ada@example\.com/ })
    await card.waitFor()
    expect(await card.textContent()).toContain('Hello, is anyone there?')
  })

  it('shows the user a reply instantly', async () => {
    await meet('A question')
    await say(admin, 'An answer')
    await log(user).getByText('An answer').waitFor()
    await log(admin).getByText('An answer').waitFor()
  })

  it('counts unread replies on the badge, caps it at 9+, and clears it when the widget opens', async () => {
    await meet('A question')
    await user.getByRole('button', { name: 'Close support chat' }).click()
    await say(admin, 'Reply 1')
    await user.getByRole('button', { name: /Open support chat.*\b1 unread/ }).waitFor()
    for (let n = 2; n <= 10; n++) {
      await say(admin, `Reply ${n}`)
      await log(admin).getByText(`Reply ${n}`, { exact: true }).waitFor()
    }
    await user.getByRole('button', { name: /Open support chat.*\b10 unread/ }).waitFor()
    await user.getByText('9+').waitFor()
    await launcher(user).click()
    await log(user).getByText('Reply 10', { exact: true }).waitFor()
    await user.getByRole('button', { name: 'Close support chat' }).click()
    await expect
      .poll(() =>
        launcher(user)
          .getAttribute('aria-label')
          .then((label) => /unread/.test(label ?? '')),
      )
      .toBe(false)
    await user.reload()
    await launcher(user).waitFor()
    await expect
      .poll(() =>
        launcher(user)
          .getAttribute('aria-label')
          .then((label) => /unread/.test(label ?? '')),
      )
      .toBe(false)
  })

  it('says whether it is connected, and comes back by itself', async () => {
    await openWidget()
    await user.getByText('Connected').first().waitFor({ state: 'attached' })
    await contexts[0]?.setOffline(true)
    await server.restart()
    await user
      .getByText(/Reconnecting|Offline/)
      .first()
      .waitFor({ state: 'attached' })
    await contexts[0]?.setOffline(false)
    await user.getByText('Connected').first().waitFor({ state: 'attached' })
  })

  it('tells staff who is there only while it is connected', async () => {
    await meet('A question')
    await admin.getByText('Online now').waitFor()
    await contexts[1]?.setOffline(true)
    await admin.getByText('Online now').waitFor({ state: 'detached' })
    expect(await admin.getByText(/^Last seen \d|^Last seen just/).count()).toBe(0)
    await contexts[1]?.setOffline(false)
    await admin.getByText('Online now').waitFor()
  })

  it('sends what was typed while offline once, when back', async () => {
    await meet('Before')
    await contexts[0]?.setOffline(true)
    await server.restart()
    await say(user, 'Typed while offline')
    await contexts[0]?.setOffline(false)
    await log(admin).getByText('Typed while offline').waitFor()
    await user.reload()
    await openWidget()
    await log(user).getByText('Typed while offline').waitFor()
    expect(await log(user).getByText('Typed while offline').count()).toBe(1)
  })

  it('archives and restores; a message from the user makes the chat active again', async () => {
    await meet('A question')
    await admin.getByRole('button', { name: 'Archive' }).click()
    await admin.getByRole('button', { name: 'Restore' }).click()
    await admin.getByRole('button', { name: 'Archive' }).click()
    await admin.getByRole('button', { name: 'Restore' }).waitFor()
    await admin.getByRole('tab', { name: /Archived/ }).click()
    await admin.getByRole('link', { name: /ada@example\.com/ }).waitFor()
    await say(user, 'One more thing')
    await admin.getByRole('tab', { name: /Active/ }).click()
    await admin.getByRole('link', { name: /ada@example\.com.*One more thing/s }).waitFor()
  })

  it('e-mails a reply that stays unread', async () => {
    await meet('A question')
    await user.goto('about:blank')
    await say(admin, 'An unseen answer')
    await expect.poll(() => mails()).toHaveLength(1)
    const [mail] = await mails()
    expect(mail?.subject).toBe('New reply from Deskbell Support')
    expect(mail?.text).toContain('An unseen answer')
  })

  it('sends no e-mail about a reply that was read', async () => {
    await server.restart({ NOTIFY_AFTER: '1h' })
    await meet('A question')
    await say(admin, 'A seen answer')
    await log(admin)
      .locator('.db-msg', { hasText: 'A seen answer' })
      .getByText(/· Seen/)
      .waitFor()
    // A later reply to somebody else, who does not read it
    const call = async (method: string, path: string, token: string, body?: object) => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const response = await fetch(server.url + path, { method, headers, ...(body && { body: JSON.stringify(body) }) })
      return (await response.json()) as { id: string }
    }
    const { id } = await call('GET', '/support_chat', await server.userToken('bob'))
    await call('POST', `/admin/chats/${id}/messages`, await server.adminToken(), { content: 'An unseen answer' })
    await server.makeMailsDue()
    await expect.poll(() => mails()).toHaveLength(1)
    expect((await mails())[0]?.text).toContain('An unseen answer')
  })

  it('keeps messages in order and shows each once, here, there and after a reload', async () => {
    await meet('message 0')
    const texts = Array.from({ length: 12 }, (_, n) => `message ${n}`)
    for (const [n, text] of texts.entries()) if (n > 0) await say(n % 3 === 2 ? admin : user, text)
    for (const page of [user, admin]) await expect.poll(() => shown(page)).toHaveLength(12)
    const order = await shown(user)
    expect(await shown(admin)).toEqual(order)
    expect([...order].sort()).toEqual([...texts].sort())
    await user.reload()
    await openWidget()
    await expect.poll(() => shown(user)).toEqual(order)
  })
})

const shown = async (page: Page): Promise<string[]> => (await log(page).innerText()).match(/message \d+/g) ?? []

async function mails(): Promise<{ subject: string; text: string }[]> {
  return (await fetch(`${server.url}/dev/mailbox.json`)).json() as Promise<{ subject: string; text: string }[]>
}

// People who share a browser: what one of them wrote goes out under their own name or not at all, and nobody sees what is
// another's. The host's cookies say who somebody is, as in most apps; a page learns nothing of a change.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { startDesk, type Desk } from '../support/desk.ts'
import { namedCodeOf } from '../support/documented-code.ts'
import { box, log, openChat, say, visitHost } from '../support/widget-page.ts'

let browser: Browser
let desk: Desk
let context: BrowserContext
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())
beforeEach(async () => {
  desk = await startDesk({
    authenticate: async (request) => {
      const [, role, id] = /who=(user|admin)\.(\w+)/.exec(request.headers.get('cookie') ?? '') ?? []
      if (id === undefined) return null
      return {
        id,
        role: role === 'admin' ? 'admin' : 'user',
        email: `${id}@example.com`,
        name: id,
        expiresAt: null,
      }
    },
  })
  context = await browser.newContext()
  context.setDefaultTimeout(120_000)
})
afterEach(async () => {
  await context.close()
  await desk.stop()
})

/** Somebody signs in, or out, in this browser; no page is told */
const signIn = (who: string): Promise<void> => context.addCookies([{ name: 'who', value: who, url: desk.url }])
const signOut = (): Promise<void> => context.clearCookies()

const text = (page: Page): Promise<string> => page.locator('body').innerText()
/** As when somebody clicks on the window: Chromium without a screen reports no focus by itself. The page may load anew at that */
const comeBack = (page: Page): Promise<unknown> =>
  page.evaluate('void dispatchEvent(new Event("focus"))').catch(() => undefined)

/** A user's page with the chat open */
async function visit(): Promise<Page> {
  const page = await visitHost(context, desk.url)
  await openChat(page)
  return page
}
async function openDashboard(chatId: string): Promise<Page> {
  const page = await context.newPage()
  await page.goto(`${desk.url}/dashboard?chat=${chatId}`)
  await box(page).waitFor()
  return page
}
async function stored(userId: string): Promise<string[]> {
  const { body } = await desk.call<{ messages: { content: string; sender_name: string }[] }>(
    'GET',
    '/support_chat/messages',
    await desk.user(userId),
  )
  return body.messages.map(({ content, sender_name }) => `${sender_name}: ${content}`)
}

it('a reply and a draft of staff wait for their writer, whoever of the team signs in before', async () => {
  const { chatId, token } = await desk.person('ada')
  await desk.call('POST', '/support_chat/messages', token, { content: 'Hello?' })
  await signIn('admin.sam')
  const sams = await openDashboard(chatId)
  await context.setOffline(true)
  await say(sams, 'From Sam')
  await log(sams).getByText('Waiting to send').waitFor()
  await box(sams).fill('Half of what Sam')
  await sams.close()
  await context.setOffline(false)

  await signIn('admin.kim')
  const kims = await openDashboard(chatId)
  await say(kims, 'From Kim')
  await expect.poll(() => stored('ada')).toEqual(['User ada: Hello?', 'kim: From Kim'])
  expect([await box(kims).inputValue(), await text(kims)]).toEqual(['', expect.not.stringContaining('Sam')])
  await kims.close()

  await signIn('admin.sam')
  const back = await openDashboard(chatId)
  await expect.poll(() => stored('ada')).toEqual(['User ada: Hello?', 'kim: From Kim', 'sam: From Sam'])
  expect(await box(back).inputValue()).toBe('Half of what Sam')
})

it('an open dashboard becomes that of a colleague who has signed in in another tab, and sends nothing of the first', async () => {
  const { chatId, token } = await desk.person('ada')
  await desk.call('POST', '/support_chat/messages', token, { content: 'Hello?' })
  await signIn('admin.sam')
  const page = await openDashboard(chatId)
  await context.setOffline(true)
  await say(page, 'From Sam')
  await box(page).fill('Half of what Sam')
  await signIn('admin.kim')
  await context.setOffline(false)
  await expect.poll(() => box(page).inputValue()).toBe('')
  await say(page, 'From Kim')
  await expect.poll(() => stored('ada')).toEqual(['User ada: Hello?', 'kim: From Kim'])
  expect(await text(page)).not.toContain('Sam')
  // Sam's session is back, while the page is Kim's: what Sam wrote is sent, and as Sam
  await signIn('admin.sam')
  await comeBack(page)
  await expect.poll(() => stored('ada')).toEqual(['User ada: Hello?', 'kim: From Kim', 'sam: From Sam'])
  await expect.poll(() => box(page).inputValue()).toBe('Half of what Sam')
})

it('a socket that outlives its session sends nothing for who signs in next', async () => {
  const { chatId, token } = await desk.person('ada')
  await desk.call('POST', '/support_chat/messages', token, { content: 'Hello?' })
  await signIn('admin.sam')
  const page = await openDashboard(chatId)
  await page.getByText('Hello?').first().waitFor()
  // Before the session changes: the page may find that out by itself, and load anew
  await page.evaluate('window.isSams = true')
  await signIn('admin.kim')
  await comeBack(page)
  await expect.poll(() => page.evaluate('window.isSams').catch(() => true)).toBeUndefined()
  await say(page, 'From Kim')
  await expect.poll(() => stored('ada')).toEqual(['User ada: Hello?', 'kim: From Kim'])
})

it('a socket that was opened before anybody knew whose it is sends nothing for who signs in next', async () => {
  const { chatId, token } = await desk.person('ada')
  await desk.call('POST', '/support_chat/messages', token, { content: 'Hello?' })
  await signIn('admin.sam')
  const page = await context.newPage()
  await page.route(/admin\/(chats|unread)/, (route) => route.abort())
  await page.goto(`${desk.url}/dashboard?chat=${chatId}`)
  await expect.poll(() => desk.deskbell.load().connections.cable).toBe(1)
  await signIn('admin.kim')
  await page.unroute(/admin\/(chats|unread)/)
  await say(page, 'From Kim')
  await expect.poll(() => stored('ada')).toEqual(['User ada: Hello?', 'kim: From Kim'])
})

it('what a user wrote waits for that user, whoever comes to the same browser meanwhile', async () => {
  await signIn('user.ada')
  const page = await visit()
  await say(page, 'Hello')
  await expect.poll(() => stored('ada')).toEqual(['ada: Hello'])
  await context.setOffline(true)
  await say(page, 'One')
  await say(page, 'Two')
  await box(page).fill('Half of what Ada')
  await signIn('user.bob')
  await context.setOffline(false)
  // The panel stays open and is Bob's. It has no log while nobody knows that, and takes no words
  await log(page).filter({ hasNotText: 'Hello' }).waitFor()
  await say(page, 'From Bob')
  await expect.poll(() => stored('bob')).toEqual(['bob: From Bob'])
  expect(await box(page).inputValue()).toBe('')
  expect(await stored('ada')).toEqual(['ada: Hello'])
  await page.close()

  await signIn('user.ada')
  const back = await visit()
  await expect.poll(() => stored('ada')).toEqual(['ada: Hello', 'ada: One', 'ada: Two'])
  await expect.poll(() => box(back).inputValue()).toBe('Half of what Ada')
  await log(back).getByText('Two').waitFor()
  expect(await stored('bob')).toEqual(['bob: From Bob'])
})

it('reset() deletes what one user wrote and did not send, however often it is called, and nothing of another', async () => {
  const reset = '{ const chat = document.querySelector("deskbell-chat"); chat.reset(); chat.reset() }'
  const kept = (page: Page): Promise<string[]> =>
    page.evaluate(() => Object.keys(localStorage).filter((key) => /^deskbell:(outbox|draft):/.test(key)))
  for (const who of ['bob', 'ada']) {
    await signIn(`user.${who}`)
    const page = await visit()
    await say(page, 'Hello')
    await expect.poll(() => stored(who)).toEqual([`${who}: Hello`])
    // What is on its way when its page closes may still arrive
    await page.route('**/support_chat/messages', (route) => route.abort())
    await context.setOffline(true)
    await say(page, `Later, ${who}`)
    await box(page).fill(`Half of what ${who} means`)
    await expect.poll(async () => (await kept(page)).filter((key) => key.includes(who)).length).toBe(2)
    if (who === 'ada') await page.evaluate(reset)
    await page.close()
    await context.setOffline(false)
  }

  const page = await visit()
  await log(page).getByText('Hello').waitFor()
  expect((await kept(page)).filter((key) => key.includes('ada'))).toEqual([])
  expect(await box(page).inputValue()).toBe('')
  await page.close()
  await signIn('user.bob')
  const bobs = await visit()
  await expect.poll(() => stored('bob')).toEqual(['bob: Hello', 'bob: Later, bob'])
  await expect.poll(() => box(bobs).inputValue()).toBe('Half of what bob means')
  expect(await stored('ada')).toEqual(['ada: Hello'])
})

it('the line for a sign-out deletes it also before the panel has loaded, and does no harm before the widget has', async () => {
  const { token } = await desk.person('ada')
  await context.route('**/with-token', (route) =>
    route.fulfill({
      contentType: 'text/html',
      body: `<!doctype html><title>Host</title><script src="/widget.js" data-token="${token}" async></script>`,
    }),
  )
  const line = namedCodeOf('docs/signing-in.md').get('sign-out') ?? ''
  const mine = (page: Page): Promise<string[]> =>
    page.evaluate(() => Object.keys(localStorage).filter((key) => /^deskbell:.*ada/.test(key)))
  const page = await context.newPage()
  await page.goto(`${desk.url}/with-token`)
  await openChat(page)
  await say(page, 'Hello')
  await expect.poll(() => stored('ada')).toEqual(['User ada: Hello'])
  await context.setOffline(true)
  await say(page, 'Later')
  await box(page).fill('Half of what Ada means')
  await expect.poll(() => mine(page)).toHaveLength(2)
  await page.evaluate('localStorage["deskbell:draft:elsewhere/:user%3Aada"] = "of another installation"')
  await context.setOffline(false)

  // Nothing loads any more but the page, and then the widget
  await context.route(/\/panel-[^/]+\.js|support_chat/, (route) => route.abort())
  await context.route('**/widget.js', (route) => route.abort())
  await page.goto(`${desk.url}/with-token`)
  expect(await page.evaluate(line)).toBeUndefined()
  expect(await mine(page)).toHaveLength(3)
  await context.unroute('**/widget.js')
  await page.goto(`${desk.url}/with-token`)
  await page.getByRole('button', { name: /^Open support chat/ }).waitFor()
  await page.evaluate(line)
  expect(await mine(page)).toEqual(['deskbell:draft:elsewhere/:user%3Aada'])
})

it('a dashboard that saw its session end goes on where it was when the same person is back', async () => {
  const { chatId, token } = await desk.person('ada')
  await desk.call('POST', '/support_chat/messages', token, { content: 'Hello?' })
  await signIn('admin.sam')
  const page = await openDashboard(chatId)
  await context.setOffline(true)
  await say(page, 'Before the end')
  await box(page).fill('Half of what Sam')
  await signOut()
  await context.setOffline(false)
  await page.getByText('You are signed out').waitFor()
  await signIn('admin.sam')
  await comeBack(page)
  await expect.poll(() => stored('ada')).toEqual(['User ada: Hello?', 'sam: Before the end'])
  expect(await box(page).inputValue()).toBe('Half of what Sam')
  expect(new URL(page.url()).searchParams.get('chat')).toBe(chatId)
})

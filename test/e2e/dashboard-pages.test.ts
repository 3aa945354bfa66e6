// The dashboard's menu and the pages that it leads to.
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { violations } from '../support/axe.ts'
import { launchBrowser } from '../support/browser.ts'
import { startServer, type TestServer } from '../support/running-server.ts'

let browser: Browser
let server: TestServer
let contexts: BrowserContext[] = []
let chat = ''

beforeAll(async () => {
  browser = await launchBrowser()
  server = await startServer()
  const headers = { authorization: `Bearer ${await server.userToken('ada')}`, 'content-type': 'application/json' }
  chat = ((await (await fetch(`${server.url}/support_chat`, { headers })).json()) as { id: string }).id
  const body = JSON.stringify({ content: 'Hello' })
  await fetch(`${server.url}/support_chat/messages`, { method: 'POST', headers, body })
})
afterAll(async () => {
  await browser.close()
  await server.stop()
})
afterEach(async () => {
  await Promise.all(contexts.map((context) => context.close()))
  contexts = []
})

async function staffPage(path = '', options: Parameters<Browser['newContext']>[0] = {}, who = 'sam'): Promise<Page> {
  const context = await browser.newContext(options)
  contexts.push(context)
  context.setDefaultTimeout(120_000)
  await context.request.post(`${server.url}/dashboard/session`, {
    headers: { authorization: `Bearer ${await server.adminToken(who)}` },
  })
  const page = await context.newPage()
  await page.goto(`${server.url}/dashboard${path}`)
  return page
}
const menu = (page: Page) => page.getByRole('button', { name: 'Menu, signed in as Sam' })
const addressOf = (page: Page): string => new URL(page.url()).search
/** Playwright's own way to evaluate counts as a touch of the page */
async function untouched(page: Page): Promise<(expression: string) => Promise<unknown>> {
  const session = await page.context().newCDPSession(page)
  return async (expression) => (await session.send('Runtime.evaluate', { expression })).result.value
}

it.each([
  ['page', '?page=account', 1280, `document.body.innerText.includes('Sign out everywhere')`],
  ['chat on a phone', () => `?chat=${chat}`, 390, `document.querySelector('[role=log] .db-bubble') !== null`],
] as const)('a %s that is opened by its address is read from the start', async (_what, path, width, isThere) => {
  const page = await staffPage(typeof path === 'string' ? path : path(), { viewport: { width, height: 800 } })
  const look = await untouched(page)
  await expect.poll(() => look(isThere)).toBe(true)
  expect(await look('document.activeElement.tagName')).toBe('BODY')
})

it('the menu leads to a page beside the list, by pointer and by keyboard, and Back and Escape lead out of it', async () => {
  const page = await staffPage(`?chat=${chat}`)
  const requested: string[] = []
  page.on('request', (request) => requested.push(new URL(request.url()).pathname))
  await menu(page).click()
  await page.getByText('sam@desk.example').waitFor()
  expect(requested.filter((path) => /\/pages?-/.test(path))).toEqual([])
  await page.getByRole('link', { name: 'Your account' }).click()
  await page.getByRole('button', { name: 'Sign out everywhere' }).waitFor()
  expect(requested.filter((path) => /\/pages?-/.test(path))).toHaveLength(2)
  expect(addressOf(page)).toBe('?page=account')
  expect(await page.title()).toMatch(/^(\(1\) )?Your account · /)
  expect(await page.evaluate<string>('document.activeElement.textContent')).toBe('Your account')
  expect(await page.getByRole('navigation').count()).toBe(0)
  expect(await violations(page)).toEqual([])

  await page.goBack()
  await page.getByRole('log').getByText('Hello').waitFor()
  expect(addressOf(page)).toBe(`?chat=${chat}`)

  await menu(page).focus()
  await page.keyboard.press('Enter')
  await page.keyboard.press('ArrowUp')
  expect(await page.evaluate<string>('document.activeElement.textContent')).toBe('Sign out')
  await page.keyboard.press('ArrowUp')
  expect(await page.evaluate<string>('document.activeElement.textContent')).toBe('Your account')
  await page.keyboard.press('ArrowDown')
  expect(await page.evaluate<string>('document.activeElement.textContent')).toBe('Sign out')
  expect(await violations(page)).toEqual([])
  await page.keyboard.press('Escape')
  expect(await page.getByRole('navigation').count()).toBe(0)
  expect(await menu(page).evaluate((button) => button === button.ownerDocument.activeElement)).toBe(true)
  expect(addressOf(page)).toBe(`?chat=${chat}`)

  await page.keyboard.press('Enter')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Sign out everywhere' }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByText('Choose a chat').waitFor()
  expect(addressOf(page)).toBe('')
})

it('a chat of the list takes the place of a page', async () => {
  const page = await staffPage('?page=account')
  await page.getByRole('button', { name: 'Sign out everywhere' }).waitFor()
  await page.getByRole('link', { name: /ada@example\.com/ }).click()
  await page.getByRole('log').getByText('Hello').waitFor()
  expect(addressOf(page)).toBe(`?chat=${chat}`)
  expect(await page.getByRole('button', { name: 'Sign out everywhere' }).count()).toBe(0)
})

it('on a phone a page covers the list, and its back link leads to it', async () => {
  const page = await staffPage('', { viewport: { width: 320, height: 640 }, hasTouch: true, isMobile: true })
  await menu(page).tap()
  await page.getByRole('link', { name: 'Your account' }).tap()
  await page.getByRole('button', { name: 'Sign out everywhere' }).waitFor()
  expect(await menu(page).isVisible()).toBe(false)
  expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBe(320)
  await page.getByRole('link', { name: 'Back to chats' }).tap()
  expect(await menu(page).isVisible()).toBe(true)
})

it('on a phone the buttons of each page, and of its list, can be hit with a finger', async () => {
  const page = await staffPage('', { viewport: { width: 360, height: 640 }, hasTouch: true, isMobile: true })
  const low = (): Promise<string[]> =>
    page.locator('.list-head button, .page-pane button, .blank .button').evaluateAll((buttons) =>
      buttons.flatMap((button) => {
        const { height } = button.getBoundingClientRect()
        return height > 0 && height < 44 ? button.outerHTML.slice(0, 120) : []
      }),
    )
  await page.getByRole('radio', { name: 'Everybody' }).waitFor()
  expect(await low()).toEqual([])
  // As flat as the others
  const clip = 'getComputedStyle(document.querySelector(".whose [aria-checked=true]")).backgroundClip'
  expect(await page.evaluate(clip)).toBe('padding-box')
  for (const [name, title] of Object.entries({
    numbers: 'Numbers',
    replies: 'Canned replies',
    notifications: 'Notifications',
    account: 'Your account',
  })) {
    await page.goto(`${server.url}/dashboard?page=${name}`)
    await page.getByRole('heading', { name: title }).waitFor()
    await page.locator('.page-pane .button').first().waitFor()
    expect([name, await low()]).toEqual([name, []])
  }
})

it.each([
  ['a page', '?page=account'],
  ['a chat', () => `?chat=${chat}`],
] as const)('on a phone %s has one heading of the first level, as the list has', async (_what, path) => {
  const page = await staffPage(typeof path === 'string' ? path : path(), { viewport: { width: 390, height: 800 } })
  await page.getByRole('heading', { level: 2 }).first().waitFor()
  const title = page.getByRole('heading', { level: 1 })
  expect(await title.allTextContents()).toEqual(['Support Chats'])
  expect(await violations(page)).toEqual([])
  await page.getByRole('link', { name: 'Back to chats' }).click()
  await page.getByRole('heading', { level: 2 }).first().waitFor({ state: 'detached' })
  expect(await title.allTextContents()).toEqual(['Support Chats'])
  await page.setViewportSize({ width: 1280, height: 800 })
  await page.getByRole('link', { name: /ada@example\.com/ }).click()
  await page.getByRole('log').getByText('Hello').waitFor()
  expect(await title.allTextContents()).toEqual(['Support Chats'])
})

it('a page that does not load says so and can be tried again', async () => {
  const page = await staffPage()
  let isDown = true
  await page.route(/\/assets\/page-/, (route) => (isDown ? route.abort() : route.continue()))
  await menu(page).click()
  await page.getByRole('link', { name: 'Your account' }).click()
  await page.getByText('This page did not load.').waitFor()
  isDown = false
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('button', { name: 'Sign out everywhere' }).waitFor()
})

it('whoever may not manage the team is told who may, and nothing that cannot work is offered', async () => {
  const page = await staffPage('?page=team')
  await page.getByText('This page is for owners').waitFor()
  expect(await page.getByRole('button', { name: 'Try again' }).count()).toBe(0)
  expect(await violations(page)).toEqual([])
})

it('signing out ends the session of this browser, and everywhere ends that of every browser', async () => {
  const [here, there, third] = [
    await staffPage('', {}, 'eve'),
    await staffPage('', {}, 'eve'),
    await staffPage('', {}, 'eve'),
  ]
  await menu(here).click()
  await here.getByRole('button', { name: 'Sign out' }).click()
  await here.getByText('You are signed out.').waitFor()
  await menu(there).click()
  await there.getByRole('link', { name: 'Your account' }).click()
  await there.getByRole('button', { name: 'Sign out everywhere' }).click()
  await there.getByText('You are signed out.').waitFor()
  // Its socket was closed
  await third.getByText('You are signed out.').waitFor()
})

// How the help was: the widget asks once after an archive, and staff see the answer.
import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { violations } from '../support/axe.ts'
import { launchBrowser } from '../support/browser.ts'
import { startServer, type TestServer } from '../support/running-server.ts'
import { openChat, say, visitHost } from '../support/widget-page.ts'

let browser: Browser
let server: TestServer
let contexts: BrowserContext[] = []
beforeAll(async () => {
  browser = await launchBrowser()
  server = await startServer()
})
afterAll(async () => {
  await browser.close()
  await server.stop()
})
afterEach(async () => {
  await Promise.all(contexts.map((context) => context.close()))
  contexts = []
})

async function person(name: string, options: Parameters<Browser['newContext']>[0] = {}) {
  const token = await server.userToken(name)
  const sam = await server.adminToken()
  const call = async (by: string, method: string, path: string, body?: object): Promise<Record<string, unknown>> => {
    const headers = { authorization: `Bearer ${by}`, 'content-type': 'application/json' }
    const answer = await fetch(`${server.url}/${path}`, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    })
    return (await answer.json()) as Record<string, unknown>
  }
  const id = String((await call(token, 'GET', 'support_chat'))['id'])
  await call(token, 'POST', 'support_chat/messages', { content: 'Hello' })
  const context = await browser.newContext({ bypassCSP: true, ...options })
  contexts.push(context)
  context.setDefaultTimeout(120_000)
  return {
    context,
    visit: () => visitHost(context, server.url, `data-token="${token}"`),
    archive: () => call(sam, 'POST', `admin/chats/${id}/archive`),
    chat: () => call(sam, 'GET', `admin/chats/${id}`),
  }
}

it('is asked once after an archive, answered by keyboard with a comment, and not asked again', async () => {
  const ada = await person('ada')
  const page = await ada.visit()
  await openChat(page)
  await page.getByRole('log').getByText('Hello').waitFor()
  const question = page.getByRole('region', { name: 'How was our help?' })
  expect(await question.count()).toBe(0)
  await ada.archive()
  await question.waitFor()
  // The page of the host has none
  await page.evaluate("document.documentElement.lang = 'en'")
  expect(await violations(page)).toEqual([])
  expect(await question.getByRole('button', { name: 'Send' }).isVisible()).toBe(false)
  await question.getByRole('radio', { name: 'Okay' }).focus()
  await page.keyboard.press('Space')
  await page.keyboard.press('ArrowRight')
  expect(await question.getByRole('radio', { name: 'Good', exact: true }).isChecked()).toBe(true)
  await question.getByRole('textbox').fill('Quick')
  expect(await violations(page)).toEqual([])
  await page.keyboard.press('Enter')
  await question.getByText('Thank you. It helps us.').waitFor()
  expect((await ada.chat())['rating']).toMatchObject({ score: 4, comment: 'Quick' })

  const again = await ada.visit()
  const asked = again.waitForResponse((response) => response.url().endsWith('/support_chat/rating'))
  await openChat(again)
  await asked
  await again.getByRole('log').getByText('Hello').waitFor()
  expect(await again.getByRole('region', { name: 'How was our help?' }).count()).toBe(0)
})

it('goes when it is declined, for good, and when the person writes again', async () => {
  const bob = await person('bob', { viewport: { width: 320, height: 560 }, hasTouch: true, isMobile: true })
  const page = await bob.visit()
  await openChat(page)
  await page.getByRole('log').getByText('Hello').waitFor()
  const question = page.getByRole('region', { name: 'How was our help?' })
  await bob.archive()
  await question.waitFor()
  await say(page, 'One more thing')
  await question.waitFor({ state: 'detached' })
  await bob.archive()
  await question.waitFor()
  await question.getByRole('button', { name: 'No, thanks' }).click()
  await question.waitFor({ state: 'detached' })
  await page.reload()
  const asked = page.waitForResponse((response) => response.url().endsWith('/support_chat/rating'))
  await openChat(page)
  await asked
  await page.getByRole('log').getByText('One more thing').waitFor()
  expect(await question.count()).toBe(0)
  expect((await bob.chat())['rating']).toBeNull()
})

it('a page that a network answers in place of the server is no success', async () => {
  const eve = await person('eve')
  const page = await eve.visit()
  await openChat(page)
  await page.getByRole('log').getByText('Hello').waitFor()
  await eve.archive()
  const question = page.getByRole('region', { name: 'How was our help?' })
  await question.getByRole('radio', { name: 'Okay' }).focus()
  await page.keyboard.press('Space')
  await page.route('**/support_chat/rating', (route) =>
    route.fulfill({ status: 200, contentType: 'text/html', body: '<!doctype html><p>Sign in to use this network.' }),
  )
  await question.getByRole('button', { name: 'Send' }).click()
  await question.getByText('It was not sent.').waitFor()
  await page.unroute('**/support_chat/rating')
  await question.getByRole('button', { name: 'Send' }).click()
  await question.getByText('Thank you. It helps us.').waitFor()
  expect((await eve.chat())['rating']).toMatchObject({ score: 3 })
})

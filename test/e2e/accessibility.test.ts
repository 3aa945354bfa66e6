// axe on every page and state, light and dark.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { violations } from '../support/axe.ts'
import { launchBrowser } from '../support/browser.ts'
import { startServer, type TestServer } from '../support/running-server.ts'

let browser: Browser
let server: TestServer

beforeAll(async () => {
  browser = await launchBrowser()
  server = await startServer({ NOTIFY_AFTER: '100ms' })
})
afterAll(async () => {
  await browser.close()
  await server.stop()
})

it.each(['light', 'dark'] as const)('finds nothing to complain about in %s', async (colorScheme) => {
  const context = await browser.newContext({ colorScheme, bypassCSP: true })
  const user = await context.newPage()
  await user.goto(`${server.url}/demo`)
  await user.getByRole('button', { name: /^Open support chat/ }).click()
  const box = user.getByRole('textbox', { name: 'Message' })
  await box.waitFor()
  expect(await violations(user), 'widget, empty').toEqual([])
  await box.fill('Hello https://example.com\n> *a* `b`\n```\ncode\n```\n- c\n- d')
  await box.press('Enter')
  await user.getByRole('log').getByText('Hello').first().waitFor()

  const staff = await context.newPage()
  const token = await server.adminToken()
  await context.request.post(`${server.url}/dashboard/session`, { headers: { authorization: `Bearer ${token}` } })
  await staff.goto(`${server.url}/dashboard`)
  await staff.getByRole('link', { name: /ada@example\.com/ }).waitFor()
  expect(await violations(staff), 'dashboard, list').toEqual([])
  await staff.getByRole('link', { name: /ada@example\.com/ }).click()
  await staff.getByRole('textbox', { name: 'Message' }).fill(`Hi there in ${colorScheme}`)
  await staff.getByRole('button', { name: 'Send' }).click()
  await user.getByRole('log').getByText(`Hi there in ${colorScheme}`).waitFor()
  expect(await violations(staff), 'dashboard, chat').toEqual([])
  expect(await violations(user), 'widget, chat').toEqual([])

  await user.goto(`${server.url}/dev/mailbox`)
  expect(await violations(user), 'mailbox').toEqual([])
  await context.clearCookies()
  await staff.evaluate('void dispatchEvent(new Event("focus"))')
  await staff.getByText(/signed out/i).waitFor()
  expect(await violations(staff), 'signed out').toEqual([])
  await staff.goto(`${server.url}/dashboard`)
  await staff.getByRole('heading', { name: 'Nobody has an account yet' }).waitFor()
  expect(await violations(staff), 'the sign-in page').toEqual([])
  await context.close()
})

it('shows all of the demo page in a window of 320 px, and the chat in its width', async () => {
  const page = await browser.newPage({ viewport: { width: 320, height: 560 }, isMobile: true, hasTouch: true })
  await page.goto(`${server.url}/demo`)
  await page.getByRole('button', { name: /^Open support chat/ }).tap()
  await page.getByRole('textbox', { name: 'Message' }).waitFor()
  expect(await page.evaluate<number>('innerWidth')).toBe(320)
  await page.context().close()
})

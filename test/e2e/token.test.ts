// A token that runs out while the chat is open is renewed through `getToken`, and nobody notices.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { LEEWAY } from '../../src/server/people/token.ts'
import { launchBrowser } from '../support/browser.ts'
import { startServer, type TestServer } from '../support/running-server.ts'

let browser: Browser
let server: TestServer
beforeAll(async () => {
  browser = await launchBrowser()
  server = await startServer()
})
afterAll(async () => {
  await browser.close()
  await server.stop()
})

it.each([true, false])(
  'the widget keeps the panel open over an expiry (token attribute at first: %s)',
  async (attribute) => {
    const page = await browser.newPage()
    let asked = 0
    await page.exposeFunction('freshToken', () => server.userToken('ada', 'Ada', asked++ < 2 ? 4 - LEEWAY : 3600))
    await page.goto(`${server.url}/demo`)
    const token = attribute
      ? `setAttribute('token', ${JSON.stringify(await server.userToken('ada', 'Ada', 4 - LEEWAY))})`
      : `removeAttribute('token')`
    await page.evaluate(
      `{ const chat = document.querySelector('deskbell-chat'); chat.getToken = () => window.freshToken(); chat.${token} }`,
    )
    await page.getByRole('button', { name: /^Open support chat/ }).click()
    await page.getByRole('textbox', { name: 'Message' }).fill('A draft')
    // The server looks for expired tokens every few seconds, so how long two expiries take is not exact.
    await expect.poll(() => asked).toBeGreaterThan(1)
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByRole('log').getByText('A draft').last().waitFor()
    await expect.poll(() => page.getByText('Connected').count()).toBeGreaterThan(0)
    await page.close()
  },
)

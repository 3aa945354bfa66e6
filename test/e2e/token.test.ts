// A token that runs out while the chat is open is renewed through `getToken`, and nobody notices.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { SkippingClock } from '../../src/testing/skipping-clock.ts'
import { launchBrowser } from '../support/browser.ts'
import { startDesk } from '../support/desk.ts'
import { visitHost } from '../support/widget-page.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const HOUR = 3_600

it.each([true, false])(
  'the widget keeps the panel open over an expiry (token attribute at first: %s)',
  async (attribute) => {
    const clock = new SkippingClock()
    const desk = await startDesk({ clock })
    const page = await visitHost(await browser.newContext(), desk.url)
    let hours = 1
    let asked = 0
    await page.exposeFunction('freshToken', () => {
      asked++
      return desk.user('ada', hours * HOUR)
    })
    const token = attribute
      ? `setAttribute('token', ${JSON.stringify(await desk.user('ada', HOUR))})`
      : `removeAttribute('token')`
    await page.evaluate(
      `customElements.whenDefined('deskbell-chat').then(() => {
        const chat = document.querySelector('deskbell-chat')
        chat.getToken = () => window.freshToken()
        chat.${token}
      })`,
    )
    await page.getByRole('button', { name: /^Open support chat/ }).click()
    await page.getByRole('textbox', { name: 'Message' }).fill('A draft')
    const connections = () => desk.deskbell.load().connections.cable
    for (const expiry of [1, 2]) {
      await expect.poll(connections).toBe(1)
      const before = asked
      hours = expiry + 1
      // Tokens are good for a minute longer than they say
      await clock.skip((HOUR + 90) * 1_000)
      await expect.poll(() => asked).toBeGreaterThan(before)
    }
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByRole('log').getByText('A draft').last().waitFor()
    await expect.poll(() => page.getByText('Connected').count()).toBeGreaterThan(0)
    await page.context().close()
    await desk.stop()
  },
)

it('the widget asks a page again whose getToken never answered, as where its network was just lost', async () => {
  const desk = await startDesk()
  const context = await browser.newContext()
  await context.clock.install()
  const page = await visitHost(context, desk.url)
  await page.exposeFunction('freshToken', () => desk.user('ada'))
  await page.evaluate(
    `customElements.whenDefined('deskbell-chat').then(() => {
      window.asked = 0
      window.hangs = true
      document.querySelector('deskbell-chat').getToken = () => {
        window.asked++
        return window.hangs ? new Promise(() => {}) : window.freshToken()
      }
    })`,
  )
  await page.getByRole('button', { name: /^Open support chat/ }).click()
  // The launcher, and the panel, for all that it is about to ask the server
  await expect.poll(() => page.evaluate('window.asked')).toBe(2)
  await page.evaluate('window.hangs = false')
  await expect
    .poll(async () => {
      await page.clock.runFor(5_000)
      return page.getByText('Connected').count()
    })
    .toBeGreaterThan(0)
  await page.getByRole('textbox', { name: 'Message' }).fill('Hello')
  await page.getByRole('button', { name: 'Send' }).click()
  await page.getByRole('log').getByText('Hello').last().waitFor()
  await context.close()
  await desk.stop()
})

it('the chat opens by itself where `getToken` asks somebody to sign in, which takes them a minute', async () => {
  const desk = await startDesk()
  const context = await browser.newContext()
  await context.clock.install()
  const page = await visitHost(context, desk.url)
  await page.evaluate(
    `customElements.whenDefined('deskbell-chat').then(() => {
      let signingIn
      document.querySelector('deskbell-chat').getToken = () =>
        (signingIn ??= new Promise((resolve) => (window.signIn = resolve)))
    })`,
  )
  await page.getByRole('button', { name: /^Open support chat/ }).click()
  await expect.poll(() => page.evaluate('typeof window.signIn')).toBe('function')
  await expect
    .poll(async () => {
      await page.clock.runFor(5_000)
      return page.getByText('The conversation did not load. Nothing is lost.').count()
    })
    .toBe(1)
  const box = page.getByRole('textbox', { name: 'Message' })
  await box.fill('Hello')
  await page.evaluate(`window.signIn(${JSON.stringify(await desk.user('ada'))})`)
  await expect
    .poll(async () => {
      await page.clock.runFor(5_000)
      return page.getByText('Connected').count()
    })
    .toBeGreaterThan(0)
  await page.getByRole('button', { name: 'Send' }).click()
  await page.getByRole('log').getByText('Hello').last().waitFor()
  await context.close()
  await desk.stop()
})

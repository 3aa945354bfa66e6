// What somebody sees in the chat while staff are away.
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { violations } from '../support/axe.ts'
import { launchBrowser } from '../support/browser.ts'
import { startDesk } from '../support/desk.ts'
import { box, log, openChat, say, visitHost } from '../support/widget-page.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

const DAY = 86_400_000
/** Noon in UTC in three days, which no midnight of the reader makes today or tomorrow */
const back = new Date(Math.floor(Date.now() / DAY) * DAY + 3.5 * DAY)
const weekday = new Intl.DateTimeFormat('en-US', { weekday: 'short', timeZone: 'UTC' }).format(back).slice(0, 2)
const hours = { open: `${weekday} 12:00-12:01`, timeZone: 'UTC' }

it('says when staff are back, on the reader’s clock and in their time zone, until they are', async () => {
  const desk = await startDesk({ hours })
  const context = await browser.newContext({ timezoneId: 'America/New_York', locale: 'en-US' })
  const page = await visitHost(context, desk.url, `data-token="${await desk.user('ada')}"`)
  await openChat(page)
  const away = page.getByRole('status').filter({ hasText: 'We’re away' })
  const there = new Intl.DateTimeFormat('en-US', { weekday: 'long', timeZone: 'America/New_York' }).format(back)
  const time = new Intl.DateTimeFormat('en-US', { hour: 'numeric', minute: '2-digit', timeZone: 'America/New_York' })
  await expect
    .poll(async () => (await away.textContent())?.replace(/\s/g, ' '))
    .toBe(`We’re away. Back on ${there} at ${time.format(back).replace(/\s/g, ' ')}.`)
  await page.evaluate('document.documentElement.lang = "en"')
  expect(await violations(page)).toEqual([])
  // Messages are taken as ever
  await say(page, 'When are you back?')
  await log(page).getByText('When are you back?').waitFor()
  expect(await away.count()).toBe(1)

  await page.clock.setFixedTime(back)
  await say(page, 'Are you there?')
  await expect.poll(() => away.count()).toBe(0)
  await context.close()
  expect(desk.errors).toEqual([])
  await desk.stop()
})

it('says nothing where the host has set no hours, or while staff are there', async () => {
  for (const open of [undefined, 'Mo-Su 0:00-24:00']) {
    const desk = await startDesk(open === undefined ? {} : { hours: { open, timeZone: 'UTC' } })
    const context = await browser.newContext()
    const page = await visitHost(context, desk.url, `data-token="${await desk.user('ada')}"`)
    await openChat(page)
    await say(page, 'Hello')
    await log(page).getByText('Hello').waitFor()
    expect(await page.getByText('We’re away').count()).toBe(0)
    expect(await box(page).isEnabled()).toBe(true)
    await context.close()
    await desk.stop()
  }
})

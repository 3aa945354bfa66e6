// The page of numbers: how much was written, and how long people waited.
import { readFileSync } from 'node:fs'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { violations } from '../support/axe.ts'
import { launchBrowser } from '../support/browser.ts'
import { startServer, type TestServer } from '../support/running-server.ts'

let browser: Browser
let server: TestServer
beforeAll(async () => {
  browser = await launchBrowser()
  server = await startServer({ HOURS: 'Mo-Su 0:00-24:00', HOURS_TIME_ZONE: 'UTC' })
})
afterAll(async () => {
  await browser.close()
  await server.stop()
})

it('shows what was written, by day and by colleague, as a file too, and fits a phone', async () => {
  const headers = async (token: Promise<string>) => ({
    authorization: `Bearer ${await token}`,
    'content-type': 'application/json',
  })
  const ada = await headers(server.userToken('ada'))
  const sam = await headers(server.adminToken())
  const page = await browser.newPage()
  page.setDefaultTimeout(120_000)
  await page.context().request.post(`${server.url}/dashboard/session`, { headers: sam })
  await page.goto(`${server.url}/dashboard`)
  await page.getByRole('button', { name: /^Menu/ }).click()
  await page.getByRole('link', { name: 'Numbers' }).click()
  await page.getByText('Nothing was written in these days.').waitFor()
  expect(await violations(page)).toEqual([])

  const chat = (await (await fetch(`${server.url}/support_chat`, { headers: ada })).json()) as { id: string }
  const say = (path: string, as: Record<string, string>, content: string) =>
    fetch(`${server.url}${path}`, { method: 'POST', headers: as, body: JSON.stringify({ content }) })
  for (const content of ['One', 'Two']) await say('/support_chat/messages', ada, content)
  await fetch(`${server.url}/admin/chats/${chat.id}/tags`, {
    method: 'PUT',
    headers: sam,
    body: JSON.stringify({ tags: ['bug'] }),
  })
  await say(`/admin/chats/${chat.id}/messages`, sam, 'Three')
  await fetch(`${server.url}/admin/chats/${chat.id}/archive`, { method: 'POST', headers: sam })
  await fetch(`${server.url}/support_chat/rating`, { method: 'POST', headers: ada, body: JSON.stringify({ score: 4 }) })
  await page.getByRole('button', { name: '7 days' }).click()
  const label = ': 2 from customers, 1 from staff, 1 new chat'
  await page.getByRole('listitem').filter({ hasText: label }).waitFor({ state: 'attached' })
  expect(await page.getByRole('list', { name: 'Messages a day' }).getByRole('listitem').count()).toBe(7)
  expect(await page.getByRole('row', { name: /^Sam 1 .* 4 of 5 \(1\)$/ }).count()).toBe(1)
  expect(await page.getByRole('row', { name: /^bug 1 .* 4 of 5 \(1\)$/ }).count()).toBe(1)
  const tile = page.getByRole('definition').filter({ hasText: 'of 5' })
  expect(await tile.textContent()).toBe('4 of 5')
  // At all hours, the wait is counted; of ours, there are some at each time
  await page.getByRole('button', { name: 'Only our hours' }).click()
  expect(await page.getByRole('button', { name: 'Only our hours', pressed: true }).count()).toBe(1)
  expect(await violations(page)).toEqual([])

  const lines = async (button: string, name: RegExp): Promise<string[]> => {
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: button }).click(),
    ])
    expect(file.suggestedFilename()).toMatch(name)
    return readFileSync(await file.path(), 'utf8')
      .trimEnd()
      .split('\r\n')
  }
  const DATES = '\\d{4}-\\d\\d-\\d\\d to \\d{4}-\\d\\d-\\d\\d\\.csv$'
  const ofDays = await lines('Download days as CSV', new RegExp(`^numbers ${DATES}`))
  expect(ofDays).toHaveLength(8)
  expect(ofDays.at(-1)).toMatch(/^\d{4}-\d\d-\d\d,1,2,1,1,\d+,\d+,\d+,\d+,1,\d+,\d+,\d+,\d+,1,4$/)
  const ofColleagues = await lines('Download colleagues as CSV', new RegExp(`^numbers by colleague ${DATES}`))
  expect(ofColleagues).toHaveLength(2)
  const ofTags = await lines('Download tags as CSV', new RegExp(`^numbers by tag ${DATES}`))
  expect(ofTags[1]).toMatch(/^bug,1,/)

  await page.setViewportSize({ width: 320, height: 640 })
  await expect.poll(() => page.evaluate<number>('document.documentElement.scrollWidth')).toBe(320)
  await page.route('**/admin/numbers?*', (route) => route.abort())
  await page.getByRole('button', { name: '90 days' }).click()
  await page.getByText('The numbers did not load.').waitFor()
  await page.unroute('**/admin/numbers?*')
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('row', { name: /^Sam 1/ }).waitFor()
})

// Staff block a person beside the chat; the person is told so in the widget; and staff undo it.
import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { violations } from '../support/axe.ts'
import { launchBrowser } from '../support/browser.ts'
import { startServer, type TestServer } from '../support/running-server.ts'
import { openChat, say, visitHost } from '../support/widget-page.ts'

let browser: Browser
let server: TestServer
const contexts: BrowserContext[] = []
beforeAll(async () => {
  browser = await launchBrowser()
  server = await startServer()
})
afterAll(async () => {
  await Promise.all(contexts.map((context) => context.close()))
  await browser.close()
  await server.stop()
})

async function call(token: string, method: string, path: string, body?: object): Promise<Record<string, unknown>> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const answer = await fetch(`${server.url}/${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) })
  return (await answer.json()) as Record<string, unknown>
}
async function newContext(): Promise<BrowserContext> {
  const context = await browser.newContext({ bypassCSP: true, viewport: { width: 1300, height: 700 } })
  contexts.push(context)
  context.setDefaultTimeout(120_000)
  return context
}

it('a person is blocked beside the chat, told so where they write, and heard again when it is undone', async () => {
  const token = await server.userToken('ada', 'Ada')
  const id = String((await call(token, 'GET', 'support_chat'))['id'])
  await call(token, 'POST', 'support_chat/messages', { content: 'Hello' })
  const widget = await visitHost(await newContext(), server.url, `data-token="${token}"`)
  await openChat(widget)
  await widget.getByRole('log').getByText('Hello').waitFor()

  const context = await newContext()
  await context.request.post(`${server.url}/dashboard/session`, {
    headers: { authorization: `Bearer ${await server.adminToken()}` },
  })
  const desk = await context.newPage()
  await desk.goto(`${server.url}/dashboard?chat=${id}`)
  const thread = desk.getByRole('log')
  const details = desk.getByRole('region', { name: 'Details' })
  const inHead = desk.getByText('Blocked', { exact: true })
  const inRow = desk.getByRole('img', { name: 'Blocked' })

  // Somebody who says no changes nothing
  desk.once('dialog', (dialog) => void dialog.dismiss())
  await details.getByRole('button', { name: 'Block this person' }).click()
  expect((await call(await server.adminToken(), 'GET', `admin/chats/${id}`))['blocked_at']).toBeNull()
  desk.once('dialog', (dialog) => void dialog.accept())
  await details.getByRole('button', { name: 'Block this person' }).focus()
  await desk.keyboard.press('Enter')
  await thread.getByText('You blocked this person').waitFor()
  await details.getByText('Blocked: nothing that they write reaches you.').waitFor()
  for (const mark of [inHead, inRow]) await mark.waitFor()
  expect(await violations(desk)).toEqual([])

  await say(widget, 'Are you there?')
  await widget.getByRole('log').getByText('You can no longer write here.').waitFor()
  await widget.evaluate("document.documentElement.lang = 'en'")
  expect(await violations(widget)).toEqual([])

  await details.getByRole('button', { name: 'Unblock' }).click()
  await thread.getByText('You unblocked this person').waitFor()
  for (const mark of [inHead, inRow]) await mark.waitFor({ state: 'detached' })
  await widget.getByRole('button', { name: 'Retry' }).click()
  await thread.getByText('Are you there?').waitFor()
})

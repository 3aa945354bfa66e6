// The widget on somebody else's page: another origin, a strict CSP, wild CSS, clobbered names, blocked storage.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { htmlPage, startHostSite } from '../support/host-site.ts'
import { startServer, type TestServer } from '../support/running-server.ts'

let browser: Browser
let desk: TestServer
let host: Server
let hostUrl: string

beforeAll(async () => {
  browser = await launchBrowser()
  desk = await startServer()
  const token = await desk.userToken('ada')
  host = createServer((_request, response) => {
    const policy = [
      "default-src 'none'",
      `script-src ${desk.url}`,
      `style-src 'self'`,
      `connect-src ${desk.url} ${desk.url.replace('http', 'ws')}`,
    ]
    response.setHeader('content-security-policy', policy.join('; '))
    response.setHeader('cross-origin-embedder-policy', 'require-corp')
    if (_request.url === '/wild.css') {
      response.setHeader('content-type', 'text/css')
      response.end(
        'button, textarea, div { display: none !important; font-size: 60px !important } :root { font-size: 40px }',
      )
      return
    }
    response.setHeader('content-type', 'text/html')
    response.end(`<!doctype html><html lang="en"><head><title>Host</title><link rel="stylesheet" href="/wild.css"></head><body>
      <form name="body"><input name="getElementById"><input id="deskbell"><input name="location"></form>
      <script src="${desk.url}/widget.js" data-token="${token}" async></script></body></html>`)
  })
  await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve))
  hostUrl = `http://localhost:${(host.address() as AddressInfo).port}`
})
afterAll(async () => {
  await browser.close()
  host.close()
  await desk.stop()
})

it.each([false, true])('a person on a page with a strict policy chats there (storage blocked: %s)', async (blocked) => {
  const context = await browser.newContext()
  const page = await context.newPage()
  if (blocked) {
    await page.addInitScript(`for (const name of ['localStorage', 'sessionStorage'])
      Object.defineProperty(window, name, { get() { throw new DOMException('blocked', 'SecurityError') } })`)
  }
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (line) => {
    if (line.type() === 'error' && !/favicon/.test(line.location().url)) problems.push(line.text())
  })
  await page.goto(hostUrl)
  await page.getByRole('button', { name: /^Open support chat/ }).click()
  const text = `Hello from elsewhere, ${String(blocked)}`
  // Before, nobody knows whose the words are
  await page.getByRole('log').waitFor()
  await page.getByRole('textbox', { name: 'Message' }).fill(text)
  const size = await page.getByRole('textbox', { name: 'Message' }).evaluate((box) => {
    const { getComputedStyle } = globalThis as unknown as {
      getComputedStyle: (element: unknown) => { fontSize: string }
    }
    return getComputedStyle(box).fontSize
  })
  expect(size).toBe('16px')
  await page.getByRole('button', { name: 'Send' }).click()
  await page.getByRole('log').getByText(text).waitFor()
  await page.reload()
  await page.getByRole('button', { name: /^Open support chat/ }).click()
  await page.getByRole('log').getByText(text).waitFor()
  expect(problems).toEqual([])
  await context.close()
})

describe('a policy of the page', () => {
  const nonce = "script-src 'nonce-r4nd0m'; style-src 'nonce-r4nd0m'"
  it.each([
    ['trusts scripts by a nonce', nonce],
    ['trusts what trusted scripts load', `${nonce.replace(';', " 'strict-dynamic';")}`],
    ['makes no trusted types at all', `${nonce}; require-trusted-types-for 'script'; trusted-types 'none'`],
  ])('that %s hinders nothing, and nothing breaks it', async (_what, policy) => {
    const site = await startHostSite()
    const context = await browser.newContext()
    const page = await context.newPage()
    const problems: string[] = []
    page.on('pageerror', (error) => problems.push(error.message))
    page.on('console', (line) => {
      if (['error', 'warning'].includes(line.type())) problems.push(line.text())
    })
    const id = `strict-${Date.now()}`
    const token = await desk.userToken(id)
    const url = site.set('/', {
      body: htmlPage(`<script nonce="r4nd0m" src="${desk.url}/widget.js" data-token="${token}" async></script>`),
      headers: {
        'content-security-policy': `default-src 'none'; img-src data:; connect-src ${desk.url} ${desk.url.replace('http', 'ws')}; ${policy}`,
        'cross-origin-embedder-policy': 'require-corp',
        'cross-origin-opener-policy': 'same-origin',
      },
    })
    await page.goto(url)
    expect(await page.evaluate('crossOriginIsolated')).toBe(true)
    await page.getByRole('button', { name: /^Open support chat/ }).click()
    await page.getByRole('textbox', { name: 'Message' }).fill('A question')
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByRole('log').getByText('A question').waitFor()
    // A reply brings more files: those of links, and of the sound
    const headers = { authorization: `Bearer ${await desk.adminToken()}`, 'content-type': 'application/json' }
    const mine = { authorization: `Bearer ${token}` }
    const chat = (await (await fetch(`${desk.url}/support_chat`, { headers: mine })).json()) as { id: string }
    const body = JSON.stringify({ content: 'See https://example.com/help' })
    const sent = await fetch(`${desk.url}/admin/chats/${chat.id}/messages`, { method: 'POST', headers, body })
    expect(sent.status).toBe(201)
    await page
      .getByRole('log')
      .getByRole('link', { name: /example\.com/ })
      .waitFor()
    expect(problems).toEqual([])
    await context.close()
    await site.stop()
  })
})

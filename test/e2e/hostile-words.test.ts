// What people call themselves, write and visit is text: in the widget, on the dashboard, whatever it looks like.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { AUDIENCE, tokens } from '../../src/server/people/token.ts'
import { launchBrowser } from '../support/browser.ts'
import { SECRET } from '../support/desk.ts'
import { startServer, type TestServer } from '../support/running-server.ts'

const TAGS = `"'><img src=x onerror="pwned()"><svg onload=pwned()><script>pwned()</script>{{7*7}}\${7*7}`
/** Turns the direction of what follows, where nothing isolates it */
const TURN = '\u202e\u2067'
const NAME = `${TURN}Eve ${TAGS}`
const ADDRESS = "eve&lt'{{7*7}}@example.com"
const SAID = `${TAGS} ${TURN} javascript:pwned() https://x.example/"onmouseover=pwned() <a href=javascript:pwned()>here</a>`
const TOLD = `${TURN}${TAGS} mailto:eve@example.com?body=x data:text/html,<script>pwned()</script>`

let browser: Browser
let server: TestServer
let host: Server
let hostUrl: string
const problems: string[] = []

beforeAll(async () => {
  browser = await launchBrowser()
  server = await startServer()
  const token = await tokens(SECRET).sign(
    { sub: 'eve', email: ADDRESS, name: NAME },
    { audience: AUDIENCE.user, expiresIn: 3600 },
  )
  host = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end(`<!doctype html><html lang="en"><head><title>Host</title><link rel="icon" href="data:,"></head><body>
      <script src="${server.url}/widget.js" data-token="${token}" async></script></body></html>`)
  })
  await new Promise<void>((resolve) => host.listen(0, '127.0.0.1', resolve))
  hostUrl = `http://localhost:${(host.address() as AddressInfo).port}/?"><img src=x onerror=pwned()>`
  const staff = await tokens(SECRET).sign(
    { sub: 'mal', email: 'mal@example.com', name: NAME },
    { audience: AUDIENCE.admin, expiresIn: 3600 },
  )
  const call = (path: string, bearer: string, body: object) =>
    fetch(server.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
  const page = encodeURIComponent('https://x.example/?"><img src=x onerror=pwned()>')
  const opened = await fetch(`${server.url}/support_chat?page=${page}`, {
    headers: { authorization: `Bearer ${token}` },
  })
  const { id } = (await opened.json()) as { id: string }
  await call('/support_chat/messages', token, { content: SAID })
  await call(`/admin/chats/${id}/messages`, staff, { content: TOLD })
})
afterAll(async () => {
  await browser.close()
  host.close()
  await server.stop()
})

async function newPage(): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 } })
  context.setDefaultTimeout(120_000)
  const page = await context.newPage()
  await page.exposeFunction('pwned', () => problems.push('code of a stranger ran'))
  page.on('dialog', (dialog) => {
    problems.push('a dialog')
    void dialog.dismiss()
  })
  page.on('console', (line) => {
    if (/Content Security Policy/i.test(line.text())) problems.push(line.text())
  })
  return page
}

/** Links, and elements that only a stranger's markup could have made, in the page and in every shadow root */
async function inspect(page: Page): Promise<{ links: string[]; rels: string[]; made: string[] }> {
  const found = (css: string) => page.locator(css)
  const links = found('[role=log] a, .info-pane a, .chat-list a[target]')
  return {
    links: await links.evaluateAll((all) => all.map((a) => a.getAttribute('href') ?? '')),
    rels: await links.evaluateAll((all) => all.map((a) => a.getAttribute('rel') ?? '')),
    made: await found(
      '[onerror], [onload], [onmouseover], img[src=x], .db-bubble b, bdi b, a[href^="javascript" i], a[href^="data" i]',
    ).evaluateAll((all) => all.map((element) => element.outerHTML)),
  }
}

async function check(page: Page): Promise<void> {
  await page.locator('[role=log] a').first().waitFor()
  const { links, rels, made } = await inspect(page)
  expect(made).toEqual([])
  expect(links.length).toBeGreaterThan(0)
  for (const link of links) expect(link).toMatch(/^(https?:|mailto:)/)
  for (const rel of rels) expect(rel).toMatch(/noopener.*nofollow.*ugc/)
  expect(problems).toEqual([])
}

/** The element that holds this text keeps its direction to itself */
const isolates = (page: Page, text: string) =>
  page
    .getByText(text)
    .first()
    .evaluate((element) => {
      const { getComputedStyle } = globalThis as unknown as {
        getComputedStyle: (e: unknown) => { unicodeBidi: string }
      }
      return getComputedStyle(element).unicodeBidi
    })

it('hostile words are only text in the widget', async () => {
  const page = await newPage()
  await page.goto(hostUrl)
  await page.getByRole('button', { name: /^Open support chat/ }).click()
  const log = page.getByRole('log')
  await log.getByText('javascript:pwned()').waitFor()
  await log.getByText('data:text/html').waitFor()
  expect(await isolates(page, 'Eve')).toMatch(/isolate/)
  expect(await isolates(page, 'data:text/html')).toMatch(/isolate|plaintext/)
  await check(page)
})

it('hostile words are only text on the dashboard', async () => {
  const page = await newPage()
  await page.goto(server.signInUrl)
  const row = page.getByRole('link', { name: /eve/ })
  await row.waitFor()
  await row.click()
  await page.getByRole('log').getByText('javascript:pwned()').waitFor()
  // The page that they were on last
  await page.locator('.info-pane a').waitFor()
  expect(await isolates(page, ADDRESS)).toMatch(/isolate/)
  expect(await isolates(page, 'data:text/html')).toMatch(/isolate|plaintext/)
  await check(page)
})

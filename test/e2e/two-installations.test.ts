// Several installations on one host, whose cookies a browser does not keep apart by port: staff stay signed in to each.
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Browser, BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { startServer, type TestServer } from '../support/running-server.ts'

let browser: Browser
beforeAll(async () => {
  browser = await launchBrowser()
})
afterAll(() => browser.close())

/** What the list of chats answers in this browser, at each address */
const statuses = (context: BrowserContext, urls: string[]): Promise<number[]> =>
  Promise.all(urls.map(async (url) => (await context.request.get(`${url}/admin/chats`)).status()))

/** Signs in to one after the other, then out of the first */
async function signInAndOut(urls: string[], signInUrls: string[]): Promise<void> {
  const context = await browser.newContext()
  const page = await context.newPage()
  for (const url of signInUrls) {
    await page.goto(url)
    await page.getByRole('tab', { name: 'Active' }).waitFor()
  }
  expect(await statuses(context, urls)).toEqual(urls.map(() => 200))
  const [first = ''] = urls
  expect((await context.request.post(`${first}/dashboard/sign_out`)).status()).toBe(204)
  expect(await statuses(context, urls)).toEqual(urls.map((url) => (url === first ? 401 : 200)))
  await context.close()
}

it('staff are signed in to installations on several ports of one host at once', async () => {
  const servers = [await startServer(), await startServer()]
  await signInAndOut(
    servers.map(({ url }) => url),
    servers.map(({ signInUrl }) => signInUrl),
  )
  for (const server of servers) await server.stop()
})

it('staff are signed in to installations under several paths of one proxy at once', async () => {
  const targets = new Map<string, TestServer>()
  const proxy = await prefixProxy(targets)
  const { port } = proxy.address() as AddressInfo
  const urls = ['/one', '/two', '/one/two'].map((path) => `http://localhost:${port}${path}`)
  for (const url of urls) targets.set(new URL(url).pathname, await startServer({ PUBLIC_URL: url }))
  const tickets = [...targets.values()].map(({ signInUrl }) => new URL(signInUrl))
  await signInAndOut(
    urls,
    tickets.map(({ pathname, search }, i) => `${urls[i]}${pathname}${search}`),
  )
  for (const server of targets.values()) await server.stop()
  proxy.closeAllConnections()
  proxy.close()
})

/** Passes `/one/…` on to the server of that path, without the path. Sockets are not passed on; the dashboard does without */
async function prefixProxy(targets: Map<string, TestServer>): Promise<Server> {
  const proxy = createServer((incoming, outgoing) => {
    const { url = '', method, headers } = incoming
    const paths = [...targets.keys()].sort((a, b) => b.length - a.length)
    const path = paths.find((prefix) => url.startsWith(`${prefix}/`)) ?? ''
    const onward = request(`${targets.get(path)?.url}${url.slice(path.length)}`, { method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(outgoing)
    })
    onward.on('error', () => outgoing.destroy())
    outgoing.on('close', () => onward.destroy())
    incoming.pipe(onward)
  })
  await new Promise<void>((resolve) => proxy.listen(0, resolve))
  return proxy
}

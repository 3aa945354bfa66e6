// What the pages of other sites can do, in a browser that is signed in to the host: over https, with the host's own cookie, which the
// browser sends along from everywhere (SameSite=None).
import { createServer, request, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createDeskbell, sqliteStore, type Deskbell, type Store } from '../../src/entries/node.ts'
import { launchBrowser } from '../support/browser.ts'
import { certificateFor } from '../support/certificate.ts'
import { htmlPage } from '../support/host-site.ts'

let browser: Browser
let server: Server
let store: Store
let deskbell: Deskbell
let port: number
let context: BrowserContext
let page: Page
const pages = new Map<string, string>()

/** One server has all names */
const at = (name: string): string => `https://${name}.test:${port}`
const APP = 'app.host'
const PARTNER = 'partner.host'
/** Another site; one of the same site, to which SameSite=Lax would go too; and a page of that site that has no origin */
const STRANGERS = ['evil', 'blog.host', 'sandbox.host'] as const

beforeAll(async () => {
  browser = await launchBrowser('--host-resolver-rules=MAP *.test 127.0.0.1')
  server = createServer(certificateFor('*.test', '*.host.test'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
  store = await sqliteStore(':memory:')
  deskbell = createDeskbell({
    store,
    secret: 'a secret that only the tests know, 32+',
    publicUrl: `${at(APP)}/support`,
    allowedOrigins: [at(PARTNER)],
    mailer: { send: async () => undefined },
    authenticate: async (request) => {
      const id = /\bsid=(\w+)/.exec(request.headers.get('cookie') ?? '')?.[1]
      if (id === undefined) return null
      return { id, role: id === 'sam' ? 'admin' : 'user', email: `${id}@example.com`, name: id }
    },
  })
  server.on('upgrade', deskbell.upgrade)
  server.on('request', (request, response) => {
    void deskbell.listener(request, response, () => {
      const isSandbox = request.headers.host?.startsWith('sandbox.')
      const html = pages.get(request.url ?? '') ?? htmlPage('<p>A page</p>')
      response.writeHead(200, {
        'content-type': 'text/html',
        ...(isSandbox && { 'content-security-policy': 'sandbox allow-scripts allow-forms' }),
      })
      response.end(html)
    })
  })
})
afterAll(async () => {
  await browser.close()
  await deskbell.close()
  server.closeAllConnections()
  server.close()
  await store.close()
})

beforeEach(async () => {
  context = await browser.newContext({ ignoreHTTPSErrors: true })
  page = await context.newPage()
})
afterEach(() => context.close())

const signIn = (who: string) =>
  context.addCookies([
    { name: 'sid', value: who, domain: `${APP}.test`, path: '/', secure: true, httpOnly: true, sameSite: 'None' },
  ])
const chatOf = (who: string) => store.findChatOf(who)

/** What a page got: a status, or `refused` where the browser let it see nothing */
const fetched = (path: string, init: object): Promise<number | 'refused'> =>
  page.evaluate(`fetch('${at(APP)}/support${path}', ${JSON.stringify({ credentials: 'include', ...init })})
    .then((answer) => answer.status, () => 'refused')`)

/** Whether a socket opened */
const opened = (path: string, protocols: string[]): Promise<boolean> =>
  page.evaluate(`new Promise((resolve) => {
    const socket = new WebSocket('${at(APP).replace('https', 'wss')}/support${path}', ${JSON.stringify(protocols)})
    socket.onopen = () => resolve(true)
    socket.onclose = () => resolve(false)
  })`)

const JSON_BODY = { headers: { 'content-type': 'application/json' }, body: '{"content":"forged"}' }
const SIMPLE_BODY = { headers: { 'content-type': 'text/plain' }, body: '{"content":"forged"}' }

describe("a page of the host's own", () => {
  it('may do all of this, so that the refusals prove something', async () => {
    await signIn('own')
    await page.goto(at(APP))
    expect(await fetched('/support_chat/messages', { method: 'POST', ...JSON_BODY })).toBe(201)
    expect(await opened('/cable', ['actioncable-v1-json'])).toBe(true)
    const chat = await chatOf('own')
    expect(await opened(`/ws/chat?chat_id=${chat?.id}`, [])).toBe(true)
  })
})

describe.each(STRANGERS)('a page of %s', (stranger) => {
  beforeEach(async () => {
    await signIn('ada')
    await page.goto(at(stranger))
  })
  const nothing = async () => expect(await chatOf('ada')).toBeUndefined()

  it("opens no socket with the host's cookie", async () => {
    expect(await opened('/cable', ['actioncable-v1-json'])).toBe(false)
    expect(await opened('/ws/chat', [])).toBe(false)
    await nothing()
  })

  it("sends nothing with the host's cookie, and reads nothing", async () => {
    for (const init of [
      { method: 'POST', ...JSON_BODY },
      { method: 'POST', ...SIMPLE_BODY },
      { method: 'POST', mode: 'no-cors', ...SIMPLE_BODY },
    ]) {
      expect([0, 'refused']).toContain(await fetched('/support_chat/messages', init))
    }
    expect(await fetched('/support_chat', {})).toBe('refused')
    expect(await fetched('/support_chat/events', {})).toBe('refused')
    const heard = await page.evaluate(`new Promise((resolve) => {
      const events = new EventSource('${at(APP)}/support/support_chat/events', { withCredentials: true })
      events.onopen = () => resolve(true)
      events.onerror = () => resolve(false)
    })`)
    expect(heard).toBe(false)
    await nothing()
  })

  it('makes nobody send a form or open a chat, not by a visit either', async () => {
    const sent = page.waitForResponse((response) => response.url().endsWith('/support_chat/messages'))
    await page.setContent(
      `<form method="post" enctype="text/plain" action="${at(APP)}/support/support_chat/messages">
         <input name='{"content":"forged","x":"' value='"}'></form>
       <img src="${at(APP)}/support/support_chat"><script src="${at(APP)}/support/support_chat"></script>`,
    )
    await page.evaluate(`document.forms[0].submit()`)
    expect((await sent).status()).toBe(403)
    await page.waitForURL(/messages$/)
    await page.goto(at(stranger))
    await page.setContent(`<a href="${at(APP)}/support/support_chat">A link</a>`)
    const visited = page.waitForResponse((response) => response.url().endsWith('/support_chat'))
    await page.getByRole('link').click()
    expect((await visited).status()).toBe(403)
    await nothing()
  })

  it('frames none of our pages', async () => {
    await signIn('sam')
    for (const path of ['/dashboard', '/dashboard/sign_in', '/unsubscribe?token=none', '/support_chat']) {
      await page.goto(at(stranger))
      await page.setContent(`<iframe src="${at(APP)}/support${path}"></iframe>`)
      // The browser shows a page of its own instead
      await expect.poll(() => [path, page.frames()[1]?.url().split(':')[0]]).toEqual([path, 'chrome-error'])
    }
  })
})

describe('CORS', () => {
  it('lets a page of an allowed origin write and read, with the cookie', async () => {
    await signIn('pat')
    await page.goto(at(PARTNER))
    expect(await fetched('/support_chat/messages', { method: 'POST', ...JSON_BODY })).toBe(201)
    expect(await fetched('/support_chat', {})).toBe(200)
    expect(await opened('/cable', ['actioncable-v1-json'])).toBe(true)
  })

  /** Its headers, as they came */
  const headersOf = (path: string, options: { method?: string; headers: Record<string, string> }) =>
    new Promise<Record<string, unknown>>((resolve, reject) => {
      const headers = { host: new URL(at(APP)).host, ...options.headers }
      const asked = request({
        ...options,
        headers,
        port,
        path: `/support${path}`,
        rejectUnauthorized: false,
        agent: false,
      })
      asked.on('response', (answer) => {
        answer.resume()
        resolve(answer.headers)
      })
      asked.on('error', reject).end()
    })

  it.each(['https://evil.test', 'null', `http://${PARTNER}.test`])(
    'gives %s no leave, to ask or to read',
    async (origin) => {
      for (const method of ['OPTIONS', 'GET']) {
        const headers = await headersOf('/support_chat', {
          method,
          headers: { origin, 'access-control-request-method': 'POST' },
        })
        expect(headers).not.toHaveProperty('access-control-allow-origin')
        expect(headers).not.toHaveProperty('access-control-allow-credentials')
        expect(headers['vary']).toContain('Origin')
      }
    },
  )

  it('never combines leave for everybody with credentials', async () => {
    const foreign = await headersOf('/widget.js', { headers: { origin: at('evil') } })
    expect(foreign['access-control-allow-origin']).toBe('*')
    expect(foreign).not.toHaveProperty('access-control-allow-credentials')
    const allowed = await headersOf('/widget.js', { headers: { origin: at(PARTNER) } })
    expect(allowed['access-control-allow-origin']).toBe(at(PARTNER))
  })
})

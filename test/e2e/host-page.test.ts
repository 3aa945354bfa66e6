// The chat's element on a page that does as it likes with its document: scripts in every form, swapped bodies, a new document.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { launchBrowser } from '../support/browser.ts'
import { htmlPage, startHostSite, type HostSite } from '../support/host-site.ts'
import { startServer, type TestServer } from '../support/running-server.ts'

const library = (file: string): string => readFileSync(join(import.meta.dirname, '..', '..', file), 'utf8')

let browser: Browser
let desk: TestServer
let site: HostSite
let context: BrowserContext
let page: Page
let token: string
let visitors = 0
let errors: string[] = []
let logged: string[] = []

beforeAll(async () => {
  browser = await launchBrowser()
  desk = await startServer()
  site = await startHostSite()
  for (const [path, file] of [
    ['/htmx.js', 'node_modules/htmx.org/dist/htmx.js'],
    ['/react.js', 'test/react-18/node_modules/react/umd/react.development.js'],
    ['/react-dom.js', 'test/react-18/node_modules/react-dom/umd/react-dom.development.js'],
  ] as const)
    site.set(path, { body: library(file), type: 'text/javascript' })
})
afterAll(async () => {
  await browser.close()
  await site.stop()
  await desk.stop()
})

beforeEach(async () => {
  token = await desk.userToken(`visitor-${visitors++}`)
  context = await browser.newContext()
  context.setDefaultTimeout(120_000)
  page = await context.newPage()
  errors = []
  logged = []
  page.on('pageerror', (error) => errors.push(error.message))
  page.on('console', (line) => {
    if (line.type() === 'error') logged.push(line.text())
  })
})
afterEach(async () => {
  await context.close()
  expect(errors).toEqual([])
})

const script = (attributes = ''): string =>
  `<script src="${desk.url}/widget.js" data-token="${token}" async ${attributes}></script>`
const launcher = () => page.getByRole('button', { name: /^Open support chat/ })
const box = () => page.getByRole('textbox', { name: 'Message' })
const bubble = (text: string) => page.getByRole('log').locator('.db-bubble', { hasText: text })
const chats = () => page.evaluate<number>(`document.querySelectorAll('deskbell-chat').length`)
const inBody = () => page.evaluate<boolean>(`document.querySelector('deskbell-chat')?.parentNode === document.body`)

async function openChat(): Promise<void> {
  await launcher().click()
  await box().waitFor()
}
async function say(text: string): Promise<void> {
  await box().fill(text)
  await box().press('Enter')
  await bubble(text).waitFor()
}
/** A reply of staff, by REST */
async function reply(text: string): Promise<void> {
  const call = async (path: string, bearer: string, init: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${bearer}`, 'content-type': 'application/json' }
    return (await (await fetch(desk.url + path, { ...init, headers })).json()) as { id: string }
  }
  const { id } = await call('/support_chat', token)
  const body = JSON.stringify({ content: text })
  await call(`/admin/chats/${id}/messages`, await desk.adminToken(), { method: 'POST', body })
}
const badge = (n: number) => page.getByRole('button', { name: `Open support chat, ${n} unread` }).waitFor()

describe('a page that replaces what it shows', () => {
  /** Open, with a message and a draft; then the page changes; the same is there, once, and can be used */
  async function survives(what: string, change: () => Promise<unknown>): Promise<void> {
    await box().fill(`A draft: ${what}`)
    await change()
    await expect.poll(chats).toBe(1)
    expect(await box().inputValue()).toBe(`A draft: ${what}`)
    expect(await inBody()).toBe(true)
    await bubble('Before').waitFor()
    await say(`After: ${what}`)
  }

  it('keeps the open chat and its draft, however the page replaces the body', async () => {
    await page.goto(site.set('/', htmlPage(`<main>Host</main>${script()}`)))
    await openChat()
    await say('Before')
    const changes = {
      'the body is written anew': `document.body.innerHTML = '<p>Other</p>'`,
      'it is written anew twice': `document.body.innerHTML = '<p>1</p>'; document.body.innerHTML = '<p>2</p>'`,
      'its children are removed': `while (document.body.firstChild) document.body.removeChild(document.body.firstChild)`,
      'its children remove themselves': `document.body.prepend('A', document.createElement('p'))
        while (document.body.lastChild) document.body.lastChild.remove()`,
      'another body takes its place': `document.body = document.createElement('body')`,
      'a copy of the body takes its place': `document.body.replaceWith(document.body.cloneNode(true))`,
      'another document element takes its place': `{
        const html = document.createElement('html')
        html.innerHTML = '<head></head><body><p>Other</p></body>'
        document.documentElement.replaceWith(html)
      }`,
      'there is no body for a while': `document.body.remove()
        setTimeout(() => document.documentElement.append(document.createElement('body')), 50)`,
      'it is moved': `document.body.prepend(document.querySelector('deskbell-chat'))`,
    }
    for (const [what, change] of Object.entries(changes)) await survives(what, () => page.evaluate(`{${change}}`))
    await page.getByRole('button', { name: 'Close support chat' }).click()
    await launcher().waitFor()
  })

  it('keeps the open chat when htmx swaps the boosted body, which brings the script again', async () => {
    const body = (name: string, href: string) =>
      htmlPage(`<h1>${name}</h1><a href="${href}">Go on</a>${script()}`, '<script src="/htmx.js"></script>').replace(
        '<body',
        '<body hx-boost="true"',
      )
    site.set('/two', body('Two', '/one'))
    await page.goto(site.set('/one', body('One', '/two')))
    await openChat()
    await say('Before')
    await survives('boosted', async () => {
      await page.getByRole('link', { name: 'Go on' }).click()
      await page.getByRole('heading', { name: 'Two' }).waitFor()
    })
    await page.goBack()
    await page.getByRole('heading', { name: 'One' }).waitFor()
    await expect.poll(chats).toBe(1)
    await bubble('After: boosted').waitFor()
  })

  /** A page whose whole document React takes over, after the chat is there */
  async function hydrate(made: string): Promise<void> {
    await page.goto(
      site.set('/', '<!doctype html><html><head><title>Host</title></head><body><main>Made there</main></body></html>'),
    )
    for (const url of ['/react.js', '/react-dom.js']) await page.addScriptTag({ url })
    await page.evaluate(`{
      const tag = document.createElement('script')
      Object.assign(tag, { src: '${desk.url}/widget.js' }).dataset.token = '${token}'
      document.head.append(tag)
    }`)
    await openChat()
    await say('Before')
    await box().fill('A draft')
    await page.evaluate(`new Promise((done) => {
      const e = React.createElement
      const App = () => {
        React.useEffect(done)
        return e('html', null, e('head', null, e('title', null, 'Host')), e('body', null, e('main', null, '${made}')))
      }
      ReactDOM.hydrateRoot(document, e(App), { onRecoverableError: () => (window.gaveUp = true) })
    })`)
    await page.getByText(made).waitFor()
  }

  it('keeps the open chat when React gives up hydration and renders the document anew', async () => {
    await hydrate('Made here')
    expect(await page.evaluate('window.gaveUp')).toBe(true)
    await expect.poll(chats).toBe(1)
    await bubble('Before').waitFor()
    expect(await box().inputValue()).toBe('A draft')
  })

  it('is no reason for React to give up', async () => {
    await hydrate('Made there')
    expect(await page.evaluate('window.gaveUp')).toBe(undefined)
    expect(await box().inputValue()).toBe('A draft')
  })

  it('goes when the page takes away the element itself, or its own element in the markup', async () => {
    await page.goto(site.set('/', htmlPage(`<main>Host</main>${script()}`)))
    await openChat()
    await page.evaluate(`document.querySelector('deskbell-chat').remove()`)
    await page.evaluate(`document.body.innerHTML = '<p>Other</p>'`)
    await expect.poll(chats).toBe(0)
    await page.goto(site.set('/', htmlPage(`<deskbell-chat token="${token}"></deskbell-chat>${script('data-manual')}`)))
    await launcher().waitFor()
    await page.evaluate(`document.body.innerHTML = '<p>Other</p>'`)
    await expect.poll(chats).toBe(0)
  })

  it('does not fight with a page that removes what it does not know', async () => {
    await page.goto(site.set('/', htmlPage(`<main>Host</main>${script()}`)))
    await launcher().waitFor()
    await page.evaluate(`{
      window.removed = 0
      const clean = () => document.querySelectorAll('deskbell-chat').forEach((e) => { removed++; e.parentNode.removeChild(e) })
      new MutationObserver(clean).observe(document.body, { childList: true })
      clean()
    }`)
    await page.evaluate('new Promise((done) => setTimeout(done, 400))')
    expect(await page.evaluate('removed')).toBeLessThan(5)
  })
})

describe('an element that the page sets up', () => {
  it('asks the getToken that was set before the script arrived', async () => {
    await page.goto(site.set('/', htmlPage('<deskbell-chat></deskbell-chat>')))
    await page.exposeFunction('giveToken', () => token)
    await page.evaluate(`document.querySelector('deskbell-chat').getToken = () => giveToken()`)
    await page.addScriptTag({ url: `${desk.url}/widget.js` })
    await openChat()
    await say('Hello')
    expect(await page.evaluate(`typeof document.querySelector('deskbell-chat').getToken`)).toBe('function')
  })

  it('takes properties that were set before the script arrived, and those of frameworks after it', async () => {
    await reply('Waiting for you')
    await page.goto(site.set('/', htmlPage('<deskbell-chat></deskbell-chat>')))
    await page.evaluate(`Object.assign(document.querySelector('deskbell-chat'), {
      token: ${JSON.stringify(token)}, server: ${JSON.stringify(desk.url)}, heading: 'Early', accent: 'rgb(1, 2, 3)' })`)
    await page.addScriptTag({ url: `${desk.url}/widget.js` })
    await badge(1)
    const background = `getComputedStyle(document.querySelector('deskbell-chat').shadowRoot.querySelector('.launch')).backgroundColor`
    expect(await page.evaluate(background)).toBe('rgb(1, 2, 3)')
    await openChat()
    await page.getByRole('heading', { name: 'Early' }).waitFor()
    await page.evaluate(`document.querySelector('deskbell-chat').heading = 'Late'`)
    await page.getByRole('heading', { name: 'Late' }).waitFor()
    // An element that frameworks make: properties first, then into the page
    await page.evaluate(`{
      document.querySelector('deskbell-chat').remove()
      const chat = document.createElement('deskbell-chat')
      Object.assign(chat, { token: ${JSON.stringify(token)}, server: ${JSON.stringify(desk.url)}, greeting: 'Hey' })
      document.body.append(chat)
    }`)
    await openChat()
    await bubble('Waiting for you').waitFor()
  })

  it('shows what is unread as soon as the page gives it getToken, also over an open panel without one', async () => {
    await reply('Waiting for you')
    await page.goto(site.set('/', htmlPage(`<script src="${desk.url}/widget.js" async></script>`)))
    await page.exposeFunction('giveToken', () => token)
    await launcher().waitFor()
    const give = `document.querySelector('deskbell-chat').getToken = () => giveToken()`
    await page.evaluate(give)
    await badge(1)
    await page.reload()
    await launcher().click()
    await page.getByRole('button', { name: 'Try again' }).waitFor()
    logged = []
    await page.evaluate(give)
    await bubble('Waiting for you').waitFor()
  })
})

describe('a script without an address', () => {
  const source = async (): Promise<string> => JSON.stringify(await (await fetch(`${desk.url}/widget.js`)).text())

  it.each([
    ['a module', () => `<script type="module" src="${desk.url}/widget.js" data-token="${token}"></script>`],
    [
      'a module that imports it',
      () =>
        `<deskbell-chat token="${token}"></deskbell-chat><script type="module">import '${desk.url}/widget.js'</script>`,
    ],
    [
      'a tag that a loader adds',
      () => `<script>{
        const tag = document.createElement('script')
        Object.assign(tag, { src: '${desk.url}/widget.js' }).dataset.token = '${token}'
        document.head.append(tag)
      }</script>`,
    ],
    [
      'an image that takes the name of the current script',
      () => `<img name="currentScript" alt="" src="data:,">${script()}`,
    ],
  ])('works in %s', async (_what, markup) => {
    await page.goto(site.set('/', htmlPage(markup())))
    await openChat()
    await say('Hello')
  })

  it('works where the page has a copy of it, and where the server is left empty', async () => {
    site.set('/copy.js', { body: await (await fetch(`${desk.url}/widget.js`)).text(), type: 'text/javascript' })
    await page.goto(
      site.set('/', htmlPage(`<script src="/copy.js" data-token="${token}" data-server="${desk.url}"></script>`)),
    )
    await openChat()
    await say('Hello')
    await page.goto(site.set('/', htmlPage(script('data-server=""'))))
    await openChat()
    await bubble('Hello').waitFor()
  })

  it.each([
    ['eval', (code: string) => `<script data-server="SERVER" data-token="TOKEN">(0, eval)(${code})</script>`],
    [
      'a loader that evaluates what it fetched',
      (code: string) =>
        `<deskbell-chat server="SERVER" token="TOKEN"></deskbell-chat><script>setTimeout(() => (0, eval)(${code}))</script>`,
    ],
    [
      'a blob',
      (code: string) => `<script>{
        const script = document.createElement('script')
        script.src = URL.createObjectURL(new Blob([${code}], { type: 'text/javascript' }))
        Object.assign(script.dataset, { server: 'SERVER', token: 'TOKEN' })
        document.head.append(script)
      }</script>`,
    ],
  ])('works with its server in %s, and says in the console what is missing without it', async (_what, markup) => {
    const html = markup((await source()).replaceAll('</', '<\\/')).replace('TOKEN', () => token)
    await page.goto(site.set('/', htmlPage(html.replace('SERVER', desk.url))))
    await openChat()
    await say('Hello')
    const requests: string[] = []
    const bare = await context.newPage()
    bare.on('request', (request) => requests.push(request.url()))
    const lines: string[] = []
    bare.on('console', (line) => lines.push(line.text()))
    bare.on('pageerror', (error) => errors.push(error.message))
    await bare.goto(
      site.set('/bare', htmlPage(html.replaceAll(/(data-server|server)="SERVER"|server: 'SERVER',/g, ''))),
    )
    await expect.poll(() => lines).toHaveLength(1)
    expect(lines[0]).toMatch(/^Deskbell: .*server/)
    expect(requests.filter((url) => !url.startsWith('blob:'))).toEqual([`${site.url}/bare`])
    expect(await bare.getByRole('button').count()).toBe(0)
  })
})

describe('a page that changes the language, or forbids a lot', () => {
  const early = (code: string) => htmlPage(`<script>${code}</script>${script()}`)
  const INTRINSICS = '[Object, Array, Function, Promise, Map, Set, Error, String, RegExp, Date]'

  it.each([
    [
      'built-in prototypes have more members, which loops see',
      () => early('Object.prototype.flag = 1; Object.prototype.$extend = () => {}; Array.prototype.last = 5'),
    ],
    [
      'built-in prototypes are frozen',
      () => early(`for (const { prototype } of ${INTRINSICS}) Object.freeze(prototype)`),
    ],
    [
      'trusted types are required',
      () => ({ body: early(''), headers: { 'content-security-policy': "require-trusted-types-for 'script'" } }),
    ],
    [
      'the page is XHTML',
      () => ({
        type: 'application/xhtml+xml',
        body: `<html xmlns="http://www.w3.org/1999/xhtml"><head><title>Host</title></head><body>
          <script src="${desk.url}/widget.js" data-token="${token}"></script></body></html>`,
      }),
    ],
  ])('works where %s', async (_what, content) => {
    await page.goto(site.set('/', content()))
    await openChat()
    await say('Hello')
    expect(logged.filter((line) => !line.includes('404'))).toEqual([])
  })
})

describe('a panel that does not load', () => {
  const PANEL = /\/panel-[\w-]+\.js/
  const words = () => page.getByRole('alert').filter({ hasText: 'or reload' })

  it('says so when the file is gone, each time it is asked for', async () => {
    await page.route(PANEL, (route) => route.fulfill({ status: 404 }))
    await page.goto(site.set('/', htmlPage(script())))
    await page.setViewportSize({ width: 320, height: 500 })
    await launcher().click()
    await words().waitFor()
    // All of it can be read
    const hidden = await page.evaluate<number>(`{
      const text = document.querySelector('deskbell-chat').shadowRoot.querySelector('[role=alert]')
      text.scrollHeight - text.clientHeight
    }`)
    expect(hidden).toBe(0)
    for (const [dir, edge] of [
      ['ltr', 'left'],
      ['rtl', 'right'],
    ]) {
      await page.evaluate(`document.dir = '${dir}'`)
      const gap = await page.evaluate<number>(`{
        const text = document.querySelector('deskbell-chat').shadowRoot.querySelector('[role=alert]')
        const [inner, outer] = [text, text.closest('.preview')].map((one) => one.getBoundingClientRect().${edge})
        Math.abs(inner - outer)
      }`)
      expect(gap).toBe(17)
    }
    await page.getByRole('button', { name: 'Dismiss' }).click()
    await words().waitFor({ state: 'hidden' })
    await launcher().click()
    await words().waitFor()
  })

  it('opens after the network failed, at once or with the next click', async () => {
    let failures = 0
    await page.route(PANEL, (route) => (failures-- > 0 ? route.abort() : route.continue()))
    for (const times of [1, 2, 3]) {
      failures = 0
      await page.goto(site.set('/', htmlPage(script())))
      await launcher().waitFor()
      failures = times
      // Not near it with the pointer, which would load it already
      await page.evaluate(`document.querySelector('deskbell-chat').toggle()`)
      await box().or(words()).first().waitFor()
      if (await words().isVisible()) await launcher().click()
      await box().waitFor()
      expect(await words().isVisible()).toBe(false)
    }
  })
})

describe('a page that is zoomed by its styles', () => {
  const tall = '<div style="height: 3000px"></div>'
  /** Whether all of it is in the window */
  const isInView = async (what: string): Promise<boolean> =>
    page.evaluate<boolean>(`{
      const part = document.querySelector('deskbell-chat').shadowRoot.querySelector('${what}')
      const { top, left, bottom, right, width } = part.getBoundingClientRect()
      width > 0 && top >= 0 && left >= 0 && bottom <= innerHeight && right <= innerWidth
    }`)

  it.each(['html { zoom: 1.5 }', 'body { zoom: 1.7 }'])('has the button and the panel in view: %s', async (css) => {
    await page.goto(site.set('/', htmlPage(tall + script(), `<style>${css}</style>`)))
    await launcher().waitFor()
    await expect.poll(() => isInView('.launch')).toBe(true)
    await page.evaluate('scrollTo(0, 1500)')
    await openChat()
    await expect.poll(() => isInView('.panel')).toBe(true)
    expect(await isInView('.launch')).toBe(true)
  })
})

describe('links that open the chat', () => {
  it('keep the route of a page that has its routes in the hash', async () => {
    await page.goto(`${site.set('/', htmlPage(`<a href="#deskbell-open">Ask us</a>${script()}`))}#/orders/5`)
    await launcher().waitFor()
    await page.getByRole('link', { name: 'Ask us' }).click()
    await box().waitFor()
    expect(page.url()).toBe(`${site.url}/#/orders/5`)
  })

  it('open it each time, leave no trace in the address, and a reload opens nothing', async () => {
    await page.goto(site.set('/', htmlPage(`<a href="#deskbell-open">Ask us</a><a href="#part">Part</a>${script()}`)))
    await launcher().waitFor()
    for (let n = 0; n < 3; n++) {
      await page.getByRole('link', { name: 'Ask us' }).click()
      await box().waitFor()
      await page.getByRole('button', { name: 'Close support chat' }).click()
      await box().waitFor({ state: 'detached' })
    }
    expect(page.url()).toBe(`${site.url}/`)
    await page.reload()
    await launcher().waitFor()
    expect(await box().count()).toBe(0)
    // From an e-mail
    await page.goto(`${site.url}/?x=1#deskbell-open`)
    await box().waitFor()
    expect(page.url()).toBe(`${site.url}/?x=1`)
    await page.reload()
    await launcher().waitFor()
    await page.getByRole('link', { name: 'Part' }).click()
    await page.goBack()
    await page.goForward()
    expect(await box().count()).toBe(0)
  })
})

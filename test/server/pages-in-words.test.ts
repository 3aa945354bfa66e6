// People who arrive at a wrong address, or with a broken link, get a page in words that leads on; programs get a problem document.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AUDIENCE, tokens } from '../../src/server/people/token.ts'
import { SECRET, startDesk, type Desk } from '../support/desk.ts'
import { startServer, type TestServer } from '../support/running-server.ts'

const HTML = 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'
const APP = 'Acme <b>&</b> Co'

let server: TestServer
beforeAll(async () => {
  server = await startServer({ APP_NAME: APP, ALLOWED_ORIGINS: 'http://localhost:*,https://app.acme.example' })
})
afterAll(() => server.stop())

type Init = Omit<RequestInit, 'headers'> & { headers?: Record<string, string> }
const ask = (path: string, init: RequestInit = {}) => fetch(server.url + path, { redirect: 'manual', ...init })
const asPerson = (path: string, { headers, ...init }: Init = {}) =>
  ask(path, { ...init, headers: { accept: HTML, ...headers } })
const form = (body: string): Init => ({
  method: 'POST',
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body,
})
const foreign = () =>
  tokens('another secret that nobody knows, 32+').sign({ sub: 'ada' }, { audience: AUDIENCE.unsubscribe })
const link = (sub = 'ada') => tokens(SECRET).sign({ sub }, { audience: AUDIENCE.unsubscribe })

/** In words, with a way on, and like every page of ours without anything inline */
async function expectPage(answer: Response, status: number, title: RegExp): Promise<string> {
  const html = await answer.text()
  expect(answer.status).toBe(status)
  expect(answer.headers.get('content-type')).toMatch(/^text\/html/)
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'")
  expect(answer.headers.get('cache-control')).toBe('no-store')
  expect(/<h1>(.*?)<\/h1>/s.exec(html)?.[1]).toMatch(title)
  expect(html).toContain('<html lang="en" dir="ltr">')
  expect(html).toMatch(
    /<a\s+class="button"\s+href="https:\/\/app\.acme\.example"\s+rel="noreferrer"\s*>Go to Acme &lt;b&gt;/,
  )
  expect(html).not.toMatch(/<script|\sstyle=|"code"|\{"/)
  return html
}

describe('a page in words', () => {
  it.each([
    ['/nowhere', {}, 404, /nothing here/],
    ['/admin/nowhere', {}, 404, /nothing here/],
    ['/support_chat', {}, 401, /cannot open this/],
    ['/admin/chats', {}, 401, /cannot open this/],
    ['/support_chat/messages', { method: 'DELETE' }, 405, /nothing here/],
    ['/dashboard/session', form('token=wrong'), 401, /cannot open this/],
    ['/dashboard/session', form(''), 401, /cannot open this/],
  ])('is what people see at %s (%j)', async (path, init, status, title) => {
    await expectPage(await asPerson(path, init), status, title)
    const program = await ask(path, init)
    expect([program.status, program.headers.get('content-type')]).toEqual([status, 'application/problem+json'])
  })

  it('leads on to the dashboard from what is not below it', async () => {
    const html = await (await asPerson('/dashboard/nowhere')).text()
    expect(html).toMatch(/<h1>There is nothing here/)
    expect(html).toMatch(/<a\s+class="button"\s+href="\/dashboard"\s+rel="noreferrer"\s*>Go to the dashboard</)
  })

  it.each(['', '?token=', '?token=x', '?token=eyJhbGciOiJIUzI1NiJ9.e30.', '?token=FOREIGN', '?token=USER'])(
    'is what people see at /unsubscribe%s, and mail programs get a line of text',
    async (query) => {
      const user = await server.userToken('ada')
      const path = `/unsubscribe${query.replace('FOREIGN', await foreign()).replace('USER', user)}`
      await expectPage(await asPerson(path), 401, /link does not work/)
      await expectPage(await asPerson(path, { method: 'POST' }), 401, /link does not work/)
      await expectPage(await asPerson(path.replace('/un', '/re'), { method: 'POST' }), 401, /link does not work/)
      const program = await ask(path, form('List-Unsubscribe=One-Click'))
      expect([program.status, program.headers.get('content-type')]).toEqual([
        401,
        expect.stringMatching(/^text\/plain/),
      ])
      expect(await program.text()).toBe('This link does not work')
    },
  )
})

describe('unsubscribing', () => {
  it('by mistake can be undone on the page, and with the link for ever after', async () => {
    const query = `?token=${await link('eve')}`
    await ask('/support_chat', { headers: { authorization: `Bearer ${await server.userToken('eve')}` } })
    expect(await (await asPerson(`/unsubscribe${query}`)).text()).toMatch(/<h1>Stop these e-mails\?/)
    const done = await expectPage(
      await asPerson(`/unsubscribe${query}`, { method: 'POST' }),
      200,
      /^You are unsubscribed$/,
    )
    const action = /<form method="post" action="([^"]*)"/.exec(done)?.[1]
    expect(action).toBe(`resubscribe${query}`)
    // The page behind the link knows it too, whoever opens it and whenever
    await expectPage(await asPerson(`/unsubscribe${query}`), 200, /^You are unsubscribed$/)
    await expectPage(await asPerson(`/${action}`, { method: 'POST' }), 200, /again$/)
    expect(await (await asPerson(`/unsubscribe${query}`)).text()).toMatch(/<h1>Stop these e-mails\?/)
    const reloaded = await asPerson(`/${action}`)
    expect([reloaded.status, reloaded.headers.get('location')]).toEqual([302, `/unsubscribe${query}`])
  })

  it('by a mail program is answered with a line of text, twice as well as once', async () => {
    const query = `?token=${await link('bob')}`
    await ask('/support_chat', { headers: { authorization: `Bearer ${await server.userToken('bob')}` } })
    for (let i = 0; i < 2; i++) {
      const answer = await ask(`/unsubscribe${query}`, form('List-Unsubscribe=One-Click'))
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, expect.stringMatching(/^text\/plain/)])
      expect(await answer.text()).toBe('You are unsubscribed')
    }
    const multipart = new FormData()
    multipart.set('List-Unsubscribe', 'One-Click')
    const answer = await ask(`/unsubscribe${query}`, { method: 'POST', body: multipart })
    expect(answer.headers.get('content-type')).toMatch(/^text\/plain/)
    await expectPage(await asPerson(`/unsubscribe${query}`), 200, /^You are unsubscribed$/)
  })

  it('is a form of unknown length too, as for the session of staff', async () => {
    const inChunks = (body: string): RequestInit & { duplex: 'half' } => ({
      ...form(body),
      body: new Blob([body]).stream(),
      duplex: 'half',
    })
    const answer = await ask(`/unsubscribe?token=${await link('bob')}`, inChunks('List-Unsubscribe=One-Click'))
    expect([answer.status, await answer.text()]).toEqual([200, 'You are unsubscribed'])
    const session = await ask('/dashboard/session', inChunks(`token=${await server.adminToken()}`))
    expect([session.status, session.headers.get('location')]).toEqual([303, '../dashboard'])
    const tooLarge = await ask('/unsubscribe?token=x', inChunks('x'.repeat(70_000)))
    expect(tooLarge.status).toBe(413)
  })
})

describe('in a host’s app', () => {
  let desk: Desk
  beforeAll(async () => {
    desk = await startDesk({ basePath: '/support', publicUrl: 'https://acme.example/support' })
  })
  afterAll(() => desk.stop())

  it('the address of the chat itself leads to the app', async () => {
    const answer = await desk.call('GET', '/support', undefined, undefined, { accept: HTML })
    expect([answer.status, answer.headers.get('location')]).toEqual([302, 'https://acme.example/'])
  })

  it('pages find their styles at any depth', async () => {
    const { text } = await desk.call('GET', '/support/a/b/c', undefined, undefined, { accept: HTML })
    expect(text).toContain('href="/support/pages.css"')
  })

  it('what is not below the dashboard leads on to the dashboard', async () => {
    const { status, text } = await desk.call('GET', '/support/dashboard/a/b', undefined, undefined, { accept: HTML })
    expect(status).toBe(404)
    expect(text).toContain('href="/support/dashboard"')
  })
})

// Our own pages: nothing inline, in nobody's frame, and what strangers call themselves is text.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { AUDIENCE, tokens } from '../../src/server/people/token.ts'
import { SECRET, until } from '../support/desk.ts'
import { startServer, type TestServer } from '../support/running-server.ts'

const EVIL = '"><img src=x onerror=alert(1)><script>alert(1)</script>'

let server: TestServer
beforeAll(async () => {
  server = await startServer({ NOTIFY_AFTER: '200ms', APP_NAME: 'A <b>bold</b> & "quoted" app' })
})
afterAll(() => server.stop())

const get = (path: string, headers: Record<string, string> = {}) => fetch(server.url + path, { headers })

describe.each([
  '/dashboard',
  '/dashboard/sign_in',
  '/demo',
  '/dev/mailbox',
  '/dev/mailbox/preview',
  '/unsubscribe',
  '/openapi',
])('%s', (path) => {
  const page = async () => {
    const token = await tokens(SECRET).sign({ sub: 'ada' }, { audience: AUDIENCE.unsubscribe })
    return get(path === '/unsubscribe' ? `${path}?token=${token}` : path)
  }

  it('cannot be framed, and runs nothing inline', async () => {
    const { status, headers } = await page()
    expect(status).toBe(200)
    const policy = headers.get('content-security-policy') ?? ''
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).toContain("base-uri 'none'")
    expect(policy).not.toMatch(/unsafe|\*/)
    expect(headers.get('x-frame-options')).toBe('DENY')
  })

  it('has no script, style or handler of its own between the tags', async () => {
    const html = await (await page()).text()
    expect(html).not.toMatch(/<script(?![^>]*\bsrc=)[^>]*>/i)
    expect(html).not.toMatch(/<style|\sstyle=|\son\w+=/i)
  })
})

it('the mailbox shows the address alone where an addressee has no name', async () => {
  const shown = await (await get('/dev/mailbox/preview')).text()
  expect(shown).toContain('<bdi>preview@example.com</bdi>')
  expect(shown).toMatch(/<bdi>\w+[^<&]* &lt;preview@example\.com&gt;<\/bdi>/)
})

it('the mailbox shows a mail’s words as text, in a sandbox', async () => {
  const user = await tokens(SECRET).sign(
    { sub: 'eve', email: 'eve@example.com', name: EVIL },
    { audience: AUDIENCE.user, expiresIn: 600 },
  )
  const auth = (token: string) => ({ authorization: `Bearer ${token}`, 'content-type': 'application/json' })
  const chat = (await (await get('/support_chat', auth(user))).json()) as { id: string }
  await fetch(`${server.url}/admin/chats/${chat.id}/messages`, {
    method: 'POST',
    headers: auth(await server.adminToken()),
    body: JSON.stringify({ content: `${EVIL}\n[link](javascript:alert(1)) javascript:alert(1)` }),
  })
  let mails: { id: string }[] = []
  await until(() => {
    void get('/dev/mailbox.json').then(async (answer) => (mails = (await answer.json()) as { id: string }[]))
    return mails.length > 0
  })
  const list = await (await get('/dev/mailbox')).text()
  const mail = await get(`/dev/mailbox/${mails[0]?.id}`)
  const html = await mail.text()
  for (const text of [list, html]) {
    expect(text).not.toMatch(/<img|<script(?![^>]*\bsrc=)|href="?javascript/i)
    expect(text).toContain('A &lt;b&gt;bold&lt;/b&gt; &amp;')
  }
  expect(list).toMatch(/<time datetime="\d{4}-[\d-]+T[\d:.]+Z">\w{3} \d+, \d{4}, \d\d:\d\d:\d\d [\w+:-]+<\/time>/)
  expect(list).toMatch(/<dt>Auto-Submitted<\/dt>\s*<dd>auto-generated<\/dd>/)
  expect(mail.headers.get('content-security-policy')).toMatch(/default-src 'none'.*sandbox allow-popups/)
})

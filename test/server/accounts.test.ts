// Accounts of staff on a real server: the first one, passwords, sessions, limits, and what an attacker may try.
import { DatabaseSync } from 'node:sqlite'
import { join } from 'node:path'
import { Secret, TOTP, URI } from 'otpauth'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type {
  AuditEntry,
  RecoveryCodes,
  SentLink,
  StaffAccount,
  Team,
  TwoFactorSetup,
} from '../../src/protocol/account.ts'
import { deskbell } from '../support/cli.ts'
import { until } from '../support/desk.ts'
import { startServer, type TestServer } from '../support/running-server.ts'
import { TestSocket, V1 } from '../support/socket.ts'
import { StaffBrowser } from '../support/staff-browser.ts'

const PASSWORD = 'correct horse battery'
let server: TestServer
let browser: StaffBrowser
beforeEach(async () => {
  server = await startServer({ MAIL_URL: 'mailbox:' })
  browser = new StaffBrowser(server.url)
})
afterEach(() => server.stop())

const makeOwner = (who = browser) =>
  who.post(server.firstOwnerUrl, { email: 'Olga@desk.example', name: 'Olga', password: PASSWORD })
const chats = async (who: StaffBrowser): Promise<number> => (await who.api('GET', '/admin/chats')).status
const cable = (who: StaffBrowser) =>
  TestSocket.open(`${server.url.replace('http', 'ws')}/cable`, [V1], { headers: { cookie: who.cookie } })

it('the first start prints a link that makes the first account, once, and no later start prints one', async () => {
  const printed = server.firstOwnerUrl
  expect((await browser.get('/dashboard/sign_in')).text).toContain('Nobody has an account yet')
  expect((await browser.get(printed)).text).toContain('Create the first account')

  for (const [form, problem] of [
    [{ email: 'olga', name: '', password: PASSWORD }, 'This is not an e-mail address'],
    [{ email: 'olga@desk.example', name: '', password: 'too short' }, 'Choose a password of 12 characters or more'],
  ] as const) {
    const refused = await browser.post(printed, form)
    expect([refused.status, refused.text]).toEqual([422, expect.stringContaining(problem)])
  }
  expect(await makeOwner()).toMatchObject({ status: 303, location: '../dashboard' })
  expect(await chats(browser)).toBe(200)
  const account = await browser.api<StaffAccount>('GET', '/dashboard/account')
  expect(account.body).toEqual({
    name: 'Olga',
    email: 'Olga@desk.example',
    member: {
      role: 'owner',
      has_password: true,
      provider: null,
      two_factor: false,
      recovery_codes: 0,
      waiting_mails: true,
    },
    waiting_mails_after: null,
  })

  expect(await new StaffBrowser(server.url).get(printed)).toMatchObject({ status: 410 })
  expect(await makeOwner(new StaffBrowser(server.url))).toMatchObject({ status: 410 })
  await server.restart()
  expect(server.firstOwnerUrl).toBe('')
  // The connection of before is closed
  await expect.poll(() => chats(browser).catch(() => 0)).toBe(200)
})

it('of several who have links for the first account at once, one gets it', async () => {
  const links = [server.firstOwnerUrl]
  await server.restart()
  links.push(server.firstOwnerUrl)
  expect(new Set(links)).toHaveLength(2)
  const join = (link: string, n: number) =>
    new StaffBrowser(server.url).post(link, { email: `o${n}@desk.example`, name: 'Olga', password: PASSWORD })
  const joined = await Promise.all([...links, ...links].map(join))
  expect(joined.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([303, 410, 410, 410])
  expect((await deskbell(['account', 'list'], server.env)).out.split('\n')).toHaveLength(1)
})

it('a member signs in with their address in any case, out here, and out everywhere, with the sockets', async () => {
  await makeOwner()
  const [one, two, three] = [1, 2, 3].map(() => new StaffBrowser(server.url)) as [
    StaffBrowser,
    StaffBrowser,
    StaffBrowser,
  ]
  for (const who of [one, two, three])
    expect(await who.signIn(' OLGA@desk.example', PASSWORD)).toMatchObject({ status: 303, location: '../dashboard' })
  expect(new Set([one.cookie, two.cookie, three.cookie])).toHaveLength(3)
  const sockets = [await cable(one), await cable(two), await cable(three)]
  const copied = one.cookie
  expect((await one.api('POST', '/dashboard/sign_out')).status).toBe(204)
  expect([...one.cookies.keys()].join()).toMatch(/^deskbell_known_browser_\d+$/)
  expect(await sockets[0]?.end()).toMatchObject({ reason: 'unauthorized' })
  expect((await fetch(`${server.url}/admin/chats`, { headers: { cookie: copied } })).status).toBe(401)
  expect(await chats(two)).toBe(200)
  expect((await two.api('POST', '/dashboard/sign_out_everywhere')).status).toBe(204)
  expect(await sockets[1]?.end()).toMatchObject({ reason: 'unauthorized' })
  expect(await sockets[2]?.end()).toMatchObject({ reason: 'unauthorized' })
  expect([await chats(three), await chats(browser)]).toEqual([401, 401])
  // And the account is as good as before
  expect((await three.signIn('olga@desk.example', PASSWORD)).status).toBe(303)
  expect(await chats(three)).toBe(200)
})

it('nothing tells an address with an account from one without', async () => {
  await makeOwner()
  const stranger = new StaffBrowser(server.url)
  const shown = async (email: string) => {
    const { status, text } = await stranger.signIn(email, 'wrong password here')
    return [status, text.replaceAll(email, '…')]
  }
  const [known, unknown] = [await shown('olga@desk.example'), await shown('nina@desk.example')]
  expect(known).toEqual([422, expect.stringContaining('The address or the password is wrong.')])
  expect(unknown).toEqual(known)
  const forgot = async (email: string) => {
    const { status, text } = await stranger.post('/dashboard/forgot', { email })
    return [status, text.replaceAll(email, '…')]
  }
  expect(await forgot('nina@desk.example')).toEqual(await forgot('olga@desk.example'))
})

it('passwords cannot be tried out: neither many for one account, nor one for many', async () => {
  await makeOwner()
  const stranger = new StaffBrowser(server.url)
  const tries = await Promise.all(
    Array.from({ length: 14 }, (_, n) => stranger.signIn('olga@desk.example', `wrong password ${n}`)),
  )
  expect(tries.filter(({ status }) => status === 422)).toHaveLength(10)
  const limited = tries.filter(({ status }) => status === 429)
  expect(limited).toHaveLength(4)
  expect(limited[0]?.text).toContain('Too many attempts')
  expect(Number(limited[0]?.headers.get('retry-after'))).toBeGreaterThan(0)
  // The right password is refused as well, or it could be told from wrong ones
  expect((await stranger.signIn('OLGA@desk.example ', PASSWORD)).status).toBe(429)
  // Addresses without an account count alike
  const others = await Promise.all(
    Array.from({ length: 40 }, (_, n) => stranger.signIn(`nobody${n}@desk.example`, PASSWORD)),
  )
  expect(others.map(({ status }) => status)).toContain(429)
})

it('a stranger locks no member out: not elsewhere, and not at the same address in a browser that the member has used', async () => {
  await server.restart({ TRUST_PROXY: '1' })
  await makeOwner()
  const at = (n: number): StaffBrowser => {
    const who = new StaffBrowser(server.url)
    who.headers['x-forwarded-for'] = `192.0.2.${n}`
    return who
  }
  const [stranger, member] = [at(1), at(1)]
  expect((await member.signIn('olga@desk.example', PASSWORD)).status).toBe(303)
  expect((await member.api('POST', '/dashboard/sign_out')).status).toBe(204)
  const tries = await Promise.all(
    Array.from({ length: 14 }, (_, n) => stranger.signIn('olga@desk.example', `wrong password ${n}`)),
  )
  expect(tries.filter(({ status }) => status === 422)).toHaveLength(10)
  expect((await stranger.signIn('olga@desk.example', PASSWORD)).status).toBe(429)
  expect((await member.signIn('olga@desk.example', PASSWORD)).status).toBe(303)
  expect((await at(2).signIn('olga@desk.example', PASSWORD)).status).toBe(303)
  // What the browser keeps is for this member alone, and not for who makes it up
  const marked = [...member.cookies].find(([name]) => name.includes('known_browser')) ?? expect.fail()
  stranger.headers['cookie'] = `${marked[0]}=${'A'.repeat(marked[1].length)}`
  expect((await stranger.signIn('olga@desk.example', PASSWORD)).status).toBe(429)
  stranger.headers['cookie'] = marked.join('=')
  expect((await stranger.signIn('olga@desk.example', 'wrong password')).status).toBe(422)
  // A link by e-mail leads in wherever it is opened, and the new password forgets the browsers of before
  const locked = at(1)
  const reset = await deskbell(['account', 'reset', 'olga@desk.example'], server.env)
  await locked.post(reset.out, { password: 'another good password' })
  expect((await stranger.signIn('olga@desk.example', 'another good password')).status).toBe(429)
  expect((await locked.signIn('olga@desk.example', 'another good password')).status).toBe(303)
})

it('signing in again and again with the right password is no attack', async () => {
  await makeOwner()
  for (let n = 0; n < 13; n++) expect((await browser.signIn('olga@desk.example', PASSWORD)).status).toBe(303)
})

it('a sign-in leads back to where the page was, and nowhere else', async () => {
  await makeOwner()
  const to = async (query: string) =>
    (
      await browser.post(`/dashboard/sign_in?return_to=${encodeURIComponent(query)}`, {
        email: 'olga@desk.example',
        password: PASSWORD,
      })
    ).location
  expect(await to('?chat=0199ab&at=7')).toBe('../dashboard?chat=0199ab&at=7')
  for (const evil of [
    'https://evil.example',
    '//evil.example',
    '/\\evil.example',
    '?a=b\r\nx: y',
    '@evil.example',
    'x',
  ])
    expect(await to(evil)).toBe('../dashboard')
})

it('forms of other sites are refused, and a planted session is replaced and ended', async () => {
  const foreign = { origin: 'https://evil.example' }
  expect(
    (await browser.post(server.firstOwnerUrl, { email: 'o@desk.example', name: '', password: PASSWORD }, foreign))
      .status,
  ).toBe(403)
  await makeOwner()
  for (const path of ['/dashboard/sign_in', '/dashboard/forgot', '/dashboard/code', '/dashboard/reset?token=x'])
    expect([
      path,
      (await browser.post(path, { email: 'olga@desk.example', password: PASSWORD }, foreign)).status,
    ]).toEqual([path, 403])
  const before = browser.cookie
  await browser.signIn('olga@desk.example', PASSWORD)
  expect(browser.cookie).not.toBe(before)
  expect((await fetch(`${server.url}/admin/chats`, { headers: { cookie: before } })).status).toBe(401)
  for (const [method, path] of [
    ['GET', '/dashboard/account'],
    ['POST', '/dashboard/account/password'],
    ['POST', '/dashboard/sign_out'],
  ] as const) {
    const answer = await fetch(`${server.url}${path}`, { method, headers: { cookie: browser.cookie, ...foreign } })
    expect([path, answer.status]).toEqual([path, 403])
  }
})

it('a member turns the mails about messages that wait off and on again', async () => {
  await server.restart({ STAFF_EMAILS: 'team', STAFF_NOTIFY_AFTER: '7m' })
  await makeOwner()
  const settings = async () => {
    const { member, waiting_mails_after: after } = (await browser.api<StaffAccount>('GET', '/dashboard/account')).body
    return [member?.waiting_mails, after]
  }
  expect(await settings()).toEqual([true, 420_000])
  for (const wanted of [false, true]) {
    expect((await browser.api('PUT', '/dashboard/account/waiting_mails', { wanted })).status).toBe(204)
    expect(await settings()).toEqual([wanted, 420_000])
  }
  expect((await browser.api('PUT', '/dashboard/account/waiting_mails', { wanted: 'no' })).status).toBe(400)
  expect(
    (await new StaffBrowser(server.url).api('PUT', '/dashboard/account/waiting_mails', { wanted: false })).status,
  ).toBe(401)
})

it('the password is changed with the one of before alone, and signs everybody else out', async () => {
  await makeOwner()
  const other = new StaffBrowser(server.url)
  await other.signIn('olga@desk.example', PASSWORD)
  const change = (body: object) => browser.api<{ code: string } | null>('POST', '/dashboard/account/password', body)
  const next = 'another good password'
  expect(await change({ current: 'wrong password here', password: next })).toMatchObject({
    status: 422,
    body: { code: 'wrong_password' },
  })
  expect(await change({ current: PASSWORD, password: 'short' })).toMatchObject({
    status: 422,
    body: { code: 'weak_password' },
  })
  expect(await change({ current: PASSWORD })).toMatchObject({ status: 400 })
  expect((await change({ current: PASSWORD, password: next })).status).toBe(204)
  expect([await chats(browser), await chats(other)]).toEqual([200, 401])
  expect((await other.signIn('olga@desk.example', PASSWORD)).status).toBe(422)
  expect((await other.signIn('olga@desk.example', next)).status).toBe(303)
})

it('a new password makes the links worthless that could replace it', async () => {
  await makeOwner()
  const link = async () => (await deskbell(['account', 'reset', 'olga@desk.example'], server.env)).out
  const [used, other] = [await link(), await link()]
  await browser.post(used, { password: 'another good password' })
  expect(await browser.post(other, { password: 'a thief’s password' })).toMatchObject({ status: 410 })
})

describe('with a second factor', () => {
  let secret = ''
  let recovery: string[] = []
  /** The code that turned it on */
  let first = ''
  /** @param steps of 30 s from now */
  const code = (steps = 0): string =>
    new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + steps * 30_000 })

  beforeEach(async () => {
    await makeOwner()
    const setup = await browser.api<TwoFactorSetup>('POST', '/dashboard/account/two_factor')
    secret = setup.body.secret
    expect(URI.parse(setup.body.uri).secret.base32).toBe(secret)
    const turnOn = (body: object) =>
      browser.api<{ code: string } & RecoveryCodes>('PUT', '/dashboard/account/two_factor', body)
    expect(await turnOn({ secret, code: '000000', password: PASSWORD })).toMatchObject({ body: { code: 'wrong_code' } })
    expect(await turnOn({ secret, code: code(), password: 'wrong password' })).toMatchObject({
      body: { code: 'wrong_password' },
    })
    first = code(0)
    recovery = (await turnOn({ secret, code: first, password: PASSWORD })).body.recovery_codes
  })
  const signIn = async (who: StaffBrowser) =>
    expect(await who.signIn('olga@desk.example', PASSWORD)).toMatchObject({ status: 303, location: 'code' })

  it('the password alone signs nobody in; a code does, once, and none that is older', async () => {
    const [one, two] = [new StaffBrowser(server.url), new StaffBrowser(server.url)]
    await signIn(one)
    expect(await chats(one)).toBe(401)
    expect((await one.get('/dashboard/code')).text).toContain('Enter your code')
    expect((await one.post('/dashboard/code', { code: '123456' })).status).toBe(422)
    const good = code(1)
    expect((await one.post('/dashboard/code', { code: good })).status).toBe(303)
    expect(await chats(one)).toBe(200)
    await signIn(two)
    expect((await two.post('/dashboard/code', { code: good })).text).toContain('was used before')
    // A step may end, or a busy machine take some of them, before the server looks at it
    await until(async () => (await two.post('/dashboard/code', { code: code(-1) })).text.includes('was used before'))
    expect(await chats(two)).toBe(401)
    // Without the password before it, a code is worth nothing
    expect(await new StaffBrowser(server.url).post('/dashboard/code', { code: code() })).toMatchObject({
      status: 303,
      location: 'sign_in',
    })
  })

  it('a new password sends those back who only gave the old one', async () => {
    const thief = new StaffBrowser(server.url)
    await signIn(thief)
    expect((await thief.get('/dashboard/code')).status).toBe(200)
    const change = { current: PASSWORD, password: 'another good password' }
    expect((await browser.api('POST', '/dashboard/account/password', change)).status).toBe(204)
    expect(await thief.post('/dashboard/code', { code: code(1) })).toMatchObject({ status: 303, location: 'sign_in' })
    expect(await chats(thief)).toBe(401)
  })

  it('of several requests with one code at once, one gets in', async () => {
    const all = Array.from({ length: 4 }, () => new StaffBrowser(server.url))
    for (const who of all) await signIn(who)
    const same = code(1)
    const statuses = (await Promise.all(all.map((who) => who.post('/dashboard/code', { code: same })))).map(
      ({ status }) => status,
    )
    expect(statuses.toSorted((a, b) => a - b)).toEqual([303, 422, 422, 422])
  })

  it('codes cannot be tried out', async () => {
    const stranger = new StaffBrowser(server.url)
    await signIn(stranger)
    const tries = await Promise.all(
      Array.from({ length: 12 }, (_, n) => stranger.post('/dashboard/code', { code: `00000${n % 10}` })),
    )
    expect(tries.filter(({ status }) => status === 429).length).toBeGreaterThanOrEqual(2)
  })

  it('a recovery code stands in for the app, once, and new ones take their place', async () => {
    expect(recovery).toHaveLength(10)
    const who = new StaffBrowser(server.url)
    await signIn(who)
    const [one = '', two = ''] = recovery
    expect((await who.post('/dashboard/code', { code: one.toUpperCase() })).status).toBe(303)
    const account = await who.api<StaffAccount>('GET', '/dashboard/account')
    expect(account.body.member).toMatchObject({ two_factor: true, recovery_codes: 9 })
    const renew = (code: string) =>
      who.api<RecoveryCodes>('POST', '/dashboard/account/recovery_codes', { password: PASSWORD, code })
    expect(await renew(one)).toMatchObject({ status: 422, body: { code: 'wrong_code' } })
    const renewed = await renew(two)
    const other = new StaffBrowser(server.url)
    await signIn(other)
    for (const old of [one, two, recovery[2] ?? ''])
      expect((await other.post('/dashboard/code', { code: old })).status).toBe(422)
    expect((await other.post('/dashboard/code', { code: renewed.body.recovery_codes[0] ?? '' })).status).toBe(303)
  })

  it('a browser that was left open and the password neither turn it off nor put another app in its place', async () => {
    const url = '/dashboard/account/two_factor'
    const off = (password: string, given: string) => browser.api('DELETE', url, { password, code: given })
    expect(await off('wrong password', code(1))).toMatchObject({ status: 422, body: { code: 'wrong_password' } })
    // It was used
    expect(await off(PASSWORD, first)).toMatchObject({ status: 422, body: { code: 'wrong_code' } })
    const other = (await browser.api<TwoFactorSetup>('POST', url)).body.secret
    const codeOf = (): string => new TOTP({ secret: Secret.fromBase32(other) }).generate()
    const replace = (more: object) =>
      browser.api<{ code?: string } & RecoveryCodes>('PUT', url, {
        secret: other,
        code: codeOf(),
        password: PASSWORD,
        ...more,
      })
    expect(await replace({})).toMatchObject({ status: 422, body: { code: 'wrong_code' } })
    expect(await replace({ current_code: codeOf() })).toMatchObject({ status: 422, body: { code: 'wrong_code' } })
    expect((await replace({ current_code: code(1) })).status).toBe(200)
    const who = new StaffBrowser(server.url)
    await signIn(who)
    expect((await who.post('/dashboard/code', { code: code(1) })).status).toBe(422)
    secret = other
    expect((await who.post('/dashboard/code', { code: code(1) })).status).toBe(303)
    expect((await off(PASSWORD, recovery[0] ?? '')).status).toBe(422)
  })

  it('a recovery code stands in for the app to turn it off', async () => {
    const body = { password: PASSWORD, code: recovery[0] }
    expect((await browser.api('DELETE', '/dashboard/account/two_factor', body)).status).toBe(204)
    expect(await browser.signIn('olga@desk.example', PASSWORD)).toMatchObject({ location: '../dashboard' })
  })

  it('the command line turns it off', async () => {
    const reset = await deskbell(['account', 'reset', 'olga@desk.example', '--second-factor-off'], server.env)
    await browser.post(reset.out, { password: PASSWORD })
    expect(await browser.signIn('olga@desk.example', PASSWORD)).toMatchObject({ status: 303, location: '../dashboard' })
  })

  it('a new password does not turn it off', async () => {
    const reset = await deskbell(['account', 'reset', 'olga@desk.example'], server.env)
    await browser.post(reset.out, { password: PASSWORD })
    await signIn(browser)
  })
})

describe('the team', () => {
  /** Invites somebody and lets them join */
  async function join(email: string, role: 'owner' | 'agent' = 'agent'): Promise<StaffBrowser> {
    const invited = await browser.api<SentLink>('POST', '/dashboard/team/invitations', { email, role })
    expect(invited).toMatchObject({ status: 200, body: { sent: false } })
    const who = new StaffBrowser(server.url)
    const form = { email: 'other@desk.example', name: email.split('@')[0] ?? '', password: PASSWORD }
    expect((await who.post(invited.body.link ?? '', form)).status).toBe(303)
    return who
  }
  const team = async () => (await browser.api<Team>('GET', '/dashboard/team')).body
  const idOf = async (email: string) => (await team()).members.find((member) => member.email === email)?.id ?? ''
  beforeEach(async () => {
    await makeOwner()
  })

  it('an invitation is for its address, once, and can be withdrawn or replaced', async () => {
    const invite = (email: string) =>
      browser.api<SentLink & { code: string }>('POST', '/dashboard/team/invitations', { email, role: 'agent' })
    const agent = await join('amir@desk.example')
    expect((await agent.api<StaffAccount>('GET', '/dashboard/account')).body).toMatchObject({
      email: 'amir@desk.example',
      member: { role: 'agent' },
    })
    expect((await invite('AMIR@desk.example')).body.code).toBe('address_taken')
    for (const address of ['no address', `${'a'.repeat(242)}@desk.example`, `${'a'.repeat(2_000)}@desk.example`])
      expect((await invite(address)).body.code).toBe('invalid_address')
    const longest = `${'a'.repeat(241)}@desk.example`
    expect((await invite(longest)).status).toBe(200)
    expect((await team()).invitations.map(({ email }) => email)).toEqual([longest])
    const log = await browser.api<AuditEntry[]>('GET', '/dashboard/audit')
    expect(log.body[0]).toMatchObject({ action: 'invited', subject: longest })
    expect((await invite(longest)).status).toBe(200)
    const [long] = (await team()).invitations
    expect((await browser.api('DELETE', `/dashboard/team/invitations/${long?.id}`)).status).toBe(204)
    const [first, second] = [await invite('nina@desk.example'), await invite('Nina@desk.example')]
    expect((await team()).invitations).toHaveLength(1)
    const stranger = new StaffBrowser(server.url)
    expect((await stranger.get(first.body.link ?? '')).status).toBe(410)
    const [pending] = (await team()).invitations
    expect((await browser.api('DELETE', `/dashboard/team/invitations/${pending?.id}`)).status).toBe(204)
    expect((await stranger.get(second.body.link ?? '')).status).toBe(410)
    // What the list shows is no token
    const third = await invite('nina@desk.example')
    const shown = (await team()).invitations[0]?.id ?? ''
    expect((await stranger.get(`/dashboard/join?token=${shown}`)).status).toBe(410)
    expect((await stranger.get(third.body.link ?? '')).status).toBe(200)
  })

  it('is for owners alone, by every route, also for somebody who was one a moment ago', async () => {
    const agent = await join('amir@desk.example')
    const id = await idOf('amir@desk.example')
    const guest = new StaffBrowser(server.url)
    await guest.post('/dashboard/session', {}, { authorization: `Bearer ${await server.adminToken()}` })
    const routes = [
      ['GET', '/dashboard/team'],
      ['GET', '/dashboard/audit'],
      ['POST', '/dashboard/team/invitations'],
      ['DELETE', '/dashboard/team/invitations/x'],
      ['PATCH', `/dashboard/team/${id}`],
      ['DELETE', `/dashboard/team/${id}`],
      ['POST', `/dashboard/team/${id}/reset`],
      ['DELETE', `/dashboard/team/${id}/two_factor`],
    ] as const
    for (const [who, status] of [
      [agent, 403],
      [guest, 403],
      [new StaffBrowser(server.url), 401],
    ] as const)
      for (const [method, path] of routes) expect([path, (await who.api(method, path)).status]).toEqual([path, status])
    const links = await fetch(`${server.url}/admin/chats`, { headers: { cookie: agent.cookie } })
    expect(links.headers.get('link')).not.toContain('team')
    expect((await browser.api('PATCH', `/dashboard/team/${id}`, { role: 'owner' })).status).toBe(204)
    expect((await agent.api('GET', '/dashboard/team')).status).toBe(200)
    expect((await browser.api('PATCH', `/dashboard/team/${id}`, { role: 'agent' })).status).toBe(204)
    expect((await agent.api('GET', '/dashboard/team')).status).toBe(401)
  })

  it('who is removed or made an agent is signed out with their sockets; the last owner stays', async () => {
    const [one, two] = [await join('one@desk.example', 'owner'), await join('two@desk.example')]
    const sockets = [await cable(one), await cable(two)]
    const at = async (email: string) => `/dashboard/team/${await idOf(email)}`
    expect((await browser.api('PATCH', await at('one@desk.example'), { role: 'agent' })).status).toBe(204)
    expect(await sockets[0]?.end()).toMatchObject({ reason: 'unauthorized' })
    expect((await browser.api('DELETE', await at('two@desk.example'))).status).toBe(204)
    expect(await sockets[1]?.end()).toMatchObject({ reason: 'unauthorized' })
    expect([await chats(one), await chats(two)]).toEqual([401, 401])
    expect((await one.signIn('one@desk.example', PASSWORD)).status).toBe(303)
    expect((await two.signIn('two@desk.example', PASSWORD)).status).toBe(422)
    const mine = await at('Olga@desk.example')
    expect((await browser.api('DELETE', mine)).body).toMatchObject({ code: 'last_owner' })
    expect((await browser.api('PATCH', mine, { role: 'agent' })).body).toMatchObject({ code: 'last_owner' })
    for (const nobody of ['/dashboard/team/x', '/dashboard/team/01950000-0000-7000-8000-000000000001'])
      expect((await browser.api('DELETE', nobody)).status).toBe(404)
  })

  it('an owner makes a password link for a member, and the audit log tells of it all without a secret', async () => {
    const agent = await join('amir@desk.example')
    const reset = await browser.api<SentLink>('POST', `/dashboard/team/${await idOf('amir@desk.example')}/reset`)
    expect((await agent.post(reset.body.link ?? '', { password: 'another good password' })).status).toBe(303)
    const log = await browser.api<AuditEntry[]>('GET', '/dashboard/audit')
    expect(log.body.map(({ action, actor, subject }) => [action, actor, subject])).toEqual([
      ['password_reset', 'amir', null],
      ['reset_link_made', 'Olga', 'amir'],
      ['signed_in', 'amir', null],
      ['joined', 'amir', null],
      ['invited', 'Olga', 'amir@desk.example'],
      ['signed_in', 'Olga', null],
      ['joined', 'Olga', null],
    ])
    expect(new Set(log.body.map(({ address }) => address))).toEqual(new Set(['127.0.0.1']))
    const older = await browser.api<AuditEntry[]>('GET', `/dashboard/audit?before=${log.body[4]?.id}`)
    expect(older.body).toEqual(log.body.slice(5))
    expect(JSON.stringify(log.body)).not.toContain(reset.body.link?.split('token=')[1])
  })
})

it('staff who came by a token of the operator have no account, and the operator’s ways stay', async () => {
  await makeOwner()
  const guest = new StaffBrowser(server.url)
  const authorization = `Bearer ${await server.adminToken()}`
  expect((await guest.post('/dashboard/session', {}, { authorization })).status).toBe(204)
  expect(await guest.api('GET', '/dashboard/account')).toEqual({
    status: 200,
    body: { name: 'Sam', email: 'sam@desk.example', member: null, waiting_mails_after: null },
  })
  expect((await guest.api('POST', '/dashboard/account/password', { current: 'x', password: PASSWORD })).status).toBe(
    403,
  )
})

it('nothing in the database signs anybody in: tokens are kept as digests, and the password as a hash', async () => {
  await makeOwner()
  await browser.post('/dashboard/forgot', { email: 'olga@desk.example' })
  const rows = (): string => {
    const db = new DatabaseSync(join(server.env['DATA_DIR'] ?? '', 'deskbell.db'), { readOnly: true })
    const tables = ['support_staff', 'support_staff_sessions', 'support_staff_links', 'support_staff_audit']
    const all = JSON.stringify(tables.map((table) => db.prepare(`SELECT * FROM ${table}`).all()))
    db.close()
    return all
  }
  await expect.poll(rows).toContain('"reset"')
  expect(rows()).toContain('$argon2id$')
  const secrets = [
    PASSWORD,
    ...browser.cookies.values(),
    new URL(server.firstOwnerUrl || 'http://x/?token=none').searchParams.get('token') ?? '',
  ]
  for (const secret of secrets) expect(rows()).not.toContain(secret)
})

it('whoever is locked out gets in again by the command line', async () => {
  await makeOwner()
  const run = (...args: string[]) => deskbell(['account', ...args], server.env)
  expect((await run('list')).out).toMatch(/^Olga@desk\.example \(Olga\), owner, no second factor, last seen 20/)
  const reset = await run('reset', 'olga@desk.example')
  expect(reset).toMatchObject({ code: 0, err: '' })
  expect((await browser.get(reset.out)).text).toContain('Set a new password')
  expect(await browser.post(reset.out, { password: 'another good password' })).toMatchObject({
    status: 303,
    location: 'sign_in?done=reset',
  })
  expect(await browser.post(reset.out, { password: 'another good password' })).toMatchObject({ status: 410 })
  expect((await browser.signIn('olga@desk.example', 'another good password')).status).toBe(303)

  expect(await run('remove', 'olga@desk.example')).toMatchObject({
    code: 1,
    err: expect.stringContaining('is the last owner') as string,
  })
  const second = await run('create-owner')
  const other = new StaffBrowser(server.url)
  await other.post(second.out, { email: 'ole@desk.example', name: 'Ole', password: PASSWORD })
  expect((await other.api<StaffAccount>('GET', '/dashboard/account')).body.member?.role).toBe('owner')
  const socket = await cable(browser)
  expect(await run('remove', 'olga@desk.example')).toMatchObject({ code: 0 })
  expect(await chats(browser)).toBe(401)
  // The server learns it from the database
  expect(await socket.end()).toMatchObject({ reason: 'unauthorized' })
  expect(await run('reset', 'nobody@desk.example')).toMatchObject({
    code: 1,
    err: expect.stringContaining('Nobody has an account') as string,
  })
  for (const wrong of [[], ['reset'], ['list', 'x'], ['remove', 'a@b.example', 'c']])
    expect((await run(...wrong)).err).toContain('account needs one of')
})

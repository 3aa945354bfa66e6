// Staff sign in with a real OpenID provider, and what an attacker may try with it.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AuditEntry, SentLink, StaffAccount, Team } from '../../src/protocol/account.ts'
import { deskbell } from '../support/cli.ts'
import { until } from '../support/desk.ts'
import { startProvider, type TestProvider } from '../support/openid-provider.ts'
import { startServer, type TestServer } from '../support/running-server.ts'
import { StaffBrowser, type Shown } from '../support/staff-browser.ts'

const PASSWORD = 'correct horse battery'
let server: TestServer
let provider: TestProvider
let owner: StaffBrowser
beforeEach(async () => {
  server = await startServer({ MAIL_URL: 'mailbox:', LOG_LEVEL: 'silent' })
  provider = await startProvider(server.url)
  await server.restart(provider.settings)
  owner = new StaffBrowser(server.url)
  await owner.post(server.firstOwnerUrl, { email: 'olga@desk.example', name: 'Olga', password: PASSWORD })
})
afterEach(async () => {
  await server.stop()
  await provider.stop()
})

const person = (sub: string, email: string, email_verified: boolean | string = true): void =>
  void provider.people.set(sub, { email, email_verified, name: `Name of ${sub}` })
const chats = async (who: StaffBrowser): Promise<number> => (await who.api('GET', '/admin/chats')).status

/** Where the server sends the browser */
async function begin(who: StaffBrowser, query = ''): Promise<string> {
  const { status, location } = await who.get(`/dashboard/oidc${query}`)
  expect(status).toBe(303)
  return location
}

/**
 * What a browser does at the provider: signs in there as somebody, and follows it until it leads back.
 * @returns the address of the server to which it leads
 */
async function atProvider(location: string, sub: string, from = provider): Promise<string> {
  const there = new StaffBrowser(from.issuer)
  let next = location
  for (let n = 0; n < 10; n++) {
    const shown = await there.get(next)
    if (shown.status === 200) next = `${next}?who=${sub}`
    else if (!shown.location.startsWith('http') || shown.location.startsWith(from.issuer)) next = shown.location
    else return shown.location
  }
  return expect.fail('The provider leads nowhere')
}

async function signIn(who: StaffBrowser, sub: string, query = ''): Promise<Shown> {
  return who.get(await atProvider(await begin(who, query), sub))
}
const invite = async (email: string, role = 'agent') =>
  (await owner.api<SentLink>('POST', '/dashboard/team/invitations', { email, role })).body.link ?? ''
const members = async () =>
  (await owner.api<Team>('GET', '/dashboard/team')).body.members.map(({ email, role }) => `${email} ${role}`)

describe('who gets in', () => {
  it('a member by their verified address, then by who they are, whatever their address is by then', async () => {
    person('olga-there', 'OLGA@desk.example')
    const who = new StaffBrowser(server.url)
    expect((await who.get('/dashboard/sign_in')).text).toContain('Sign in with Fern ID')
    const shown = await signIn(who, 'olga-there', '?return_to=%3Fchat%3D7')
    expect([shown.status, shown.location]).toEqual([303, '../dashboard?chat=7'])
    expect(await chats(who)).toBe(200)
    expect((await who.api<StaffAccount>('GET', '/dashboard/account')).body).toMatchObject({
      email: 'olga@desk.example',
      member: { role: 'owner', has_password: true, provider: 'Fern ID' },
    })
    person('olga-there', 'olga.new@desk.example', false)
    const again = new StaffBrowser(server.url)
    expect((await signIn(again, 'olga-there')).status).toBe(303)
    // The session ends as any other
    expect((await again.api('POST', '/dashboard/sign_out')).status).toBe(204)
    expect(await chats(again)).toBe(401)
    expect(await chats(who)).toBe(200)
    expect((await who.api('POST', '/dashboard/sign_out_everywhere')).status).toBe(204)
    expect(await chats(who)).toBe(401)
    await owner.signIn('olga@desk.example', PASSWORD)
    const log = (await owner.api<AuditEntry[]>('GET', '/dashboard/audit')).body.map(({ action }) => action)
    expect(log.slice(0, 5)).toEqual([
      'signed_in',
      'signed_out_everywhere',
      'signed_in',
      'signed_in',
      'identity_connected',
    ])
  })

  it('who was invited, with the link or without, in the role of the invitation, and nobody else', async () => {
    const link = await invite('amir@desk.example', 'owner')
    await invite('nina@desk.example')
    person('amir', 'amir@desk.example')
    person('nina', 'Nina@desk.example')
    person('eve', 'eve@evil.example')
    const page = await new StaffBrowser(server.url).get(link)
    expect(page.text).toContain('Continue with Fern ID')
    const query = `?join=${new URL(link).searchParams.get('token')}`

    // Somebody else with the link, and without
    const eve = new StaffBrowser(server.url)
    expect(await signIn(eve, 'eve', query)).toMatchObject({
      status: 403,
      text: expect.stringContaining('This invitation is for another address') as string,
    })
    expect(await signIn(eve, 'eve')).toMatchObject({
      status: 403,
      text: expect.stringContaining('You are eve@evil.example at Fern ID') as string,
    })
    expect([await chats(eve), await members()]).toEqual([401, ['olga@desk.example owner']])

    const [amir, nina] = [new StaffBrowser(server.url), new StaffBrowser(server.url)]
    expect((await signIn(amir, 'amir', query)).location).toBe('../dashboard')
    expect((await signIn(nina, 'nina')).location).toBe('../dashboard')
    expect(await members()).toEqual(['olga@desk.example owner', 'amir@desk.example owner', 'Nina@desk.example agent'])
    expect((await nina.api<StaffAccount>('GET', '/dashboard/account')).body).toMatchObject({
      name: 'Name of nina',
      member: { has_password: false, provider: 'Fern ID' },
    })
    // No password signs them in, the empty one least of all
    for (const wrong of ['', 'x', PASSWORD])
      expect((await new StaffBrowser(server.url).signIn('nina@desk.example', wrong)).status).toBe(422)
    expect((await nina.api('POST', '/dashboard/account/password', { current: '', password: PASSWORD })).status).toBe(
      422,
    )
    // The invitations are used up
    expect((await owner.api<Team>('GET', '/dashboard/team')).body.invitations).toEqual([])
    expect((await new StaffBrowser(server.url).get(link)).status).toBe(410)
  })

  it('the second factor that a member has set up is asked for as well', async () => {
    person('olga-there', 'olga@desk.example')
    const { secret } = (await owner.api<{ secret: string }>('POST', '/dashboard/account/two_factor')).body
    const { Secret, TOTP } = await import('otpauth')
    const code = (steps: number) =>
      new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: Date.now() + steps * 30_000 })
    await owner.api('PUT', '/dashboard/account/two_factor', { secret, code: code(0), password: PASSWORD })
    const who = new StaffBrowser(server.url)
    expect((await signIn(who, 'olga-there', '?return_to=%3Fchat%3D7')).location).toBe('code?return_to=%3Fchat%3D7')
    expect(await chats(who)).toBe(401)
    expect((await who.post('/dashboard/code?return_to=%3Fchat%3D7', { code: code(1) })).location).toBe(
      '../dashboard?chat=7',
    )
    expect(await chats(who)).toBe(200)
  })

  it('sessions end after half a day, so that who left the company is out', async () => {
    person('olga-there', 'olga@desk.example')
    const who = new StaffBrowser(server.url)
    const { headers } = await signIn(who, 'olga-there')
    const [, seconds] = /deskbell_session_\d+=[^;]{40,}; Max-Age=(\d+);/.exec(headers.getSetCookie().join()) ?? []
    expect(Math.abs(Number(seconds) - 12 * 3600)).toBeLessThan(120)
  })
})

describe('what is refused', () => {
  it.each([false, undefined, 'false', 1])('an address that is not verified: email_verified is %j', async (verified) => {
    provider.people.set('olga', {
      email: 'olga@desk.example',
      ...(verified !== undefined && { email_verified: verified as boolean }),
    })
    const who = new StaffBrowser(server.url)
    expect(await signIn(who, 'olga')).toMatchObject({
      status: 403,
      text: expect.stringContaining('Your e-mail address is not verified') as string,
    })
    expect(await chats(who)).toBe(401)
  })

  it('an address that only looks like a member’s', async () => {
    await invite('mike@desk.example')
    const who = new StaffBrowser(server.url)
    // The Kelvin sign, which is k in lower case
    for (const [sub, email] of [
      ['one', 'mi\u212Ae@desk.example'],
      ['two', 'olga@desk.example.evil.example'],
      ['three', ' olga@desk.example'],
    ] as const) {
      person(sub, email)
      expect([email, (await signIn(who, sub)).status]).toEqual([email, 403])
    }
    expect(await chats(who)).toBe(401)
    expect(await members()).toEqual(['olga@desk.example owner'])
  })

  it('another account that has the address of a member by now', async () => {
    person('first', 'olga@desk.example')
    await signIn(new StaffBrowser(server.url), 'first')
    person('second', 'olga@desk.example')
    const who = new StaffBrowser(server.url)
    expect(await signIn(who, 'second')).toMatchObject({
      status: 403,
      text: expect.stringContaining('This address belongs to another account') as string,
    })
    expect(await chats(who)).toBe(401)
  })

  it('the same subject of another issuer', async () => {
    person('42', 'olga@desk.example')
    await signIn(new StaffBrowser(server.url), '42')
    const other = await startProvider(server.url)
    other.people.set('42', { email: 'eve@evil.example', email_verified: true })
    await server.restart(other.settings)
    const who = new StaffBrowser(server.url)
    const back = await atProvider(await begin(who), '42', other)
    expect((await who.get(back)).status).toBe(403)
    expect(await chats(who)).toBe(401)
    // Where the provider was changed, the address leads in again
    other.people.set('43', { email: 'olga@desk.example', email_verified: true })
    expect((await who.get(await atProvider(await begin(who), '43', other))).status).toBe(303)
    await other.stop()
  })

  it('an answer for another browser, one that is changed, used, or of another provider', async () => {
    person('olga', 'olga@desk.example')
    const [victim, attacker] = [new StaffBrowser(server.url), new StaffBrowser(server.url)]
    const stale = { status: 400, text: expect.stringContaining('Please sign in again') as string }
    const back = await atProvider(await begin(attacker), 'olga')
    // A browser that did not begin, and one that began itself
    expect(await victim.get(back)).toMatchObject(stale)
    await begin(victim)
    expect(await victim.get(back)).toMatchObject(stale)
    const changed = (change: (query: URLSearchParams) => void): string => {
      const url = new URL(back)
      change(url.searchParams)
      return url.href
    }
    const journey = [...attacker.cookies].find(([name]) => name.includes('oidc')) ?? expect.fail()
    const withJourney = (url: string): Promise<Shown> => {
      const copy = new StaffBrowser(server.url)
      copy.headers['cookie'] = journey.join('=')
      return copy.get(url)
    }
    for (const url of [
      changed((query) => query.set('state', 'x')),
      changed((query) => query.delete('state')),
      changed((query) => query.set('code', 'x')),
      // A mix-up: the answer says that another provider gave it (RFC 9207)
      changed((query) => query.set('iss', 'https://evil.example')),
      changed((query) => query.delete('iss')),
    ])
      expect([url, await withJourney(url)]).toMatchObject([url, stale])
    // The browser that began gets in, once
    expect((await attacker.get(back)).status).toBe(303)
    expect(await attacker.get(back)).toMatchObject(stale)
    // And the code is used up also for who has copied all of it
    expect(await withJourney(back)).toMatchObject(stale)
    expect(await chats(victim)).toBe(401)
    for (const cookie of ['', 'x', Buffer.from('{"secret":5}').toString('base64url')]) {
      const copy = new StaffBrowser(server.url)
      copy.headers['cookie'] = `${journey[0]}=${cookie}`
      expect(await copy.get(back)).toMatchObject(stale)
    }
  })

  it('a code that was given for another sign-in of the same browser', async () => {
    person('olga', 'olga@desk.example')
    person('eve', 'eve@evil.example')
    const who = new StaffBrowser(server.url)
    const stolen = new URL(await atProvider(await begin(new StaffBrowser(server.url)), 'olga')).searchParams.get('code')
    const own = new URL(await atProvider(await begin(who), 'eve'))
    own.searchParams.set('code', stolen ?? '')
    expect((await who.get(own.href)).status).toBe(400)
    expect(await chats(who)).toBe(401)
  })

  it('who is not signed in there, with a way to try again at the same place', async () => {
    const who = new StaffBrowser(server.url)
    const shown = await signIn(who, '', '?return_to=%3Fchat%3D7')
    expect(shown).toMatchObject({ status: 403, text: expect.stringContaining('Fern ID did not sign you in') as string })
    expect(shown.text).toContain('href="oidc?return_to=%3Fchat%3D7"')
  })

  it('too many attempts from one address', async () => {
    const who = new StaffBrowser(server.url)
    const began = Date.now()
    const tries: Awaited<ReturnType<typeof who.get>>[] = []
    const limited = await until(async () => {
      tries.push(...(await Promise.all(Array.from({ length: 34 }, () => who.get('/dashboard/oidc')))))
      return tries.find(({ status }) => status === 429)
    })
    const passed = tries.filter(({ status }) => status === 303).length
    expect(passed).toBeGreaterThanOrEqual(30)
    // One comes back every five seconds
    expect(passed).toBeLessThanOrEqual(31 + (Date.now() - began) / 5_000)
    expect(limited.text).toContain('Too many attempts')
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0)
  })
})

describe('the provider', () => {
  const away = { status: 503, text: expect.stringContaining('Fern ID cannot be reached') as string }

  it('is asked when somebody signs in, and when it is away a page says so until it is back', async () => {
    person('olga', 'olga@desk.example')
    provider.breaks = () => ({ status: 502, body: '{}' })
    // The start does not wait for it
    await server.restart()
    const who = new StaffBrowser(server.url)
    expect((await who.get('/dashboard/sign_in')).status).toBe(200)
    expect(await who.get('/dashboard/oidc?return_to=%3Fchat%3D7')).toMatchObject(away)
    provider.breaks = null
    const back = await atProvider(await begin(who), 'olga')
    provider.breaks = (path) => (path === '/token' ? { status: 503, body: '{}' } : undefined)
    expect(await who.get(back)).toMatchObject(away)
    provider.breaks = null
    expect((await signIn(who, 'olga')).status).toBe(303)
  })

  it('is not believed when it is another one than was set, or signs with another key', async () => {
    provider.breaks = (path) =>
      path.includes('.well-known')
        ? {
            status: 200,
            body: JSON.stringify({ issuer: 'https://evil.example', authorization_endpoint: 'https://evil.example/a' }),
          }
        : undefined
    await server.restart()
    const who = new StaffBrowser(server.url)
    expect(await who.get('/dashboard/oidc')).toMatchObject(away)
    provider.breaks = null
    person('olga', 'olga@desk.example')
    const back = await atProvider(await begin(who), 'olga')
    provider.breaks = (path) => (path === '/jwks' ? { status: 200, body: '{"keys":[]}' } : undefined)
    expect((await who.get(back)).status).toBe(503)
    expect(await chats(who)).toBe(401)
  })

  it('is checked by deskbell doctor, with the redirect URI to register', async () => {
    const env = { ...server.env, ...provider.settings }
    const look = async (more = {}) => (await deskbell(['doctor'], { ...env, ...more })).out
    // A busy machine may take longer than it waits
    const looking = (more = {}) => expect.poll(() => look(more), { timeout: 120_000 })
    await looking().toContain(`redirect URI to register there is ${server.url}/dashboard/oidc_callback`)
    await looking({ OIDC_ISSUER: `${provider.issuer}/other` }).toMatch(/OIDC_ISSUER +http\S+\/other cannot be used/)
  })

  it('may take the secret of the client in either way', async () => {
    for (const method of ['client_secret_basic', 'client_secret_post'] as const) {
      const other = await startProvider(server.url, { token_endpoint_auth_method: method })
      other.people.set('olga', { email: 'olga@desk.example', email_verified: 'true' })
      other.breaks = null
      await server.restart(other.settings)
      const who = new StaffBrowser(server.url)
      expect((await who.get(await atProvider(await begin(who), 'olga', other))).status).toBe(303)
      await other.stop()
    }
  })
})

describe('with PASSWORD_SIGN_IN=off', () => {
  it('only the provider lets members in, and the operator’s link where the provider does not', async () => {
    await server.restart({ PASSWORD_SIGN_IN: 'off' })
    const who = new StaffBrowser(server.url)
    const { text } = await who.get('/dashboard/sign_in')
    expect(text).toContain('Sign in with Fern ID')
    expect(text).not.toContain('<form')
    expect((await who.signIn('olga@desk.example', PASSWORD)).status).toBe(404)
    for (const path of ['forgot', 'reset?token=x']) expect((await who.get(`/dashboard/${path}`)).status).toBe(404)
    const env = { ...server.env, ...provider.settings, PASSWORD_SIGN_IN: 'off' }
    expect((await deskbell(['account', 'reset', 'olga@desk.example'], env)).err).toContain('PASSWORD_SIGN_IN is off')
    const link = (await deskbell(['account', 'sign-in', 'olga@desk.example'], env)).out
    // Looking at it does not use it up
    expect((await who.get(link)).text).toContain('Sign in as Olga')
    expect((await who.get(link)).status).toBe(200)
    expect((await who.post(link, {}, { origin: 'https://evil.example' })).status).toBe(403)
    expect((await who.post(link, {})).location).toBe('../dashboard')
    expect(await chats(who)).toBe(200)
    expect((await new StaffBrowser(server.url).post(link, {})).status).toBe(410)
  })

  it('the first account is made with the provider, by the printed link, once', async () => {
    const other = await startServer({ ...provider.settings, PASSWORD_SIGN_IN: 'off' })
    const there = await startProvider(other.url)
    await other.restart(there.settings)
    there.people.set('eve', { email: 'eve@desk.example', email_verified: true, name: 'Eve' })
    const who = new StaffBrowser(other.url)
    const page = await who.get(other.firstOwnerUrl)
    const href = /href="(oidc\?join=[^"]+)"/.exec(page.text)?.[1] ?? ''
    expect(page.text).not.toContain('type="password"')
    // Without the link nobody gets in
    const stranger = new StaffBrowser(other.url)
    expect((await stranger.get(await atProvider(await begin(stranger), 'eve', there))).status).toBe(403)
    const query = href.replace('oidc', '')
    const twice = [await begin(who, query), await begin(stranger, query)]
    there.people.set('mal', { email: 'mal@desk.example', email_verified: true })
    expect((await who.get(await atProvider(twice[0] ?? '', 'eve', there))).status).toBe(303)
    expect((await stranger.get(await atProvider(twice[1] ?? '', 'mal', there))).status).toBe(410)
    expect((await who.api<StaffAccount>('GET', '/dashboard/account')).body.member?.role).toBe('owner')
    await there.stop()
    await other.stop()
  })
})

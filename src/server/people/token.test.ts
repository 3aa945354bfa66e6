// Tokens as hosts really sign them: what is good, and what a developer reads about the others.
import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DeskbellError } from '../../protocol/errors.ts'
import type { Identity } from './identity.ts'
import { AUDIENCE, LEEWAY, MAX_LIFETIME, tokens } from './token.ts'

const SECRET = 'a secret that only the tests know, 32+'
/** It stands still, so that no claim passes a limit while the machine is busy */
const NOW = Math.floor(Date.now() / 1000) * 1000
let unusable: unknown[]
beforeEach(() => {
  unusable = []
  vi.useFakeTimers({ now: NOW, toFake: ['Date'] })
})
afterEach(() => void vi.useRealTimers())
const kit = tokens(SECRET, (detail) => unusable.push(detail))

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const now = () => NOW / 1000
function signed(claims: object, header: object | '' = { alg: 'HS256' }, secret = SECRET): string {
  const whole = { sub: 'ada', aud: AUDIENCE.user, exp: now() + 600, email: 'ada@example.com', ...claims }
  const head = `${header && part(header)}.${part(whole)}`
  return `${head}.${createHmac('sha256', secret).update(head).digest('base64url')}`
}
/** Where signatures are made at once, as on Node */
const hmac = (secret: string) => (text: string) => createHmac('sha256', secret).update(text).digest()
const quick = () => tokens(SECRET, undefined, hmac)
const AUDIENCES = [AUDIENCE.user, AUDIENCE.admin]

async function identify(token: string): Promise<Identity> {
  const identity = await kit.identify(token, AUDIENCES)
  expect(await quick().identify(token, AUDIENCES)).toEqual(identity)
  return identity
}
async function refusal(token: string): Promise<string> {
  const [said, ...others] = await Promise.all(
    [kit, quick()].map((one) =>
      one.identify(token, AUDIENCES).then(
        () => 'none',
        (error: unknown) => (error instanceof DeskbellError ? `${error.code}: ${error.message}` : String(error)),
      ),
    ),
  )
  expect(others).toEqual([said])
  return String(said)
}

describe('a token is good', () => {
  it.each<[string, object, Partial<Identity>]>([
    ['with a number as its sub', { sub: 42 }, { id: '42' }],
    ['with zero as its sub', { sub: 0 }, { id: '0' }],
    ['with spaces in its sub, which stay', { sub: ' Ada Lovelace ' }, { id: ' Ada Lovelace ' }],
    ['with a sub of another script', { sub: 'адa😀' }, { id: 'адa😀' }],
    ['with an audience in a list', { aud: [AUDIENCE.user, 'app'] }, { role: 'user' }],
    ['with both audiences, as staff', { aud: [AUDIENCE.user, AUDIENCE.admin] }, { role: 'admin' }],
    ['with a name that is null', { name: null }, { name: null }],
    ['with an empty name', { name: '' }, { name: null }],
    ['with a long name', { name: 'x'.repeat(201) }, { name: 'x'.repeat(200) }],
    ['with a name of several lines', { name: 'Ada\r\nEve' }, { name: 'Ada Eve' }],
    ['without an address', { email: undefined }, { email: '' }],
    ['with null as the address', { email: null }, { email: '' }],
    ['with an empty address', { email: '' }, { email: '' }],
    ['with something else as the address', { email: 'no-at-sign' }, { email: '' }],
    ['with two addresses', { email: 'a@example.com,b@example.com' }, { email: '' }],
    ['without iat, which any revocation ends', {}, { issuedAt: 0 }],
    ['with a jti that is no text, which is ignored', { jti: 7 }, { sessionId: null }],
  ])('%s', async (_what, claims, identity) => {
    expect(await identify(signed(claims))).toMatchObject(identity)
  })

  it.each([
    ['nbf', 1],
    ['iat', 1],
    ['exp', -1],
  ])('when its %s is off by less than a minute, for clocks differ', async (claim, direction) => {
    expect(await identify(signed({ [claim]: now() + direction * (LEEWAY - 5) }))).toMatchObject({ id: 'ada' })
    expect(await refusal(signed({ [claim]: now() + direction * (LEEWAY + 5) }))).toMatch(
      /^token_(not_yet_valid|expired)/,
    )
  })

  it('until a minute after its exp, and so long are its connections', async () => {
    const exp = now() - 10
    expect((await identify(signed({ exp }))).expiresAt).toBe((exp + LEEWAY) * 1000)
  })

  it('with the end of a line after it', async () => {
    expect(await identify(`${signed({})}\n`)).toMatchObject({ id: 'ada' })
  })
})

describe('an address that is none', () => {
  it('is reported, and a missing one is not', async () => {
    for (const email of [undefined, null, '', 'ada@example.com', 'no-at-sign'])
      await identify(signed({ email, aud: AUDIENCE.admin }))
    expect(unusable).toEqual([{ person: { id: 'ada', role: 'admin' }, what: 'email' }])
  })
})

describe('a refusal says what is wrong', () => {
  const LATER = NOW + 600_000
  it.each<[string, string, string]>([
    ['no aud', signed({ aud: undefined }), 'aud is missing: it must be deskbell or deskbell-admin'],
    ['another aud', signed({ aud: 'app' }), 'aud must be deskbell or deskbell-admin'],
    ['the aud of a mail’s link', signed({ aud: AUDIENCE.unsubscribe }), 'aud must be deskbell or deskbell-admin'],
    ['no exp', signed({ exp: undefined }), 'exp must be a number: seconds since 1970'],
    ['exp as text', signed({ exp: String(now() + 600) }), 'exp must be a number: seconds since 1970'],
    ['exp in milliseconds', signed({ exp: LATER }), 'exp is in milliseconds; it must be in seconds since 1970'],
    [
      'exp as a duration',
      signed({ exp: 3600 }),
      'exp is how long the token lives; it must be when it ends, in seconds',
    ],
    ['iat as text', signed({ iat: '2026-03-02' }), 'iat must be a number: seconds since 1970'],
    ['iat in milliseconds', signed({ iat: NOW }), 'iat is in milliseconds; it must be in seconds since 1970'],
    ['nbf in milliseconds', signed({ nbf: NOW }), 'nbf is in milliseconds; it must be in seconds since 1970'],
    ['no sub', signed({ sub: undefined }), 'sub must be the person’s id: 1 to 200 characters, or a whole number'],
    ['an empty sub', signed({ sub: '' }), 'sub must be the person’s id'],
    ['a long sub', signed({ sub: 'x'.repeat(201) }), 'sub must be the person’s id'],
    ['a sub that lost digits', signed({ sub: 2 ** 53 }), 'sub must be the person’s id'],
    ['no algorithm', `${part({ alg: 'none' })}.${part({ sub: 'ada' })}.`, 'The token must be signed with HS256'],
    ['RS256', signed({}, { alg: 'RS256' }), 'The token must be signed with HS256'],
    ['an extension that nobody here knows', signed({}, { alg: 'HS256', crit: ['x'], x: 1 }), 'This is no token'],
    ['no header', signed({}, ''), 'This is no token'],
    ['the word Bearer in it', `Bearer ${signed({})}`, 'The word Bearer is in the token: send the token alone'],
    ['quotes around it', JSON.stringify(signed({})), 'The token has quotes around it'],
    ['something else', 'undefined', 'This is no token: a JWT has three parts, with dots between them'],
  ])('%s', async (_what, token, detail) => {
    expect(await refusal(token)).toContain(`token_invalid: ${detail}`)
  })

  it.each<[string, string, string]>([
    ['iat in the future', signed({ iat: now() + 3600 }), 'token_not_yet_valid: iat lies in the future: set the clock'],
    ['nbf in the future', signed({ nbf: now() + 3600 }), 'token_not_yet_valid: nbf lies in the future: set the clock'],
    [
      'another secret',
      signed({}, { alg: 'HS256' }, 'x'.repeat(40)),
      'token_signature: The token was signed with another',
    ],
    [
      'claims that were changed',
      `${signed({}).split('.')[0]}.${part({ sub: 'bob' })}.${signed({}).split('.')[2]}`,
      'token_signature',
    ],
    ['an end that has passed', signed({ exp: now() - 3600 }), 'token_expired: The token has expired'],
    [
      'a life of more than a day',
      signed({ exp: now() + MAX_LIFETIME + LEEWAY + 60 }),
      'token_lifetime: exp must be at most 24 hours after',
    ],
    [
      'a life of more than a day from its iat',
      signed({ iat: now() - MAX_LIFETIME, exp: now() + LEEWAY + 60 }),
      'token_lifetime',
    ],
  ])('with a code of its own for %s', async (_what, token, refused) => {
    expect(await refusal(token)).toContain(refused)
  })

  it('and takes a life of a day', async () => {
    expect(await identify(signed({ exp: now() + MAX_LIFETIME, iat: now() }))).toMatchObject({ id: 'ada' })
  })

  it('and tells a stranger nothing of the claims', async () => {
    const stranger = (claims: object) => refusal(signed(claims, { alg: 'HS256' }, 'x'.repeat(40)))
    const answers = [{}, { aud: undefined }, { exp: 1 }, { sub: '' }].map(stranger)
    expect(new Set(await Promise.all(answers)).size).toBe(1)
  })
})

describe.each([
  ['with promises', undefined],
  ['at once', hmac],
])('while the secret is replaced, and signatures are made %s', (_how, made) => {
  const NEW = 'the new secret, which only the tests know'
  const both = tokens([NEW, SECRET], undefined, made)
  const claims = { sub: 'ada' }
  const how = { audience: AUDIENCE.user, expiresIn: 600 }
  const header = (token: string) => JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString()) as object

  it('tokens of both are good, and the new one signs', async () => {
    const [old, fresh] = [await kit.sign(claims, how), await both.sign(claims, how)]
    for (const token of [old, fresh]) expect(await both.identify(token, [AUDIENCE.user])).toMatchObject({ id: 'ada' })
    expect(await tokens(NEW).identify(fresh, [AUDIENCE.user])).toMatchObject({ id: 'ada' })
    expect(await refusal(fresh)).toContain('token_signature')
    await expect(tokens(NEW).identify(old, [AUDIENCE.user])).rejects.toMatchObject({ code: 'token_signature' })
  })

  it('tokens without a kid, and with one of the host’s, are tried with both', async () => {
    for (const head of [{ alg: 'HS256' }, { alg: 'HS256', kid: '2026-11' }, { alg: 'HS256', kid: { $ne: null } }])
      for (const secret of [SECRET, NEW])
        expect(await both.identify(signed({}, head, secret), [AUDIENCE.user])).toMatchObject({ id: 'ada' })
  })

  it('a kid names the key that signed, alike on every node, and does not show the secret', async () => {
    const [old, fresh, again] = [
      await kit.sign(claims, how),
      await both.sign(claims, how),
      await tokens([NEW]).sign(claims, how),
    ]
    expect(header(fresh)).toEqual({ alg: 'HS256', kid: expect.stringMatching(/^[0-9a-f]{8}$/) as string })
    expect(header(again)).toEqual(header(fresh))
    expect(header(old)).not.toEqual(header(fresh))
    // Another key than the one that is named never counts
    const { kid } = header(fresh) as { kid: string }
    await expect(both.identify(signed({}, { alg: 'HS256', kid }, SECRET), [AUDIENCE.user])).rejects.toMatchObject({
      code: 'token_signature',
    })
  })

  it('what is wrong with a token of the old one is told as ever', async () => {
    await expect(both.identify(signed({ aud: 'app' }), [AUDIENCE.user])).rejects.toMatchObject({
      code: 'token_invalid',
    })
    await expect(both.identify(signed({ exp: now() - 3600 }), [AUDIENCE.user])).rejects.toMatchObject({
      code: 'token_expired',
    })
  })

  it('links of mails that the old one signed stay good', async () => {
    const link = await kit.sign(claims, { audience: AUDIENCE.unsubscribe })
    expect(await both.subject(link, AUDIENCE.unsubscribe)).toBe('ada')
  })
})

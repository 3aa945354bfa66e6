import { expect, test, vi } from 'vitest'
import { PERSON_HEADER, personTag } from '../../protocol/person.ts'
import { createSession, type Session } from './session.ts'

const jwt = (claims: object): string => {
  const bytes = new TextEncoder().encode(JSON.stringify(claims))
  return `h.${btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, '-')
    .replace(/\//g, '_')
    .replace(/=/g, '')}.s`
}
const answer = (status: number, person?: string): Response =>
  new Response(null, { status, headers: person === undefined ? {} : { [PERSON_HEADER]: person } })
const withTokens = (...tokens: (string | null)[]): Session => {
  const next = async (): Promise<string | null> => tokens.shift() ?? null
  return createSession({ get: next, refresh: next })
}

test.each([
  [{ sub: 'ada', aud: 'deskbell' }, personTag('user', 'ada')],
  [{ sub: 'a/b+c (x)', name: 'José 🙂', aud: ['other', 'deskbell'] }, personTag('user', 'a/b+c (x)')],
  // Until the server has named the person, nothing is promised
  [{ sub: 'José', aud: 'deskbell' }, null],
  [{ sub: 7, aud: 'deskbell' }, personTag('user', '7')],
  // As the server does it: any audience of staff makes the person one of them
  [{ sub: 'ada', aud: ['deskbell', 'deskbell-admin'] }, personTag('admin', 'ada')],
  // A token of the host's own: the host may know the person by another id
  [{ sub: 'ada', aud: 'app' }, null],
  [{ aud: 'deskbell' }, null],
  [{ sub: '\ud800', aud: 'deskbell' }, null],
  [{ sub: { id: 1 }, aud: 'deskbell' }, null],
])('the token %j names %s, however good it is', async (claims, person) => {
  const session = withTokens(jwt(claims))
  await session.token()
  expect(session.person).toBe(person)
})

test('what is no JWT names nobody', async () => {
  for (const token of ['opaque', 'a.%%%.c', 'a.bm9qc29u.c', '']) {
    const session = withTokens(token)
    await session.token()
    expect([token, session.person]).toEqual([token, null])
  }
})

test('a token of somebody else ends everything', async () => {
  const session = withTokens(jwt({ sub: 'ada', aud: 'deskbell' }), jwt({ sub: 'bob', aud: 'deskbell' }), null)
  const changed = vi.fn()
  session.onChange(changed)
  await session.token()
  await expect(session.freshToken()).rejects.toMatchObject({ code: 'other_person' })
  expect([session.replaced, session.person, changed.mock.calls.length]).toEqual([true, personTag('user', 'ada'), 2])
  await expect(session.token()).rejects.toMatchObject({ code: 'other_person' })
})

test('an answer for somebody else ends everything, whatever its status', () => {
  for (const status of [200, 404, 409]) {
    const session = withTokens()
    session.answered(answer(200, 'admin%3Asam'))
    expect(() => session.answered(answer(status, 'admin%3Akim'))).toThrow('Somebody else')
    expect(session.replaced).toBe(true)
  }
})

test('a session has ended from a refusal until the server knows the person again', () => {
  const session = withTokens()
  const seen = [answer(200, 'x'), answer(401), answer(503), answer(404, 'x'), answer(401), answer(200)].map((one) => {
    session.answered(one)
    return session.ended
  })
  expect(seen).toEqual([false, true, true, false, true, false])
})

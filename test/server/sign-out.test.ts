// A staff session of the stand-alone server ends for whoever holds a copy of its cookie.
import { afterEach, beforeEach, expect, it } from 'vitest'
import { AUDIENCE, tokens } from '../../src/server/people/token.ts'
import { until } from '../support/desk.ts'
import { startServer, type TestServer } from '../support/running-server.ts'
import { TestSocket, V1 } from '../support/socket.ts'

let server: TestServer
beforeEach(async () => {
  server = await startServer()
})
afterEach(() => server.stop())

async function signIn(token: string): Promise<{ status: number; cookie: string }> {
  const answer = await fetch(`${server.url}/dashboard/session`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
  })
  return { status: answer.status, cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' }
}
// Not on a connection that is kept: it may be one of before a restart
const list = async (cookie: string) =>
  (await fetch(`${server.url}/admin/chats`, { headers: { cookie, connection: 'close' } })).status
const cable = (cookie: string) =>
  TestSocket.open(`${server.url.replace('http', 'ws')}/cable`, [V1], { headers: { cookie } })

it('a staff session ends with its sockets when somebody signs out, and the other sessions do not', async () => {
  const token = await server.adminToken()
  const [one, two] = [await signIn(token), await signIn(token)]
  expect([await list(one.cookie), await list(two.cookie)]).toEqual([200, 200])
  const sockets = [await cable(one.cookie), await cable(two.cookie)]
  const out = await fetch(`${server.url}/dashboard/sign_out`, { method: 'POST', headers: { cookie: one.cookie } })
  expect([out.status, out.headers.get('set-cookie')]).toEqual([204, expect.stringMatching(/Max-Age=0/)])
  expect(await sockets[0]?.end()).toMatchObject({ reason: 'unauthorized' })
  expect([await list(one.cookie), await list(two.cookie)]).toEqual([401, 200])
  expect(sockets[1]?.closed).toBeUndefined()
  sockets[1]?.close()
  await server.restart()
  expect([await list(one.cookie), await list(two.cookie)]).toEqual([401, 200])
})

it('a staff session, a token and a link in a mail outlive a new secret, until the old one is accepted no more', async () => {
  const OLD = 'a secret that only the tests know, 32+'
  const NEW = 'the new secret that only the tests know'
  const token = await server.adminToken()
  const { cookie } = await signIn(token)
  const link = `${server.url}/unsubscribe?token=${await tokens(OLD).sign({ sub: 'ada' }, { audience: AUDIENCE.unsubscribe })}`
  // A connection of before a restart may still be in fetch's pool
  const status = (url: string, headers = {}) =>
    until(async () => (await fetch(url, { headers }).catch(() => null))?.status)
  const chats = (headers: Record<string, string>) => status(`${server.url}/admin/chats`, headers)
  const all = async () => [
    await chats({ cookie }),
    await chats({ authorization: `Bearer ${token}` }),
    await status(link),
  ]
  await server.restart({ DESKBELL_SECRET: NEW, DESKBELL_OTHER_SECRET: OLD })
  expect(await all()).toEqual([200, 200, 200])
  const fresh = await signIn(token)
  await server.restart({ DESKBELL_OTHER_SECRET: '' })
  expect(await all()).toEqual([401, 401, 401])
  // The session that began after the change was signed with the new one
  expect(await chats({ cookie: fresh.cookie })).toBe(200)
})

it('a staff session is not ended by another site', async () => {
  const { cookie } = await signIn(await server.adminToken())
  for (const headers of [{ origin: 'https://evil.example' }, { origin: 'null' }, { 'sec-fetch-site': 'same-site' }]) {
    const out = await fetch(`${server.url}/dashboard/sign_out`, { method: 'POST', headers: { cookie, ...headers } })
    expect([out.status, await out.json()]).toMatchObject([403, { code: 'forbidden_origin' }])
  }
  expect(await list(cookie)).toBe(200)
})

it('a staff session cannot be had by a form that is none', async () => {
  for (const type of ['multipart/form-data', 'multipart/form-data; boundary=x', 'application/x-www-form-urlencoded']) {
    const headers = { 'content-type': type }
    const answer = await fetch(`${server.url}/dashboard/session`, { method: 'POST', headers, body: 'no form' })
    expect(answer.status).toBeGreaterThanOrEqual(400)
    expect(answer.status).toBeLessThan(500)
  }
})

it('a staff session cannot be had by a form that is too large, with a token or without', async () => {
  for (const authorization of [undefined, `Bearer ${await server.adminToken()}`]) {
    const answer = await fetch(`${server.url}/dashboard/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...(authorization && { authorization }) },
      body: `token=${'x'.repeat(1_000_000)}`,
    })
    expect([answer.status, await answer.json()]).toMatchObject([413, { code: 'body_too_large' }])
  }
})

it('a staff session cannot be had for a staff token that was revoked', async () => {
  const token = await server.adminToken()
  const { cookie } = await signIn(token)
  const socket = await cable(cookie)
  await server.revoke({ id: 'sam', role: 'admin' })
  expect((await socket.end()).reason).toBe('unauthorized')
  expect(await list(cookie)).toBe(401)
  expect(await signIn(token)).toEqual({ status: 401, cookie: '' })
})

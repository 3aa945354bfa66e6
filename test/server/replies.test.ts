// Canned replies over HTTP.
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { CannedReplies, CannedReply, ImportedReplies } from '../../src/protocol/canned-replies.ts'
import { startDesk, type Desk } from '../support/desk.ts'

let desk: Desk
let sam: string
beforeEach(async () => {
  desk = await startDesk()
  sam = await desk.admin()
})
afterEach(() => desk.stop())

const call = <T = CannedReply>(method: string, path: string, body?: object, by = sam) =>
  desk.call<T>(method, `/admin/replies${path}`, by, body)
const all = async () => (await call<CannedReplies>('GET', '')).body
const HELLO = { shortcut: 'Hello', title: 'A greeting', body: 'Hello {{user.name}}' }

it('a canned reply is added once however often it is sent, changed, removed, and seen by all of staff', async () => {
  const added = await call('POST', '', HELLO)
  expect(added).toMatchObject({ status: 201, body: { ...HELLO, shortcut: 'hello' } })
  expect(await call('POST', '', { ...HELLO, shortcut: 'HELLO' })).toMatchObject({ status: 200, body: added.body })
  expect(await call('POST', '', { ...HELLO, body: 'Hi' })).toMatchObject({
    status: 409,
    body: { code: 'shortcut_taken' },
  })
  // One letter with its accent, and two characters that look like it
  await call('POST', '', { shortcut: 'caf\u00e9', body: 'x' })
  expect(await call('POST', '', { shortcut: 'cafe\u0301', body: 'x' })).toMatchObject({ status: 200 })
  // Only its small letter exists as one character
  const caron = await call('POST', '', { shortcut: 'J\u030c', body: 'x' })
  expect(caron).toMatchObject({ status: 201, body: { shortcut: '\u01f0' } })
  await call('DELETE', `/${caron.body.id}`)
  const { id } = added.body
  expect(await call('PATCH', `/${id.toUpperCase()}`, { body: 'Good day' })).toMatchObject({
    status: 200,
    body: { id, shortcut: 'hello', title: 'A greeting', body: 'Good day' },
  })
  expect(await call('PATCH', `/${id}`, { shortcut: 'CAFÉ' })).toMatchObject({ body: { code: 'shortcut_taken' } })
  const anna = await desk.call<CannedReplies>('GET', '/admin/replies', await desk.admin('anna'))
  expect(anna.body.replies.map(({ shortcut }) => shortcut)).toEqual(['café', 'hello'])
  expect(anna.body.agent_name).toBe('Sam')
  expect((await call('DELETE', `/${id}`)).status).toBe(204)
  expect(await call('DELETE', `/${id}`)).toMatchObject({ status: 404, body: { code: 'not_found' } })
  expect(await call('PATCH', `/${id}`, { title: 'x' })).toMatchObject({ status: 404 })
  expect((await all()).replies).toHaveLength(1)
})

it('what cannot be one is refused, and users see none', async () => {
  const refused = [
    [{ ...HELLO, shortcut: 'two words' }, 400],
    [{ ...HELLO, shortcut: 'a/b' }, 400],
    [{ ...HELLO, shortcut: '' }, 400],
    [{ ...HELLO, shortcut: 'x'.repeat(41) }, 400],
    // Twice as long in lower case
    [{ ...HELLO, shortcut: 'İ'.repeat(40) }, 400],
    [{ ...HELLO, shortcut: '\ud800' }, 400],
    [{ ...HELLO, title: 'x'.repeat(101) }, 400],
    [{ ...HELLO, title: 'a\0' }, 400],
    [{ ...HELLO, other: 1 }, 400],
    [{ ...HELLO, body: ' \u200b\n' }, 422],
    [{ ...HELLO, body: 'x'.repeat(10_001) }, 422],
  ] as const
  for (const [body, status] of refused) expect((await call('POST', '', body)).status, JSON.stringify(body)).toBe(status)
  const ada = await desk.user('ada')
  for (const [method, path] of [
    ['GET', ''],
    ['POST', ''],
    ['POST', '/import'],
    ['PATCH', '/x'],
    ['DELETE', '/x'],
  ] as const)
    expect((await call(method, path, method === 'GET' ? undefined : HELLO, ada)).status, method + path).toBe(403)
  expect((await all()).replies).toEqual([])
})

it('an export is imported as it is, also one that is longer than other requests, and a wrong one changes nothing', async () => {
  const long = 'Grüße\n'.repeat(1_500)
  const replies = Array.from({ length: 40 }, (_, i) => ({ shortcut: `r${i}`, title: `No. ${i}`, body: `${i} ${long}` }))
  const wrong = await call('POST', '/import', { replies: [...replies, { ...HELLO, body: ' ' }] })
  expect(wrong).toMatchObject({ status: 422, body: { code: 'blank' } })
  expect((await all()).replies).toEqual([])
  const first = await call<ImportedReplies>('POST', '/import', {
    replies: [...replies, HELLO, { ...HELLO, body: 'Hi' }],
  })
  expect(first).toMatchObject({ status: 200, body: { added: 41, changed: 0, unchanged: 0 } })
  const exported = await all()
  expect(exported.replies.find(({ shortcut }) => shortcut === 'hello')?.body).toBe('Hi')
  await call('PATCH', `/${exported.replies[0]?.id}`, { body: 'changed' })
  expect((await call('POST', '/import', exported)).body).toEqual({ added: 0, changed: 1, unchanged: 40 })
  expect((await all()).replies.map(({ body }) => body)).toEqual(exported.replies.map(({ body }) => body))
  const others = Array.from({ length: 960 }, (_, i) => ({ shortcut: `more-${i}`, body: 'x' }))
  expect(await call('POST', '/import', { replies: others })).toMatchObject({
    status: 422,
    body: { code: 'too_many_replies' },
  })
})

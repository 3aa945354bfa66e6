// Files that messages carry, over HTTP: up, in a message, and down again.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { request } from 'node:http'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { SupportAttachment } from '../../src/protocol/attachments.ts'
import type { MessagePage, SupportMessage } from '../../src/protocol/types.ts'
import { systemClock, type Clock } from '../../src/server/ports/clock.ts'
import { memoryBlobs } from '../support/memory-blobs.ts'
import { pixels } from '../support/pictures.ts'
import { startDesk, until, type Desk, type Reply } from '../support/desk.ts'
import { stillClock } from '../support/still-clock.ts'

const HOUR = 3_600_000
/** How far the server's time is ahead */
let ahead = 0
const clock: Clock = { ...systemClock, now: () => Date.now() + ahead }
let desk: Desk
beforeAll(async () => {
  desk = await startDesk({ clock, rateLimit: null, visitors: true })
})
afterAll(() => desk.stop())

type Path = '/support_chat' | `/admin/chats/${string}`

async function upload(
  token: string,
  file: Uint8Array<ArrayBuffer> | string,
  { path = '/support_chat' as Path, name = 'a.png', clientId = '', type = 'text/html' } = {},
): Promise<Reply<SupportAttachment & { code: string }>> {
  const query = clientId && `?client_id=${clientId}`
  const response = await fetch(`${desk.url}${path}/attachments${query}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': type, 'x-file-name': encodeURIComponent(name) },
    body: file,
  })
  const text = await response.text()
  const body = JSON.parse(text) as SupportAttachment & { code: string }
  return { status: response.status, headers: response.headers, text, body }
}

const open = (url: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> =>
  fetch(`${desk.url}/${url}`, { headers, method })
const send = (token: string, body: unknown, path: Path = '/support_chat') =>
  desk.call<SupportMessage & { code: string }>('POST', `${path}/messages`, token, body)
const bytesOf = async (response: Response): Promise<Uint8Array> => new Uint8Array(await response.arrayBuffer())
const random = (length: number): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(length)
  for (let at = 0; at < length; at += 65_536) crypto.getRandomValues(bytes.subarray(at, Math.min(length, at + 65_536)))
  return bytes
}

/** All contents that are stored */
function contents(): string[] {
  const folder = join(dirname(desk.file), 'files')
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
}

describe('A file', () => {
  it('goes up, into a message without words, to both sides, and down as it came', async () => {
    const { token, chatId } = await desk.person('ada')
    const staff = await desk.admin()
    const png = pixels(30, 20)
    const { status, body } = await upload(token, png, { name: 'Bild “1” 😀.png' })
    expect(status).toBe(201)
    expect(body).toEqual({
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      name: 'Bild “1” 😀.png',
      type: 'image/png',
      size: png.length,
      width: 30,
      height: 20,
      url: expect.stringMatching(/^attachments\/[0-9a-f-]{36}\?expires=\d+&signature=[\w-]{22}$/),
    })
    const sent = await send(token, { content: ' ', attachment_ids: [body.id] })
    expect(sent).toMatchObject({ status: 201, body: { content: '', attachments: [body] } })
    const page = await desk.call<MessagePage>('GET', `/admin/chats/${chatId}/messages`, staff)
    expect(page.body.messages).toEqual([sent.body])
    const answer = await open(body.url)
    expect(answer.status).toBe(200)
    expect(await bytesOf(answer)).toEqual(new Uint8Array(png))
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/png',
      'content-length': String(png.length),
      'content-disposition': `inline; filename="Bild _1_ __.png"; filename*=UTF-8''Bild%20%E2%80%9C1%E2%80%9D%20%F0%9F%98%80.png`,
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
      'cross-origin-resource-policy': 'cross-origin',
      'accept-ranges': 'bytes',
    })
  })

  it.each([
    ['photo.heic', 'image/heic'],
    ['photo.avif', 'image/avif'],
    ['film.mov', 'video/quicktime'],
    ['film.3gp', 'video/3gpp'],
  ])('loses where it was taken: %s', async (name, type) => {
    const { token } = await desk.person(name)
    const file = new Uint8Array(readFileSync(join(import.meta.dirname, '..', 'fixtures', 'positions', name)))
    const { body } = await upload(token, file, { name })
    expect(body).toMatchObject({ type, size: file.length })
    const stored = await bytesOf(await open(body.url))
    expect(stored).toHaveLength(file.length)
    const position = /SECRET|ISO6709|loci|xyz|\+52\.52/
    expect([file, stored].map((bytes) => position.test(Buffer.from(bytes).toString('latin1')))).toEqual([true, false])
  })

  it('of staff reaches the user, and is named in the list where there are no words', async () => {
    const { token, chatId } = await desk.person('bea')
    const staff = await desk.admin()
    const path = `/admin/chats/${chatId}` as const
    const { body } = await upload(staff, 'a,b\n1,2\n', { path, name: 'numbers.csv' })
    expect(body).toMatchObject({ name: 'numbers.csv', type: 'text/plain', size: 8, width: null, height: null })
    await send(staff, { content: '', attachment_ids: [body.id] }, path)
    const chat = await desk.call('GET', '/support_chat', token)
    expect(chat.body).toMatchObject({
      messages: [{ sender_type: 'admin', attachments: [body] }],
      attachments: { max_bytes: 25 * 1024 * 1024, max_files: 10 },
    })
    const list = await desk.call<{ id: string }[]>('GET', '/admin/chats', staff)
    expect(list.body.find(({ id }) => id === chatId)).toMatchObject({ last_message_preview: '📎 numbers.csv' })
    expect((await desk.call('GET', path, staff)).body).toMatchObject({ attachments: { max_files: 10 } })
    expect((await open(body.url)).headers.get('content-disposition')).toMatch(/^attachment; /)
  })

  it('is stored once, however often it is uploaded under one client_id, and whatever it is repeated with', async () => {
    const { token } = await desk.person('cyd')
    const before = contents().length
    const one = await Promise.all(Array.from({ length: 5 }, () => upload(token, 'once', { clientId: 'c1' })))
    expect(one.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 200, 200, 200, 201])
    expect(new Set(one.map(({ body }) => body.id)).size).toBe(1)
    expect((await upload(token, 'once', { clientId: 'c1' })).status).toBe(200)
    expect(await upload(token, 'other', { clientId: 'c1' })).toMatchObject({ status: 409, body: { code: 'conflict' } })
    await until(() => contents().length === before + 1)
    const message = { content: 'x', client_id: 'm1', attachment_ids: [one[0]?.body.id] }
    const sent = await Promise.all([1, 2, 3].map(() => send(token, message)))
    expect(new Set(sent.map(({ body }) => body.id)).size).toBe(1)
    expect(await send(token, { ...message, attachment_ids: [] })).toMatchObject({ status: 409 })
  })

  it('is sent by nobody but who uploaded it, and once', async () => {
    const [dan, eve] = [await desk.person('dan'), await desk.person('eve')]
    const { body } = await upload(dan.token, 'mine')
    const gone = { status: 422, body: { code: 'attachment_gone' } }
    const attachment_ids = [body.id]
    expect(await send(eve.token, { content: 'x', attachment_ids })).toMatchObject(gone)
    const staff = await desk.admin()
    expect(await send(staff, { content: 'x', attachment_ids }, `/admin/chats/${dan.chatId}`)).toMatchObject(gone)
    expect(await send(dan.token, { content: 'x', attachment_ids })).toMatchObject({ status: 201 })
    expect(await send(dan.token, { content: 'x', attachment_ids })).toMatchObject(gone)
    expect((await send(dan.token, { content: '', attachment_ids: [] })).body.code).toBe('blank')
    expect((await send(dan.token, { content: '', attachment_ids: Array(11).fill(body.id) })).status).toBe(400)
  })

  it('opens by its own URL alone, for a day at least and two at most', async () => {
    const { token, chatId } = await desk.person('fay')
    const asked = clock.now()
    const [a, b] = [(await upload(token, 'aaa')).body, (await upload(token, 'bbb')).body]
    const broken = [
      a.url.replace(/signature=.*/, ''),
      a.url.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
      a.url.replace(/expires=(\d)/, 'expires=9$1'),
      a.url.replace(a.id, b.id),
      a.url.replace(a.id, crypto.randomUUID()),
      a.url.replace(a.id, '..%2f..%2fetc'),
      `attachments/${a.id}`,
    ]
    const statuses = await Promise.all(broken.map(async (url) => (await open(url)).status))
    expect(statuses).toEqual(broken.map(() => 404))
    await send(token, { content: '', attachment_ids: [a.id] })
    // So that the test does not end on another day than it began
    const [, expires] = /expires=(\d+)/.exec(a.url) ?? []
    const end = Number(expires) * 1000
    expect(end - asked).toBeGreaterThanOrEqual(24 * HOUR)
    expect(end - clock.now()).toBeLessThanOrEqual(48 * HOUR)
    ahead += end - clock.now() - 5 * 60_000
    expect((await open(a.url)).status).toBe(200)
    ahead += 5 * 60_000 + 1
    expect((await open(a.url)).status).toBe(404)
    const fresh = await desk.user('fay')
    const again = await desk.call<SupportAttachment>('GET', `/support_chat/attachments/${a.id}`, fresh)
    expect((await open(again.body.url)).status).toBe(200)
    const foreign = await desk.call('GET', `/support_chat/attachments/${a.id}`, await desk.user('gus'))
    expect(foreign.status).toBe(404)
    const staff = await desk.admin()
    const path = `/admin/chats/${chatId}/attachments` as const
    expect((await desk.call('GET', `${path}/${a.id}`, staff)).status).toBe(200)
    // What was not sent is its uploader's alone
    expect((await desk.call('GET', `${path}/${b.id}`, staff)).status).toBe(404)
    expect((await desk.call('GET', `${path}/${crypto.randomUUID()}`, staff)).status).toBe(404)
  })

  it('comes in parts, to who asks for them', async () => {
    const token = await desk.user('hal')
    const file = random(300_000)
    const { url, id } = (await upload(token, file)).body
    const part = async (range: string, more: Record<string, string> = {}) => {
      const answer = await open(url, { range, ...more })
      return { status: answer.status, range: answer.headers.get('content-range'), bytes: await bytesOf(answer) }
    }
    expect(await part('bytes=0-0')).toEqual({ status: 206, range: 'bytes 0-0/300000', bytes: file.subarray(0, 1) })
    expect(await part('bytes=100000-200000')).toEqual({
      status: 206,
      range: 'bytes 100000-200000/300000',
      bytes: file.subarray(100_000, 200_001),
    })
    expect(await part('bytes=299999-400000')).toMatchObject({ status: 206, bytes: file.subarray(299_999) })
    expect(await part('bytes=-5')).toMatchObject({ range: 'bytes 299995-299999/300000', bytes: file.subarray(-5) })
    expect(await part('bytes=300000-')).toMatchObject({ status: 416, range: 'bytes */300000' })
    expect(await part('bytes=-0')).toMatchObject({ status: 416 })
    for (const range of ['bytes=5-4', 'bytes=0-1,5-6', 'lines=1-2', 'bytes=-', 'bytes=a-b'])
      expect(await part(range)).toMatchObject({ status: 200, bytes: file })
    expect(await part('bytes=0-0', { 'if-range': '"another"' })).toMatchObject({ status: 200 })
    expect(await part('bytes=0-0', { 'if-range': `"${id}"` })).toMatchObject({ status: 206 })
    expect((await open(url, { 'if-none-match': `"${id}"` })).status).toBe(304)
    const head = await open(url, {}, 'HEAD')
    expect([head.status, head.headers.get('content-length'), (await bytesOf(head)).length]).toEqual([200, '300000', 0])
  })

  it.each([
    ['empty', 422, 'empty_file', () => ''],
    ['too large', 413, 'file_too_large', () => new Uint8Array(25 * 1024 * 1024 + 1)],
    ['a bomb of pixels', 422, 'image_too_large', () => pixels(50_000, 50_000, 1)],
  ])('that is %s is refused, and nothing stays', async (_, status, code, content) => {
    const before = contents()
    const token = await desk.user('ian')
    expect(await upload(token, content())).toMatchObject({ status, body: { code } })
    expect(contents()).toEqual(before)
  })

  it('that breaks off leaves nothing, and may be uploaded again', async () => {
    const token = await desk.user('joe')
    const before = contents().length
    const headers = { authorization: `Bearer ${token}`, 'content-length': 1_000_000 }
    const upgoing = request(`${desk.url}/support_chat/attachments?client_id=cut`, { method: 'POST', headers })
    upgoing.on('error', () => undefined)
    upgoing.write(random(600_000))
    await until(() => contents().length > before)
    upgoing.destroy()
    await until(() => contents().length === before)
    const file = random(1_000_000)
    const { body } = await upload(token, file, { clientId: 'cut' })
    const digest = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
    expect(digest(await bytesOf(await open(body.url)))).toBe(digest(file))
    expect(desk.errors).toEqual([])
  })

  it('without a length is refused: a stream that just ends would look whole', async () => {
    const token = await desk.user('kim')
    const answer = await new Promise<number | undefined>((resolve) => {
      const headers = { authorization: `Bearer ${token}`, 'transfer-encoding': 'chunked' }
      const upgoing = request(`${desk.url}/support_chat/attachments`, { method: 'POST', headers })
      upgoing.on('response', ({ statusCode }) => resolve(statusCode)).end('x')
    })
    expect(answer).toBe(411)
  })

  it('that nobody sends is swept after a day; one that was sent stays', async () => {
    const token = await desk.user('lea')
    const [unsent, sent] = [(await upload(token, 'unsent')).body, (await upload(token, 'sent')).body]
    await send(token, { content: '', attachment_ids: [sent.id] })
    ahead += 23 * HOUR
    await desk.deskbell.runJobs()
    expect(contents()).toContain(unsent.id)
    ahead += HOUR
    const { deleted_files } = await desk.deskbell.runJobs()
    expect(deleted_files).toBeGreaterThan(0)
    expect(contents()).not.toContain(unsent.id)
    expect(contents()).toContain(sent.id)
    const fresh = await desk.user('lea')
    expect(await send(fresh, { content: 'x', attachment_ids: [unsent.id] })).toMatchObject({ status: 422 })
  })

  it('is deleted with the person who is erased', async () => {
    const token = await desk.user('max')
    const { id, url } = (await upload(token, 'mine')).body
    await send(token, { content: '', attachment_ids: [id] })
    await desk.deskbell.erasePerson('max')
    expect(contents()).not.toContain(id)
    expect((await open(url)).status).toBe(404)
  })

  it('of a visitor may come before their first message', async () => {
    const visitor = `dbv_${'n'.repeat(43)}`
    const { status, body } = await upload(visitor, 'from nobody')
    expect(status).toBe(201)
    expect((await send(visitor, { content: '', attachment_ids: [body.id] })).status).toBe(201)
  })
})

it('What one person uploads within an hour is limited; another may go on', async () => {
  const attachments = { blobs: memoryBlobs(), perHour: { files: 2, bytes: 1000 } }
  const limited = await startDesk({ attachments, clock: stillClock() })
  const up = async (who: string, size: number) => {
    const headers = { authorization: `Bearer ${await limited.user(who)}` }
    const init = { method: 'POST', headers, body: new Uint8Array(size) }
    return (await fetch(`${limited.url}/support_chat/attachments`, init)).status
  }
  expect([await up('a', 900), await up('a', 101), await up('a', 100), await up('a', 1)]).toEqual([201, 429, 201, 429])
  expect(await up('b', 900)).toBe(201)
  await limited.stop()
})

it('A host without a place for files has no files', async () => {
  const plain = await startDesk({ attachments: undefined })
  const { token } = await plain.person('ada')
  expect((await plain.call('GET', '/support_chat', token)).body).toMatchObject({ attachments: null })
  expect((await plain.call('POST', '/support_chat/attachments', token)).status).toBe(404)
  const sent = await plain.call('POST', '/support_chat/messages', token, {
    content: 'x',
    attachment_ids: [crypto.randomUUID()],
  })
  expect(sent).toMatchObject({ status: 422, body: { code: 'attachment_gone' } })
  await plain.stop()
})

it('A host that takes no more files still opens those that are there, and deletes those that are gone', async () => {
  const blobs = memoryBlobs()
  const full = await startDesk({ attachments: { blobs } })
  const off = await startDesk({ attachments: { blobs, maxBytes: 0 } }, full.file)
  const { token } = await full.person('ada')
  const upload = (at: Desk) =>
    at.call<SupportAttachment>('POST', '/support_chat/attachments', token, 'mine', { 'content-type': 'text/plain' })
  const { id, url } = (await upload(full)).body
  await full.call('POST', '/support_chat/messages', token, { content: '', attachment_ids: [id] })
  expect((await off.call('GET', '/support_chat', token)).body).toMatchObject({ attachments: null })
  expect((await upload(off)).status).toBe(413)
  expect((await off.call('GET', `/${url}`)).text).toBe('mine')
  await off.deskbell.erasePerson('ada')
  expect(await blobs.get(id)).toBeUndefined()
  await off.stop()
  await full.stop()
})

describe('What is refused is told to a browser too, which looks for no answer before all of the file is sent', () => {
  it.each([
    ['to nobody who is known', 401, 'x', {}],
    ['a name that is none', 400, 'ada', { 'x-file-name': '%' }],
    ['a bomb of pixels', 422, 'ada', {}],
  ])('%s: %i', async (_, status, who, more) => {
    const token = who === 'x' ? 'none' : await desk.user(who)
    const answered = Promise.withResolvers<number | undefined>()
    const size = 600_000
    const headers = { authorization: `Bearer ${token}`, 'content-length': size, ...more }
    const upgoing = request(`${desk.url}/support_chat/attachments`, { method: 'POST', headers })
    upgoing.on('response', ({ statusCode }) => answered.resolve(statusCode)).on('error', answered.reject)
    const bomb = Buffer.concat([pixels(50_000, 50_000, 1), Buffer.alloc(size)]).subarray(0, size)
    const half = 400_000
    upgoing.write(bomb.subarray(0, half))
    // The server would close what it does not read after half a second
    const early = await Promise.race([answered.promise, new Promise((resolve) => setTimeout(resolve, 1_500, 'none'))])
    upgoing.end(bomb.subarray(half))
    expect([early, await answered.promise]).toEqual(['none', status])
  })
})

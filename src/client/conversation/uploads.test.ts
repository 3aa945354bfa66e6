import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Api } from '../api.ts'
import { createCredentials } from '../connection/credentials.ts'
import { createSession } from '../connection/session.ts'
import type { Conversation } from './conversation.ts'
import { Uploads } from './uploads.ts'

interface Asked {
  path: string
  headers: Headers
  signal: AbortSignal
  answer: (response: Response) => void
  breakOff: () => void
}

/** What came to the server, the last at the end */
let asked: Asked[] = []
beforeEach(() => {
  asked = []
  vi.useFakeTimers()
  vi.stubGlobal('fetch', (input: string, { headers, signal }: RequestInit) => {
    const { promise, resolve, reject } = Promise.withResolvers<Response>()
    const { pathname, search } = new URL(input)
    const breakOff = (): void => reject(new TypeError('fetch failed'))
    signal?.addEventListener('abort', breakOff)
    asked.push({
      path: pathname + search,
      headers: new Headers(headers),
      signal: signal as AbortSignal,
      answer: resolve,
      breakOff,
    })
    return promise
  })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

function uploadsOf(role: 'user' | 'admin' = 'user'): Uploads {
  const session = createSession(createCredentials({ token: 'a.b.c' }))
  const state = { chat_id: 'c1', attachments: { max_bytes: 100, max_files: 5 } } as Conversation['state']
  return new Uploads({
    api: new Api({ base: 'https://x.example/support/', session }),
    conversation: { role, state },
    changed: () => undefined,
  })
}

const file = (name: string, size = 5): File => new File(['x'.repeat(size)], name)
const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(0)
const stored = (name: string): Response => Response.json({ id: name, name })
const refused = (status: number, code: string): Response =>
  new Response(JSON.stringify({ code, status }), { status, headers: { 'content-type': 'application/problem+json' } })
const seen = (uploads: Uploads) => uploads.items.map(({ file, status, reason }) => [file.name, status, reason])

test('three files go up at a time, the others after them, and all go with the message in the order in which they were added', async () => {
  const uploads = uploadsOf()
  uploads.add(['a', 'b', 'c', 'd'].map((name) => file(name)))
  await settle()
  expect(asked).toHaveLength(3)
  asked[1]?.answer(stored('b'))
  await settle()
  expect([asked.length, uploads.isBusy]).toEqual([4, true])
  for (const [at, name] of [
    [0, 'a'],
    [2, 'c'],
    [3, 'd'],
  ] as const)
    asked[at]?.answer(stored(name))
  await settle()
  expect(uploads.isBusy).toBe(false)
  expect(uploads.take().map(({ id }) => id)).toEqual(['a', 'b', 'c', 'd'])
  expect(uploads.items).toEqual([])
})

test.each([
  ['user', '/support/support_chat/attachments?client_id='],
  ['admin', '/support/admin/chats/c1/attachments?client_id='],
] as const)('a file of a %s goes to their chat, with its name', async (role, path) => {
  const uploads = uploadsOf(role)
  uploads.add([file('Bild ü😀.png')])
  await settle()
  expect(asked[0]?.path).toBe(path + uploads.items[0]?.client_id)
  expect(decodeURIComponent(asked[0]?.headers.get('x-file-name') ?? '')).toBe('Bild ü😀.png')
  expect(asked[0]?.headers.get('content-type')).toBe('application/octet-stream')
})

test('what breaks off is tried again under the same id, three times, and then when it is asked for', async () => {
  const uploads = uploadsOf()
  uploads.add([file('a')])
  await settle()
  for (const wait of [1_000, 3_000, 9_000]) {
    asked.at(-1)?.[wait === 3_000 ? 'answer' : 'breakOff'](refused(503, 'unavailable'))
    await vi.advanceTimersByTimeAsync(wait - 1)
    const before = asked.length
    await vi.advanceTimersByTimeAsync(1)
    expect(asked).toHaveLength(before + 1)
  }
  asked.at(-1)?.breakOff()
  await settle()
  expect(seen(uploads)).toEqual([['a', 'failed', 'network']])
  uploads.retry(uploads.items[0]?.client_id ?? '')
  await settle()
  asked.at(-1)?.answer(stored('a'))
  await settle()
  expect(seen(uploads)).toEqual([['a', 'uploaded', null]])
  expect(asked).toHaveLength(5)
  expect(new Set(asked.map(({ path }) => path)).size).toBe(1)
})

test.each([
  [422, 'image_too_large'],
  [429, 'too_many_files'],
])('what is refused says why, and is not tried again by itself (%i %s)', async (status, code) => {
  const uploads = uploadsOf()
  uploads.add([file('a'), file('b')])
  await settle()
  asked[0]?.answer(refused(status, code))
  asked[1]?.answer(stored('b'))
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked).toHaveLength(2)
  expect(seen(uploads)).toEqual([
    ['a', 'failed', code],
    ['b', 'uploaded', null],
  ])
  expect(uploads.take().map(({ id }) => id)).toEqual(['b'])
  expect(seen(uploads)).toEqual([['a', 'failed', code]])
})

test('what can never go up fails at once, and what a message cannot carry is left out', async () => {
  const uploads = uploadsOf()
  expect(uploads.add([file('empty', 0), file('large', 101), file('most', 100)])).toBe(0)
  expect(uploads.add(['d', 'e', 'f', 'g'].map((name) => file(name)))).toBe(2)
  await settle()
  expect(seen(uploads)).toEqual([
    ['empty', 'failed', 'empty_file'],
    ['large', 'failed', 'file_too_large'],
    ['most', 'uploading', null],
    ['d', 'uploading', null],
    ['e', 'uploading', null],
  ])
  expect(asked).toHaveLength(3)
})

test('a file that is removed is not sent any further, and makes room for the next', async () => {
  const uploads = uploadsOf()
  uploads.add(['a', 'b', 'c', 'd'].map((name) => file(name)))
  await settle()
  uploads.remove(uploads.items[0]?.client_id ?? '')
  await settle()
  expect(asked[0]?.signal.aborted).toBe(true)
  expect(seen(uploads).map(([name]) => name)).toEqual(['b', 'c', 'd'])
  expect(asked).toHaveLength(4)
  uploads.clear()
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked.map(({ signal }) => signal.aborted)).toEqual([true, true, true, true])
  expect([asked.length, uploads.items]).toEqual([4, []])
})

// Files under kills, and beside messages: whole or absent, never two, and in nobody's way.
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { SupportAttachment } from '../../src/protocol/attachments.ts'
import type { MessagePage } from '../../src/protocol/types.ts'
import { pause, until } from '../support/desk.ts'
import { ServerProcess, userToken } from '../support/server-process.ts'

const ROUNDS = Math.ceil(Number(process.env['FAULT_RUNS'] ?? 200) / 50)
const MB = 1024 * 1024

let dir: string
let server: ServerProcess
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'deskbell-files-'))
  // In real time: an hour of theirs would end uploads that are under way
  server = await ServerProcess.start({ DATA_DIR: dir, TIME_SPEED: '1', TIME_ANCHOR: String(Date.now()) })
})
afterEach(async () => {
  if (server.isRunning) await server.kill()
  rmSync(dir, { recursive: true, force: true })
})

const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** The contents that are stored, whole ones and parts */
function contents(): string[] {
  const folder = join(dir, 'files')
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
}

async function upload(token: string, clientId: string, file: Uint8Array<ArrayBuffer>): Promise<SupportAttachment> {
  const response = await fetch(`${server.url}/support_chat/attachments?client_id=${clientId}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/octet-stream', 'x-file-name': clientId },
    body: file,
  })
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
  return (await response.json()) as SupportAttachment
}

async function send(token: string, message: object): Promise<boolean> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const init = { method: 'POST', headers, body: JSON.stringify(message) }
  return (await fetch(`${server.url}/support_chat/messages`, init)).ok
}

it('every acknowledged file is whole, once, and in its message, whenever the server is killed', async () => {
  const token = await userToken('ada')
  const acknowledged = new Map<string, { id: string; digest: string }>()
  for (let round = 0; round < ROUNDS; round++) {
    const files = Array.from({ length: 4 }, (_, i) => ({
      clientId: `${round}-${i}`,
      bytes: new Uint8Array(randomBytes(i * MB + 1)),
    }))
    async function deliver({ clientId, bytes }: (typeof files)[number]): Promise<void> {
      for (;;) {
        try {
          const { id } = await upload(token, clientId, bytes)
          if (await send(token, { content: '', client_id: clientId, attachment_ids: [id] })) {
            acknowledged.set(clientId, { id, digest: digest(bytes) })
            return
          }
        } catch {
          // It was killed: the same again, under the same id
        }
        await pause(20)
      }
    }
    const delivering = files.map(deliver)
    await pause(Math.random() * 60)
    await server.kill()
    await server.start()
    await Promise.all(delivering)
  }
  const headers = { authorization: `Bearer ${token}` }
  const response = await fetch(`${server.url}/support_chat/messages?after=0&limit=1000`, { headers })
  const { messages } = (await response.json()) as MessagePage
  expect(new Set(messages.map(({ client_id }) => client_id))).toEqual(new Set(acknowledged.keys()))
  expect(messages).toHaveLength(acknowledged.size)
  for (const { client_id, attachments } of messages) {
    const known = acknowledged.get(client_id ?? '')
    expect(attachments.map(({ id }) => id)).toEqual([known?.id])
    const opened = await fetch(`${server.url}/${attachments[0]?.url}`)
    expect(digest(new Uint8Array(await opened.arrayBuffer()))).toBe(known?.digest)
  }
  // What broke off is known to the database, so the sweep finds it; nothing else lies there
  const db = new DatabaseSync(join(dir, 'deskbell.db'), { readOnly: true })
  const known = new Set(
    db
      .prepare('SELECT id FROM support_attachments')
      .all()
      .map(({ id }) => String(id)),
  )
  db.close()
  expect(contents().filter((name) => !known.has(name.replace(/\.part$/, '')))).toEqual([])
})

it('messages go through while a hundred uploads come in', async () => {
  const senders = await Promise.all(Array.from({ length: 100 }, (_, i) => userToken(`u${i}`)))
  const writer = await userToken('writer')
  expect(await send(writer, { content: 'before' })).toBe(true)
  const file = new Uint8Array(randomBytes(2 * MB))
  let isDone = false
  const uploads = Promise.all(senders.map((token, i) => upload(token, `f${i}`, file)))
  uploads.finally(() => (isDone = true)).catch(() => undefined)
  let sent = 0
  while (!isDone) {
    // Messages go through all the while
    expect(await send(writer, { content: `message ${sent}` })).toBe(true)
    sent++
  }
  const done = await uploads
  expect(sent).toBeGreaterThan(5)
  expect(new Set(done.map(({ id }) => id)).size).toBe(100)
  for (const { id, size } of done) expect(statSync(join(dir, 'files', id.slice(0, 2), id)).size).toBe(size)
  expect(server.errors).toBe('')
})

it('a stop breaks off an upload, tells no error, and leaves nothing of it', async () => {
  const token = await userToken('ada')
  await upload(token, 'first', new Uint8Array(1))
  // It sends a part, and then nothing any more
  const { promise: never } = Promise.withResolvers<never>()
  const body = new ReadableStream<Uint8Array>({
    start: (controller) => controller.enqueue(new Uint8Array(600_000)),
    pull: () => never,
  })
  const headers = { authorization: `Bearer ${token}`, 'content-length': '1000000' }
  const init = { method: 'POST', headers, body, duplex: 'half' } as RequestInit
  const answer = fetch(`${server.url}/support_chat/attachments`, init).then(
    ({ status }) => status,
    () => 'cut',
  )
  await until(() => contents().some((name) => name.endsWith('.part')))
  expect(await server.stop()).toBe(0)
  expect([503, 'cut']).toContain(await answer)
  expect(contents()).toHaveLength(1)
  expect(server.errors).toBe('')
})

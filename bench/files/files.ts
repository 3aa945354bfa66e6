// What files cost the server: npm run bench:files
// The stand-alone server, in a process of its own, on SQLite and a folder. How far its memory rises while large files go up and come down;
// what 100 uploads at once do to those who write meanwhile; and how long it takes to open a chat that is full of images and of what staff did.
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { AUDIENCE, tokens } from '../../src/server/people/token.ts'
import { SECRET } from '../../test/support/desk.ts'
import { MeasuredServer } from '../../test/support/measured-server.ts'
import { pixels } from '../../test/support/pictures.ts'
import { UPLOAD } from './upload-size.ts'

const MB = 1024 * 1024
const LARGE = 25 * MB
const UPLOADS = 100
/** Messages are sent at this pace, whatever else there is to do */
const EVERY = 20
const SENDS = 300
const IMAGES = 200
const NOTES = 500
const OPENINGS = 100

const server = await MeasuredServer.start({ RATE_LIMIT: 'off', ATTACHMENT_LIMIT: '100MB', LOG_LEVEL: 'silent' })
const signer = tokens(SECRET)
const tokenOf = (id: string): Promise<string> =>
  signer.sign({ sub: id, email: `${id}@example.com`, name: id }, { audience: AUDIENCE.user, expiresIn: 3600 })
const staff = await signer.sign(
  { sub: 'sam', email: 'sam@desk.example', name: 'Sam' },
  { audience: AUDIENCE.admin, expiresIn: 3600 },
)

async function ask<Answer>(method: string, path: string, token: string, body?: object): Promise<Answer> {
  const isFile = body instanceof Uint8Array
  const response = await fetch(`${server.url}/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      'content-type': isFile ? 'application/octet-stream' : 'application/json',
    },
    ...(body && { body: isFile ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body) }),
  })
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
  return (await response.json()) as Answer
}
const upload = (token: string, file: Uint8Array) =>
  ask<{ id: string; url: string }>('POST', 'support_chat/attachments', token, file)
const attach = (token: string, file: { id: string }) =>
  ask('POST', 'support_chat/messages', token, { content: '', attachment_ids: [file.id] })

/** Megabytes that the process held at most since `forgetPeak` */
const peak = (): number =>
  Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${server.pid}/status`, 'utf8'))?.[1]) / 1024
/** https://docs.kernel.org/filesystems/proc.html */
const forgetPeak = (): void => writeFileSync(`/proc/${server.pid}/clear_refs`, '5')

async function rise(work: () => Promise<unknown>): Promise<number> {
  await server.weigh()
  forgetPeak()
  const before = peak()
  await work()
  return Math.round(peak() - before)
}

async function download(url: string): Promise<void> {
  const { body } = await fetch(`${server.url}/${url}`)
  for await (const _ of body ?? []);
}

async function memory(): Promise<Record<string, object>> {
  const ada = await tokenOf('ada')
  // What the first file loads is no cost of files
  await download((await upload(ada, new Uint8Array(MB))).url)
  const rows: Record<string, object> = {}
  for (const [name, size, at] of [
    ['25 MB', LARGE, 1],
    ['25 MB, 8 at once', LARGE, 8],
    ['100 MB', 100 * MB, 1],
  ] as const) {
    const files = Array.from({ length: at }, () => new Uint8Array(size))
    let urls: string[] = []
    const up = await rise(async () => {
      urls = await Promise.all(files.map(async (file) => (await upload(ada, file)).url))
    })
    const down = await rise(() => Promise.all(urls.map(download)))
    rows[name] = { 'up, MB more': up, 'down, MB more': down }
  }
  return rows
}

const percentile = (sorted: readonly number[], part: number): number =>
  Math.round((sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN) * 10) / 10

/** Milliseconds from when a message should have been sent to its answer */
async function sends(token: string): Promise<object> {
  const begun = performance.now()
  const took: number[] = []
  const sent: Promise<void>[] = []
  for (let n = 0; n < SENDS; n++) {
    const due = begun + n * EVERY
    await pause(Math.max(0, due - performance.now()))
    sent.push(
      ask('POST', 'support_chat/messages', token, { content: `message ${n}` }).then(
        () => void took.push(performance.now() - due),
      ),
    )
  }
  await Promise.all(sent)
  const sorted = took.toSorted((a, b) => a - b)
  return {
    'p50, ms': percentile(sorted, 0.5),
    'p95, ms': percentile(sorted, 0.95),
    'p99, ms': percentile(sorted, 0.99),
  }
}

async function sendsBesideUploads(): Promise<Record<string, object>> {
  const writer = await tokenOf('writer')
  const uploaders = await Promise.all(Array.from({ length: UPLOADS }, (_, n) => tokenOf(`uploader-${n}`)))
  await sends(writer)
  const alone = await sends(writer)
  const uploading = fork(new URL('./uploaders.ts', import.meta.url), [server.url, ...uploaders])
  await once(uploading, 'spawn')
  // All of them have begun
  await pause(1_000)
  const beside = await sends(writer)
  uploading.send('stop')
  const [uploaded] = (await once(uploading, 'message')) as [number]
  return { 'sends alone': alone, [`beside ${UPLOADS} uploads (${uploaded} of ${UPLOAD / MB} MB were done)`]: beside }
}

async function opening(): Promise<Record<string, object>> {
  const full = await tokenOf('full')
  const { id } = await ask<{ id: string }>('GET', 'support_chat', full)
  for (let n = 0; n < IMAGES; n++) await attach(full, await upload(full, pixels(40 + n, 30)))
  for (let n = 0; n < NOTES; n++) await ask('POST', `admin/chats/${id}/notes`, staff, { content: `note ${n}` })
  const rows: Record<string, object> = {}
  for (const path of [
    `admin/chats/${id}`,
    `admin/chats/${id}/messages?limit=200`,
    `admin/chats/${id}/activity?limit=200`,
  ]) {
    const took: number[] = []
    for (let n = 0; n < OPENINGS; n++) {
      const begun = performance.now()
      await ask('GET', path, staff)
      took.push(performance.now() - begun)
    }
    const sorted = took.toSorted((a, b) => a - b)
    rows[`GET ${path.replace(id, ':id')}`] = { 'p50, ms': percentile(sorted, 0.5), 'p95, ms': percentile(sorted, 0.95) }
  }
  return rows
}

try {
  for (const [title, measure] of [
    ['How far the memory of the server rises', memory],
    [`A message every ${EVERY} ms`, sendsBesideUploads],
    [`Opening a chat with ${IMAGES} images and ${NOTES} notes`, opening],
  ] as const) {
    console.log(`\n${title}`)
    console.table(await measure())
  }
} finally {
  await server.stop()
}

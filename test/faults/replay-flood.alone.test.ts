// A peer that orders the whole of a long chat again and again: the others are answered, and nothing of it stays.
import { DatabaseSync } from 'node:sqlite'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loopTime } from '../../src/testing/loop-time.ts'
import { AUDIENCE, tokens } from '../../src/server/people/token.ts'
import { pause, SECRET, until } from '../support/desk.ts'
import { MeasuredServer } from '../support/measured-server.ts'
import { chatId, EXT, TestSocket } from '../support/socket.ts'

const MESSAGES = 20_000

let server: MeasuredServer
let token: string
let chat: string
beforeAll(async () => {
  server = await MeasuredServer.start()
  token = await tokens(SECRET).sign(
    { sub: 'ada', email: 'ada@example.com' },
    { audience: AUDIENCE.user, expiresIn: 600 },
  )
  const answer = await fetch(`${server.url}/support_chat`, { headers: { authorization: `Bearer ${token}` } })
  chat = ((await answer.json()) as { id: string }).id
  const db = new DatabaseSync(server.file, { timeout: 60_000 })
  const insert =
    db.prepare(`INSERT INTO support_messages (id, chat_id, seq, content, sender_type, sender_id, created_at, updated_at)
    VALUES (?1, ?2, ?3, ?4, 'user', 'ada', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z')`)
  db.exec('BEGIN')
  for (let seq = 1; seq <= MESSAGES; seq++) insert.run(`m${seq}`, chat, seq, 'x'.repeat(200))
  db.prepare('UPDATE support_chats SET last_seq = ? WHERE id = ?').run(MESSAGES, chat)
  db.exec('COMMIT')
  db.close()
})
afterAll(() => server.stop())

/** How long the server makes people wait (ms) at most. Only time in which it worked, and this process too, counts: others may use the machine */
async function longestWait(): Promise<number> {
  let longest = 0
  for (let n = 0; n < 100; n++) {
    const [asked, worked] = [loopTime(), server.worked()]
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
    longest = Math.max(longest, Math.min(loopTime() - asked, server.worked() - worked))
    await pause(20)
  }
  return longest
}

it.each([
  ['/ws/chat', true],
  ['/ws/chat', false],
  ['/cable', true],
  ['/cable', false],
])('over %s, read: %s', async (path, reads) => {
  const isCable = path === '/cable'
  const peer = await TestSocket.open(`${server.wsUrl}${path}?jid=${token}`, isCable ? [EXT] : [])
  if (isCable) await peer.subscribe(chatId(chat))
  if (!reads) peer.ws.pause()
  const before = await server.weigh()
  const order = { action: 'history', after: 0 }
  for (let i = 0; i < 400; i++) {
    if (isCable) peer.perform(chatId(chat), order)
    else peer.send(order)
  }
  const longest = await longestWait()
  peer.close()
  const grown = (await server.weigh()) - before
  console.log(`${path}, read: ${reads}: the longest wait took ${longest} ms, ${grown.toFixed(1)} MB more`)
  expect(longest).toBeLessThan(1_000)
  expect(grown).toBeLessThan(10)
  expect(server.errors).toBe('')
})

it('gives one who orders a few of them each in order, one after another', async () => {
  const peer = await TestSocket.open(`${server.wsUrl}/ws/chat?jid=${token}`)
  for (const after of [19_990, 19_980, 19_995]) peer.send({ action: 'history', after })
  const read = () =>
    peer.frames.flatMap((frame) => (frame as unknown as { message?: { seq: number } }).message?.seq ?? [])
  await until(() => read().length >= 10 + 20 + 5)
  await peer.pong()
  const seqs = read()
  const upTo = (n: number) => Array.from({ length: MESSAGES - n }, (_, i) => n + 1 + i)
  expect(seqs).toEqual([...upTo(19_990), ...upTo(19_980), ...upTo(19_995)])
  peer.close()
})

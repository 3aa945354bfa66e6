// Peers of the Socket.IO namespace that do not read: what waits for them stays small, and then they are cut off.
import { DatabaseSync } from 'node:sqlite'
import type { Server } from 'socket.io'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { pause, startDesk, until, type Desk } from '../support/desk.ts'
import { IoClient, serveSocketIo } from '../support/socket-io.ts'

/** What may wait for one peer (1 MiB), and the messages of a moment */
const MOST = 1_200_000

let desk: Desk
let io: Server
beforeAll(async () => {
  desk = await startDesk({ rateLimit: null })
  // A peer that reads nothing answers no ping either, and must not be gone before it is too slow
  io = serveSocketIo(desk, { pingTimeout: 300_000 })
})
afterAll(async () => {
  await io.close()
  await desk.stop()
})

/** Characters that Engine.IO holds for all its peers */
function held(): number {
  const { clients } = io.engine as unknown as { clients: Record<string, { writeBuffer: { data?: string }[] }> }
  const packets = Object.values(clients).flatMap(({ writeBuffer }) => writeBuffer)
  return packets.reduce((sum, { data }) => sum + (data?.length ?? 0), 0)
}

const connected = (): number => desk.deskbell.load().connections['socket.io']

it('one who stops polling is cut off at a megabyte, and what waited for it goes', async () => {
  const { token } = await desk.person('poller')
  const path = `${desk.url}/socket.io/?EIO=4&transport=polling`
  const { sid } = JSON.parse((await (await fetch(path)).text()).slice(1)) as { sid: string }
  const post = (body: string) => fetch(`${path}&sid=${sid}`, { method: 'POST', body })
  const poll = async () => (await fetch(`${path}&sid=${sid}`)).text()
  await post(`40/support,${JSON.stringify({ token })}`)
  expect(await poll()).toContain('40/support,{')
  await post('421["subscribe",{}]'.replace('42', '42/support,'))
  expect(await poll()).toContain('43/support,1[{"ok":true')
  expect(connected()).toBe(1)

  const sender = await IoClient.open(desk.url, token)
  let most = 0
  const flood = async (messages: number): Promise<void> => {
    for (let n = 0; n < messages; n++) {
      expect(await sender.ask('send_message', { content: 'x'.repeat(9_900) })).toMatchObject({ ok: true })
      most = Math.max(most, held())
    }
  }
  await flood(90)
  expect(connected()).toBe(2)
  expect(held()).toBeGreaterThan(800_000)
  await flood(90)
  await until(() => connected() === 1)
  expect(most).toBeLessThan(MOST)
  await until(() => held() < 1_000)
  sender.close()
})

it('one who does not read a replay gets no more of it, and holds up nobody', async () => {
  const { token, chatId } = await desk.person('reader')
  const messages = 5_000
  const db = new DatabaseSync(desk.file, { timeout: 30_000 })
  const insert =
    db.prepare(`INSERT INTO support_messages (id, chat_id, seq, content, sender_type, sender_id, created_at, updated_at)
    VALUES (?1, ?2, ?3, ?4, 'user', 'reader', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z')`)
  db.exec('BEGIN')
  for (let seq = 1; seq <= messages; seq++) insert.run(`r${seq}`, chatId, seq, 'x'.repeat(3_000))
  db.prepare('UPDATE support_chats SET last_seq = ? WHERE id = ?').run(messages, chatId)
  db.exec('COMMIT')
  db.close()

  const ws = new WebSocket(`${desk.wsUrl}/socket.io/?EIO=4&transport=websocket`)
  const heard: string[] = []
  ws.on('message', (data: Buffer) => heard.push(data.toString()))
  await until(() => heard.length > 0)
  ws.send(`40/support,${JSON.stringify({ token })}`)
  await until(() => heard.some((packet) => packet.startsWith('40/support,')))
  const framesBefore = desk.deskbell.load().frames
  ws.send('42/support,1["subscribe",{"after":0}]')
  await until(() => heard.some((packet) => packet.startsWith('43/support,1')))
  ws.pause()
  // What the machine holds for the peer has an end
  let before = -1
  await until(async () => {
    const now = desk.deskbell.load().frames
    const isStill = now === before
    before = now
    await pause(500)
    return isStill
  })
  expect(desk.deskbell.load().frames - framesBefore).toBeLessThan(messages)
  expect(held()).toBeLessThan(512 * 1024)
  const other = await IoClient.open(desk.url, token)
  expect(await other.ask('subscribe', { after: messages - 50 })).toMatchObject({ ok: true, continues: true })
  await until(() => other.seqs.length === 50)
  other.close()
  ws.resume()
  await until(() => heard.slice(-10).some((packet) => packet.includes(`"seq":${messages},`)))
  const seqs = heard.flatMap((packet) => /"seq":(\d+),/.exec(packet)?.[1] ?? [])
  expect(seqs).toEqual(Array.from({ length: messages }, (_, i) => String(i + 1)))
  ws.close()
})

// What was acknowledged is stored: the server is killed at random moments under twenty writers, who note what they were told.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { pause, until } from '../support/desk.ts'
import { ServerProcess, userToken } from '../support/server-process.ts'
import { chatId, TestSocket, V1 } from '../support/socket.ts'
import { sqliteTruth } from './model/truth.ts'

const WRITERS = 20
const KILLS = Number(process.env['FAULT_KILLS'] ?? 8)

let dir: string
let server: ServerProcess
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'deskbell-faults-'))
  server = await ServerProcess.start({ DATA_DIR: dir, DATABASE_URL: `sqlite:${join(dir, 'chat.db')}` })
})
afterAll(async () => {
  await server.stop()
  rmSync(dir, { recursive: true, force: true })
})

interface Writer {
  token: string
  chat: string
  /** Their client_ids, in the order in which the server said that it has them */
  acked: string[]
  socket?: TestSocket
  next: number
}

/** Sends again as soon as the last one is confirmed, until the socket dies */
async function write(writer: Writer): Promise<void> {
  const socket = await TestSocket.open(`ws://127.0.0.1:${server.port}/cable?jid=${writer.token}`, [V1])
  writer.socket = socket
  const identifier = chatId(writer.chat)
  const say = (): void =>
    socket.perform(identifier, { action: 'send_message', content: `m${writer.next}`, client_id: `c${writer.next++}` })
  socket.ws.on('message', (data: Buffer) => {
    const frame = JSON.parse(data.toString()) as {
      type?: string
      message?: { type: string; message: { client_id: string } }
    }
    if (frame.type === 'welcome') socket.send({ command: 'subscribe', identifier })
    else if (frame.type === 'confirm_subscription') for (let n = 0; n < 3; n++) say()
    else if (frame.message?.type === 'new_message') {
      writer.acked.push(frame.message.message.client_id)
      say()
    }
  })
}

it(`stores all that it acknowledged, over ${KILLS} kills under ${WRITERS} writers`, { timeout: 120_000 }, async () => {
  const writers = await Promise.all(
    Array.from({ length: WRITERS }, async (_, n): Promise<Writer> => {
      const token = await userToken(`w${n}`)
      const response = await fetch(`${server.url}/support_chat`, { headers: { authorization: `Bearer ${token}` } })
      return { token, chat: ((await response.json()) as { id: string }).id, acked: [], next: 0 }
    }),
  )
  const count = (): number => writers.reduce((n, { acked }) => n + acked.length, 0)
  for (let kill = 0; kill < KILLS; kill++) {
    await Promise.all(writers.map(write))
    const before = count()
    // They are at it; then at any moment
    await until(() => count() > before)
    await pause(Math.random() * 400)
    await server.kill()
    await server.start()
    const truth = sqliteTruth(join(dir, 'chat.db'))
    for (const { chat, acked } of writers) {
      const log = await truth.messages(chat)
      expect(log.map((message) => message.seq)).toEqual(log.map((_message, i) => i + 1))
      const stored = log.map((message) => message.content.replace('m', 'c'))
      expect(new Set(stored).size).toBe(stored.length)
      expect(acked.filter((id) => !stored.includes(id))).toEqual([])
    }
    await truth.close()
  }
  for (const { socket } of writers) socket?.close()
})

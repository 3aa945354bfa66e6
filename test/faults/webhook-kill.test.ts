// Real servers, killed while webhooks are on their way: what was acknowledged is told, in order, by the same id.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { until } from '../support/desk.ts'
import { ServerProcess, userToken } from '../support/server-process.ts'
import { startWebhookReceiver, WEBHOOK_SECRET, type WebhookReceiver } from '../support/webhook-receiver.ts'

const ROUNDS = Math.ceil(Number(process.env['FAULT_RUNS'] ?? 200) / 40)
/** How much faster time passes in the servers. The official library accepts timestamps of five minutes ahead */
const SPEED = 3

let dir: string
let receiver: WebhookReceiver
let servers: ServerProcess[]
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'deskbell-webhooks-'))
  receiver = await startWebhookReceiver()
  const settings = {
    DATA_DIR: dir,
    WEBHOOK_URL: receiver.url,
    WEBHOOK_SECRET,
    WEBHOOK_PRIVATE_HOSTS: 'on',
    TIME_SPEED: String(SPEED),
    TIME_ANCHOR: String(Date.now()),
  }
  servers = [await ServerProcess.start(settings), await ServerProcess.start(settings)]
})
afterEach(async () => {
  for (const server of servers) if (server.isRunning) await server.kill()
  await receiver.stop()
  rmSync(dir, { recursive: true, force: true })
})

it('a webhook is sent for every acknowledged message, in order, whichever server is killed when', async () => {
  const token = await userToken('ada')
  const acknowledged: string[] = []
  async function write(server: ServerProcess, content: string): Promise<void> {
    try {
      const { ok } = await fetch(`${server.url}/support_chat/messages`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ content, client_id: content }),
      })
      if (ok) acknowledged.push(content)
    } catch {
      // It was killed before it answered
    }
  }
  for (let round = 0; round < ROUNDS; round++) {
    const [victim, other] = round % 2 === 0 ? [servers[0], servers[1]] : [servers[1], servers[0]]
    if (!victim || !other) return expect.fail()
    // Every third answer comes after the kill, so that some are sent and never settled
    receiver.answer = () => (receiver.received.length % 3 === 0 ? 'hang' : 204)
    const writing = Array.from({ length: 12 }, (_, i) => write(i % 2 === 0 ? victim : other, `${round}-${i}`))
    await until(() => receiver.received.length > round * 12)
    await victim.kill()
    receiver.answer = () => 204
    await Promise.all(writing)
    await victim.start()
  }
  await until(() => acknowledged.every((content) => receiver.contents().includes(content)), 120_000)

  const byId = new Map(receiver.received.map(({ id, payload }) => [id, payload]))
  const told = [...byId.values()].flatMap((payload) => (payload.type === 'message.created' ? payload.data.message : []))
  // One id for each message, and each first came in its turn
  expect(new Set(told.map(({ id }) => id)).size).toBe(told.length)
  expect(told.map(({ seq }) => seq)).toEqual(told.map((_, i) => i + 1))
  expect(acknowledged.length).toBeGreaterThan(ROUNDS)
})

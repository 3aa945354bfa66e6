// The database is locked by another process, slow, full, or read-only: senders wait or are told to come back, nothing that was
// acknowledged is lost, nothing is stored twice, and it recovers without a restart.
import { execFileSync } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, describe, expect, it } from 'vitest'
import { sqliteStore } from '../../src/entries/node.ts'
import { startDesk, until, type Desk } from '../support/desk.ts'
import { ServerProcess, userToken } from '../support/server-process.ts'
import { chatId, TestSocket, V1 } from '../support/socket.ts'

const cleanUps: (() => unknown)[] = []
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})
const folder = (): string => {
  const dir = mkdtempSync(join(tmpdir(), 'deskbell-faults-'))
  cleanUps.push(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

async function desk(options: Parameters<typeof startDesk>[0] = {}): Promise<Desk> {
  const running = await startDesk({ rateLimit: null, ...options })
  cleanUps.push(() => running.stop())
  return running
}

/** A person with a subscribed socket */
async function chatting(
  running: Desk,
): Promise<{ token: string; chat: string; socket: TestSocket; say: (id: string, text?: string) => void }> {
  const { token, chatId: chat } = await running.person('ada')
  const socket = await TestSocket.open(`${running.wsUrl}/cable?jid=${token}`, [V1])
  cleanUps.push(() => socket.close())
  await socket.subscribe(chatId(chat))
  const say = (id: string, text = id): void =>
    socket.perform(chatId(chat), { action: 'send_message', content: text, client_id: id })
  return { token, chat, socket, say }
}

describe('locked by another process', () => {
  it('lets senders wait, and everything else go on', async () => {
    const running = await desk()
    const { token, socket, say } = await chatting(running)
    const other = new DatabaseSync(running.file)
    other.exec('BEGIN IMMEDIATE')
    say('waits')
    // Reads, and requests that write nothing, are answered meanwhile
    for (let n = 0; n < 20; n++) {
      expect((await running.call('GET', '/support_chat/messages', token)).status).toBe(200)
    }
    expect(socket.events('new_message')).toEqual([])
    expect(socket.events('nack')).toEqual([])
    other.exec('COMMIT')
    other.close()
    expect((await socket.event('new_message')).message?.client_id).toBe('waits')
    expect(running.errors).toEqual([])
  })

  it('refuses them when that takes too long, and takes them when they come back', async () => {
    const running = await desk()
    const { token, socket, say } = await chatting(running)
    const other = new DatabaseSync(running.file)
    other.exec('BEGIN IMMEDIATE')
    say('early')
    const posted = running.call('POST', '/support_chat/messages', token, { content: 'x', client_id: 'posted' })
    expect(await socket.event('nack')).toMatchObject({ client_id: 'early', code: 'unavailable' })
    const refused = await posted
    expect(refused.status).toBe(503)
    expect(refused.headers.get('retry-after')).toBe('1')
    expect(refused.text).not.toContain('locked')
    other.exec('ROLLBACK')
    other.close()
    say('early')
    await until(() => socket.events('new_message').length === 1)
    expect(running.errors).not.toEqual([])
  })
})

describe('slow', () => {
  it('refuses what would fill the memory, says so to each sender, and stores the rest', async () => {
    const slow = await sqliteStore(join(folder(), 'slow.db'))
    let open = (): void => undefined
    const gate = new Promise<void>((resolve) => (open = resolve))
    const store = {
      ...slow,
      appendMessages: (batch: Parameters<typeof slow.appendMessages>[0]) => gate.then(() => slow.appendMessages(batch)),
    }
    const running = await desk({ store })
    const people = await Promise.all(Array.from({ length: 25 }, (_, i) => running.person(`p${i}`)))
    const sent = 100
    const content = 'x'.repeat(10_000)
    const outcomes = people.flatMap(({ token }) =>
      Array.from({ length: sent }, (_, n) =>
        running.call('POST', '/support_chat/messages', token, { content, client_id: `m${n}` }),
      ),
    )
    // 25 million characters where 16 may wait
    let refused = 0
    for (const outcome of outcomes) void outcome.then((reply) => (refused += Number(reply.status === 503)))
    await until(() => refused > 700)
    open()
    const statuses = (await Promise.all(outcomes)).map((reply) => reply.status)
    const stored = statuses.filter((status) => status === 201).length
    expect(stored + statuses.filter((status) => status === 503).length).toBe(people.length * sent)
    expect(stored).toBeGreaterThan(1_500)
    expect(stored).toBeLessThan(2_000)
    const logs = await Promise.all(people.map(({ chatId: chat }) => slow.messages(chat, { after: 0, limit: 1_000 })))
    expect(logs.reduce((n, { messages }) => n + messages.length, 0)).toBe(stored)
    await slow.close()
  })
})

describe('out of room', () => {
  it('refuses to store, goes on reading, and recovers', async () => {
    const dir = folder()
    const file = join(dir, 'chat.db')
    const server = await ServerProcess.start({ DATA_DIR: dir, DATABASE_URL: `sqlite:${file}` })
    cleanUps.push(() => server.stop())
    const token = await userToken('ada')
    const call = (method: string, path: string, body?: unknown): Promise<Response> =>
      fetch(`${server.url}${path}`, {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
    const say = (id: string): Promise<Response> =>
      call('POST', '/support_chat/messages', { content: id.repeat(1_000), client_id: id })
    await call('GET', '/support_chat')
    expect((await say('before')).status).toBe(201)

    // No file of this process may grow any more: what a full disk does, without filling this machine's
    const limit = (bytes: string): unknown => execFileSync('prlimit', ['--pid', String(server.pid), `--fsize=${bytes}`])
    limit(`${statSync(`${file}-wal`).size}:unlimited`)
    const refused = await Promise.all(Array.from({ length: 20 }, (_, n) => say(`during${n}-`)))
    const statuses = refused.map((reply) => reply.status)
    expect(statuses).toContain(503)
    expect(new Set(statuses).size).toBeLessThanOrEqual(2)
    expect((await call('GET', '/support_chat/messages')).status).toBe(200)

    limit('unlimited:unlimited')
    expect((await say('after')).status).toBe(201)
    // Whoever was refused repeats under the same client_id
    for (let n = 0; n < 20; n++) expect((await say(`during${n}-`)).ok).toBe(true)
    const { messages } = (await (await call('GET', '/support_chat/messages?after=0&limit=1000')).json()) as {
      messages: { client_id: string; seq: number }[]
    }
    expect(new Set(messages.map((m) => m.client_id)).size).toBe(22)
    expect(messages.map((m) => m.seq)).toEqual(Array.from({ length: 22 }, (_, i) => i + 1))
    const check = new DatabaseSync(file, { readOnly: true })
    expect(check.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
    check.close()
  })
})

describe('read-only', () => {
  it('is one clear line at the start', async () => {
    const dir = folder()
    const file = join(dir, 'chat.db')
    await (await sqliteStore(file)).close()
    chmodSync(file, 0o444)
    chmodSync(dir, 0o555)
    cleanUps.push(() => chmodSync(dir, 0o755))
    // Root may write everywhere, unless it is without the right to
    const through = process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-dac_override'] : []
    const outcome = await ServerProcess.start({ DATA_DIR: dir, DATABASE_URL: `sqlite:${file}` }, through).then(
      () => 'started',
      (error: Error) => error.message,
    )
    expect(outcome).toMatch(/The database .*chat\.db cannot be opened: attempt to write a readonly database/)
    expect(outcome).not.toContain('at ')
  })
})

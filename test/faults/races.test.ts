// Two servers on one database, each a process of its own, and people who do the same things at the same moment. Replay with
// FAULT_SEED (the order of events is the machine's own); FAULT_RUNS sets how often each race is run.
import { request } from 'node:http'
import { DatabaseSync } from 'node:sqlite'
import fc from 'fast-check'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { AUDIENCE, tokens } from '../../src/server/people/token.ts'
import { pause, SECRET, until } from '../support/desk.ts'
import { MeasuredServer } from '../support/measured-server.ts'
import { chatId, EXT, TestSocket } from '../support/socket.ts'

const RUNS = Number(process.env['FAULT_RUNS'] ?? 300)
const SEED = Number(process.env['FAULT_SEED'] ?? Date.now() % 1_000_000_007)
const TIMEOUT = 300_000 + RUNS * 100

const kit = tokens(SECRET)
const user = (id: string) =>
  kit.sign({ sub: id, email: `${id}@example.com`, name: id }, { audience: AUDIENCE.user, expiresIn: 7200 })

let nodes: [MeasuredServer, MeasuredServer]
let db: DatabaseSync
let sam: string

beforeAll(async () => {
  const first = await MeasuredServer.start({ RATE_LIMIT: 'off' })
  nodes = [first, await MeasuredServer.start({ RATE_LIMIT: 'off', DATABASE_URL: `sqlite:${first.file}` })]
  db = new DatabaseSync(first.file, { readOnly: true, timeout: 5_000 })
  sam = await kit.sign({ sub: 'sam', email: 'sam@desk.example' }, { audience: AUDIENCE.admin, expiresIn: 7200 })
  console.log(`FAULT_SEED=${SEED} FAULT_RUNS=${RUNS}`)
})
afterAll(async () => {
  db.close()
  const errors = nodes.map((node) => node.errors)
  for (const node of nodes.toReversed()) await node.stop()
  expect(errors).toEqual(['', ''])
})

interface Answer {
  status: number
  body: { id?: string; archived?: boolean; seq?: number }
}
async function call(node: MeasuredServer, method: string, path: string, token: string, body?: object): Promise<Answer> {
  const response = await fetch(node.url + path, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as Answer['body'] }
}
const either = (i: number): MeasuredServer => nodes[i % 2 === 0 ? 0 : 1]
const count = (sql: string, ...values: string[]): number => Number(db.prepare(sql).get(...values)?.['n'])
async function person(id: string): Promise<{ token: string; chat: string }> {
  const token = await user(id)
  return { token, chat: (await call(nodes[0], 'GET', '/support_chat', token)).body.id ?? '' }
}
const cable = async (node: MeasuredServer, token: string, chat: string): Promise<TestSocket> => {
  const socket = await TestSocket.open(`${node.wsUrl}/cable?jid=${token}`, [EXT])
  await socket.subscribe(chatId(chat))
  return socket
}

it('the server makes one chat out of 200 parallel first visits', { timeout: TIMEOUT }, async () => {
  for (let round = 0; round < 5; round++) {
    const token = await user(`first-${round}`)
    const visits = Array.from({ length: 200 }, async (_, i) => {
      if (i % 3 === 0)
        return (await call(either(i), 'POST', '/support_chat/messages', token, { content: 'hello' })).status
      if (i % 10 === 1) {
        const socket = await TestSocket.open(`${either(i).wsUrl}/ws/chat?jid=${token}`)
        socket.close()
        return 200
      }
      return (await call(either(i), 'GET', '/support_chat', token)).status
    })
    expect(new Set(await Promise.all(visits))).toEqual(new Set([200, 201]))
    expect(count('SELECT count(*) AS n FROM support_chats WHERE user_id = ?', `first-${round}`)).toBe(1)
    const seqs =
      'SELECT count(*) AS n FROM support_messages m JOIN support_chats c ON c.id = m.chat_id WHERE c.user_id = ?'
    expect(count(seqs, `first-${round}`)).toBe(67)
    expect(count(`${seqs} AND m.seq <= 67`, `first-${round}`)).toBe(67)
  }
})

it('the server leaves a chat as the last of archiving and writing left it', { timeout: TIMEOUT }, async () => {
  const { token, chat } = await person('archived')
  const [mine, theirs] = [await cable(nodes[0], token, chat), await cable(nodes[1], token, chat)]
  const step = fc.record({
    kind: fc.constantFrom('archive', 'send', 'frame', 'reply', 'view'),
    node: fc.nat(1),
    after: fc.nat(6),
  })
  type Step = { kind: string; node: number; after: number }
  const sent = { n: 0 }

  /** Resolves when the database has it */
  async function take({ kind, node, after }: Step): Promise<{ kind: string; begun: number; ended: number }> {
    if (after > 0) await pause(after)
    const at = either(node)
    const begun = performance.now()
    if (kind === 'frame') {
      const client_id = `frame-${sent.n++}`
      const socket = node === 0 ? mine : theirs
      socket.perform(chatId(chat), { action: 'send_message', content: 'a frame', client_id })
      await until(() => socket.events('new_message').some((e) => e.message?.client_id === client_id))
    } else if (kind === 'send') await call(at, 'POST', '/support_chat/messages', token, { content: 'a line' })
    else if (kind === 'reply') await call(at, 'POST', `/admin/chats/${chat}/messages`, sam, { content: 'a reply' })
    else await call(at, 'POST', `/admin/chats/${chat}/${kind === 'view' ? 'mark_viewed' : kind}`, sam)
    return { kind: kind === 'frame' ? 'send' : kind, begun, ended: performance.now() }
  }

  let archivedAtLast = 0
  const property = fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 6 }), async (steps) => {
    for (const socket of [mine, theirs]) socket.frames.length = 0
    await call(nodes[0], 'POST', `/admin/chats/${chat}/unarchive`, sam)
    const done = await Promise.all(steps.map(take))
    const archives = done.filter(({ kind }) => kind === 'archive')
    const sends = done.filter(({ kind }) => kind === 'send')
    const isArchived = count('SELECT archived_at IS NOT NULL AS n FROM support_chats WHERE id = ?', chat) === 1
    if (isArchived) {
      archivedAtLast++
      // Then an archive may have been the last: no message began after every archive had ended
      const last = Math.max(...archives.map(({ ended }) => ended))
      expect(sends.filter(({ begun }) => begun > last)).toEqual([])
    } else {
      // Then a message may have been the last: no archive began after every message had ended
      const last = Math.max(0, ...sends.map(({ ended }) => ended))
      expect(archives.filter(({ begun }) => begun > last)).toEqual([])
    }
    expect((await call(nodes[1], 'POST', '/support_chat/messages', token, { content: 'the last word' })).status).toBe(
      201,
    )
    expect(count('SELECT archived_at IS NOT NULL AS n FROM support_chats WHERE id = ?', chat)).toBe(0)
  })
  await fc.assert(property, { seed: SEED, numRuns: RUNS, endOnFailure: true })
  console.log(`${RUNS} interleavings, archived at the end of ${archivedAtLast}`)
  if (RUNS >= 100) expect(archivedAtLast).toBeGreaterThan(RUNS / 50)
  expect(count('SELECT count(*) - max(seq) AS n FROM support_messages WHERE chat_id = ?', chat)).toBe(0)
  for (const socket of [mine, theirs]) socket.close()
})

it(
  'the server makes one message out of 50 identical sends, by any way, at two nodes',
  { timeout: TIMEOUT },
  async () => {
    const { token, chat } = await person('same')
    const watchers = [await cable(nodes[0], token, chat), await cable(nodes[1], token, chat)]
    const senders = await Promise.all(Array.from({ length: 10 }, (_, i) => cable(either(i), token, chat)))
    for (let round = 0; round < 20; round++) {
      const message = { content: 'once', client_id: `same-${round}` }
      const posts = Array.from({ length: 40 }, (_, i) =>
        call(either(i), 'POST', '/support_chat/messages', token, message),
      )
      for (const socket of senders) socket.perform(chatId(chat), { action: 'send_message', ...message })
      const answers = await Promise.all(posts)
      const heard = (socket: TestSocket, type: string) =>
        socket
          .events(type)
          .filter((e) => e.message?.client_id === message.client_id)
          .map((e) => e.message?.id)
      // Each sender over a socket is told: by the broadcast, or by an ack of its own
      await until(() => senders.every((s) => heard(s, 'new_message').length + heard(s, 'ack').length > 0))
      const ids = new Set([
        ...answers.map(({ body }) => body.id),
        ...[...senders, ...watchers].flatMap((s) => [...heard(s, 'new_message'), ...heard(s, 'ack')]),
      ])
      expect(ids.size).toBe(1)
      expect(answers.filter(({ status }) => status === 201).length).toBeLessThanOrEqual(1)
      expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(39)
      expect(count('SELECT count(*) AS n FROM support_messages WHERE client_id = ?', message.client_id)).toBe(1)
      const broadcasts = watchers.map((socket) => heard(socket, 'new_message').length)
      expect(Math.max(...broadcasts)).toBe(1)
    }
    for (const socket of [...senders, ...watchers]) socket.close()
  },
)

/** Sends it, and hangs up at some point: the sender knows nothing of what became of it */
function sendAndHangUp(node: MeasuredServer, token: string, body: object, after: number): Promise<void> {
  return new Promise((resolve) => {
    const outgoing = request(`${node.url}/support_chat/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      agent: false,
    })
    const hangUp = () => {
      outgoing.destroy()
      resolve()
    }
    outgoing.on('error', () => resolve())
    // The answer is there, and is not read
    outgoing.on('response', hangUp)
    outgoing.end(JSON.stringify(body), () => setTimeout(hangUp, after))
  })
}

it('the server makes one message of a send whose answer was lost and its retry', { timeout: TIMEOUT }, async () => {
  const { token, chat } = await person('retry')
  let first = 0
  for (let at = 0; at < RUNS; at += 20) {
    const some = Array.from({ length: Math.min(20, RUNS - at) }, async (_, i) => {
      const n = at + i
      const message = { content: `number ${n}`, client_id: `retry-${n}` }
      await sendAndHangUp(either(n), token, message, n % 7)
      const again = await call(either(n + (n % 3 === 0 ? 0 : 1)), 'POST', '/support_chat/messages', token, message)
      if (again.status === 200) first++
      expect([200, 201]).toContain(again.status)
      const third = await call(either(n), 'POST', '/support_chat/messages', token, message)
      expect([third.status, third.body.id]).toEqual([200, again.body.id])
      const other = await call(either(n), 'POST', '/support_chat/messages', token, { ...message, content: 'another' })
      expect(other.status).toBe(409)
    })
    await Promise.all(some)
  }
  console.log(`${RUNS} retries, ${first} of them after the first had arrived`)
  const rows = count("SELECT count(*) AS n FROM support_messages WHERE chat_id = ? AND client_id LIKE 'retry-%'", chat)
  expect(rows).toBe(RUNS)
  expect(count('SELECT max(seq) AS n FROM support_messages WHERE chat_id = ?', chat)).toBe(RUNS)
})

// Nodes that answer by themselves, killed at any moment: no message gets two answers, and none that nobody overtook stays without.
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { sqliteStore, type Store } from '../../src/entries/node.ts'
import { pause, until } from '../support/desk.ts'
import { NODE } from '../support/node.ts'

const ROUNDS = Math.ceil(Number(process.env['FAULT_RUNS'] ?? 200) / 50)
const CHATS = 8
const SRC = join(import.meta.dirname, '../../src')

const ends: (() => unknown)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** Its time passes twenty times as fast, so that the claims of the dead end soon */
async function startNode(file: string): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, '../support/answering-node.ts'), {
    execPath: NODE,
    execArgv: ['--import', join(SRC, 'testing/fast-time.ts')],
    env: { ...process.env, FILE: file, TIME_SPEED: '20', TIME_ANCHOR: String(ANCHOR) },
  })
  ends.push(() => child.kill('SIGKILL'))
  await once(child, 'message')
  return child
}
const ANCHOR = Date.now()

async function write(store: Store, chat: string, user: string): Promise<void> {
  const at = new Date().toISOString()
  const [outcome] = await store.appendMessages([
    {
      id: crypto.randomUUID(),
      chat_id: chat,
      content: 'Hello',
      sender_type: 'user',
      sender_id: user,
      sender_name: null,
      client_id: null,
      created_at: at,
      notify_at: null,
      answer_at: at,
    },
  ])
  expect(outcome?.kind).toBe('stored')
}

it(`${ROUNDS} kills of two nodes that answer ${CHATS} chats leave each message with one answer at most`, async () => {
  const dir = mkdtempSync(join(tmpdir(), 'deskbell-faults-'))
  ends.push(() => rmSync(dir, { recursive: true, force: true }))
  const file = join(dir, 'chat.db')
  const store = await sqliteStore(file)
  ends.push(() => store.close())
  const chats: { id: string; user: string }[] = []
  for (let n = 0; n < CHATS; n++) {
    const user = `u${n}`
    const at = new Date().toISOString()
    await store.savePeople([{ id: user, email: '', name: null }], at)
    chats.push({ user, id: (await store.openChat(user, crypto.randomUUID(), at)).id })
  }
  const automated = async (id: string): Promise<boolean[]> =>
    (await store.messages(id, { after: 0, limit: 1_000 })).messages.map((message) => message.automated === true)

  const nodes = [await startNode(file), await startNode(file)]
  for (let round = 0; round < ROUNDS; round++) {
    for (const { id, user } of chats) if (Math.random() < 0.7) await write(store, id, user)
    await pause(200 * Math.random())
    const victim = nodes[round % 2]
    victim?.kill('SIGKILL')
    if (victim) await once(victim, 'exit')
    nodes[round % 2] = await startNode(file)
  }
  for (const { id, user } of chats) await write(store, id, user)
  await until(async () => (await store.nextAnswer()) === undefined)
  for (const { id } of chats) {
    const answers = await automated(id)
    expect(answers.at(-1)).toBe(true)
    // Each right behind the message that it answers
    answers.forEach((isAnswer, i) =>
      expect(isAnswer && answers[i - 1] !== false, `${i} of ${answers.join()}`).toBe(false),
    )
  }
}, 240_000)

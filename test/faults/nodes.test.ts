// Several nodes on one database, with a bus that does its worst between them: everybody sees every message once and in order,
// receipts, archive and presence get through, and what was lost on the bus is found in the database.
import './model/fast.ts'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { sqliteStore } from '../../src/entries/node.ts'
import type { SupportChatListItem } from '../../src/protocol/types.ts'
import { LossyBus } from '../../src/testing/lossy-bus.ts'
import { startDesk, until, type Desk } from '../support/desk.ts'
import { ADMIN, chatId, EXT, TestSocket, V1 } from '../support/socket.ts'

/** Of the fast clock's milliseconds */
const SOON = 250_000

let dir: string
let bus: LossyBus
let nodes: Desk[]
const sockets: TestSocket[] = []
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'deskbell-nodes-'))
  bus = new LossyBus()
  nodes = []
  for (let n = 0; n < 3; n++) {
    const store = await sqliteStore(join(dir, 'chat.db'))
    nodes.push(await startDesk({ store, bus: bus.node(), rateLimit: null }))
  }
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.close()
  for (const node of nodes) expect(node.errors).toEqual([])
  await Promise.all(nodes.map((node) => node.stop()))
  await Promise.all(nodes.map((node) => node.store.close().catch(() => undefined)))
  rmSync(dir, { recursive: true, force: true })
})

const node = (n: number): Desk => nodes[n] as Desk

async function listen(n: number, token: string, identifier: string, protocol = V1): Promise<TestSocket> {
  const socket = await TestSocket.open(`${node(n).wsUrl}/cable?jid=${token}`, [protocol])
  sockets.push(socket)
  await socket.subscribe(identifier)
  return socket
}
async function ada(): Promise<{ token: string; chat: string; staff: string }> {
  const token = await node(0).user('ada', 86_400)
  const { body } = await node(0).call<{ id: string }>('GET', '/support_chat', token)
  return { token, chat: body.id, staff: await node(0).admin('sam', 86_400) }
}
const seqs = (socket: TestSocket) => socket.events('new_message').map((event) => event.message?.seq)
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1)

describe.each([
  ['in order', { lose: 0, double: 0, delay: 0 }],
  ['twice, late and in any order', { lose: 0, double: 0.5, delay: 3_000 }],
  ['half of the time', { lose: 0.5, double: 0.2, delay: 1_000 }],
])('a node with hints that arrive %s', (_name, faults) => {
  beforeEach(() => (bus.faults = faults))

  it('lets writers on all nodes be seen on all nodes, once and in order', async () => {
    const { token, chat, staff } = await ada()
    const listeners = await Promise.all(
      [0, 1, 2].map((n) => listen(n, n === 1 ? staff : token, chatId(chat), n === 2 ? EXT : V1)),
    )
    const each = 60
    await Promise.all(
      nodes.flatMap((one, n) =>
        ['a', 'b'].map(async (writer) => {
          for (let i = 0; i < each; i++) {
            const body = { content: `${n}${writer}${i}`, client_id: `${n}${writer}${i}` }
            expect((await one.call('POST', '/support_chat/messages', token, body)).status).toBe(201)
          }
        }),
      ),
    )
    const all = upTo(nodes.length * 2 * each)
    for (const listener of listeners) {
      await until(() => listener.events('new_message').length >= all.length, SOON)
      expect(seqs(listener)).toEqual(all)
    }
  })

  it('carries receipts, the archive and the staff’s list', async () => {
    const { token, chat, staff } = await ada()
    const user = await listen(0, token, chatId(chat))
    const admin = await listen(1, staff, chatId(chat))
    const list = await listen(2, staff, ADMIN)
    const row = (): SupportChatListItem | undefined =>
      list.events('chat_updated').at(-1)?.['chat'] as SupportChatListItem
    await node(0).call('POST', '/support_chat/messages', token, { content: 'hello' })
    await until(() => row()?.unread === true, SOON)
    await node(1).call('POST', `/admin/chats/${chat}/mark_viewed`, staff, { up_to_seq: 1 })
    await until(() => user.events('messages_read').find((e) => e['reader'] === 'admin' && e['up_to_seq'] === 1), SOON)
    await until(() => row()?.unread === false, SOON)
    await node(2).call('POST', `/admin/chats/${chat}/archive`, staff)
    await until(() => admin.events('chat_updated').at(-1)?.['archived'] === true, SOON)
    await until(() => row()?.archived === true, SOON)
    await node(0).call('POST', '/support_chat/messages', token, { content: 'again' })
    await until(() => admin.events('chat_updated').at(-1)?.['archived'] === false, SOON)
    await until(() => row()?.archived === false && row()?.message_count === 2, SOON)
  })

  it('tells staff of each user message, once and in order', async () => {
    const { token, chat, staff } = await ada()
    const list = await listen(2, staff, ADMIN)
    // What was said before a node first heard of a chat is told by its row alone
    for (let i = 0; i < 20; i++) {
      await node(i % 3).call('POST', '/support_chat/messages', token, { content: `m${i}` })
    }
    const heard = () => list.events('new_user_message').map((e) => e.message?.seq ?? 0)
    await until(() => heard().at(-1) === 20, SOON)
    expect(heard()).toEqual(upTo(20).slice(-heard().length))
    if (bus.faults.delay === 0) expect(heard()).toHaveLength(20)
    expect(new Set(list.events('new_user_message').map((e) => e['chat_id']))).toEqual(new Set([chat]))
  })

  it('says who is there, and who no longer is', async () => {
    const { token, chat, staff } = await ada()
    const admin = await listen(1, staff, chatId(chat))
    const user = await listen(0, token, chatId(chat))
    const last = (socket: TestSocket) => socket.events('presence').at(-1)
    await until(() => last(admin)?.['user_online'] === true, SOON)
    await until(() => last(user)?.['admins_online'] === 1, SOON)
    user.close()
    await until(() => last(admin)?.['user_online'] === false, SOON)
  })
})

it('a node carries typing, which nobody misses when it is lost', async () => {
  const { token, chat, staff } = await ada()
  const user = await listen(0, token, chatId(chat))
  const admin = await listen(1, staff, chatId(chat))
  user.perform(chatId(chat), { action: 'typing', typing: true })
  await until(() => admin.events('typing').length === 1, SOON)
  expect(user.events('typing')).toEqual([])
})

it.each([true, false])('a node finds what was lost while the bus was away (it says so: %s)', async (says) => {
  const { token, chat, staff } = await ada()
  const admin = await listen(1, staff, chatId(chat))
  const list = await listen(1, staff, ADMIN)
  bus.goAway()
  for (let i = 0; i < 5; i++) await node(0).call('POST', '/support_chat/messages', token, { content: `m${i}` })
  bus.comeBack(!says)
  await until(() => admin.events('new_message').length === 5, SOON)
  expect(seqs(admin)).toEqual(upTo(5))
  await until(
    () => (list.events('chat_updated').at(-1)?.['chat'] as SupportChatListItem | undefined)?.message_count === 5,
    SOON,
  )
})

it('tells staff of messages whose hints were lost, though their row was sent for another reason', async () => {
  const { token, chat, staff } = await ada()
  const list = await listen(1, staff, ADMIN)
  const heard = () => list.events('new_user_message').map((e) => e.message?.seq)
  const row = () => list.events('chat_updated').at(-1)?.['chat'] as SupportChatListItem | undefined
  const say = (n: number, content: string) => node(n).call('POST', '/support_chat/messages', token, { content })
  await say(1, 'one')
  bus.comeBack()
  await until(() => row()?.unread === true, SOON)
  bus.goAway()
  await say(0, 'two')
  await say(0, 'three')
  await node(1).call('POST', `/admin/chats/${chat}/mark_viewed`, staff, { up_to_seq: 3 })
  await until(() => row()?.message_count === 3, SOON)
  bus.comeBack()
  await until(() => heard().length === 3, SOON)
  expect(heard()).toEqual([1, 2, 3])
})

// A person's right to be erased and to have a copy: everything of theirs, on every node, and nothing of anybody else's.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { MemoryExchange } from '../../src/buses/memory.ts'
import { sqliteStore, type SupportMessage } from '../../src/entries/node.ts'
import { erasePerson } from '../../src/server/people/erase.ts'
import { SkippingClock } from '../../src/testing/skipping-clock.ts'
import { startDesk, until, type Desk } from '../support/desk.ts'
import { ADMIN, chatId, EXT, TestSocket, V1 } from '../support/socket.ts'

/** Within which every node knows of a revocation (s) */
const SOON = 5

let here: Desk
let there: Desk
let clocks: SkippingClock[]
beforeEach(async () => {
  clocks = [new SkippingClock(), new SkippingClock()]
  here = await startDesk({ clock: clocks[0]!, fullTextSearch: true })
  there = await startDesk({ clock: clocks[1]!, fullTextSearch: true }, here.file)
})
afterEach(async () => {
  expect([...here.errors, ...there.errors]).toEqual([])
  await there.stop()
  await here.stop()
})

const cable = (desk: Desk, token: string, protocol = V1) =>
  TestSocket.open(`${desk.wsUrl}/cable?jid=${token}`, [protocol])
const say = async (desk: Desk, token: string, content: string): Promise<void> => {
  expect((await desk.call('POST', '/support_chat/messages', token, { content })).status).toBe(201)
}
const reply = (desk: Desk, chat: string, content: string, sam: string) =>
  desk.call('POST', `/admin/chats/${chat}/messages`, sam, { content })
const learn = async (): Promise<void> => {
  for (let second = 0; second < SOON; second++) for (const clock of clocks) await clock.skip(1_000)
}

async function conversation() {
  const { token, chatId: chat } = await here.person('ada')
  const sam = await here.admin()
  await say(here, token, 'My invoice is wrong')
  await reply(here, chat, 'Let me look', sam)
  return { token, chat, sam }
}

/** Staff with the list and the chat on the screen */
async function watching(desk: Desk, sam: string, chat: string, protocol = V1): Promise<TestSocket> {
  const socket = await cable(desk, sam, protocol)
  await socket.subscribe(ADMIN)
  await socket.subscribe(chatId(chat))
  return socket
}

describe('a person who is erased', () => {
  it('is gone from every table and route, and others are not', async () => {
    const { token, chat, sam } = await conversation()
    const { token: bob, chatId: other } = await here.person('bob')
    await say(here, bob, 'My invoice too')
    const found = async () =>
      (await here.call<{ found: { chat_id: string }[] }>('GET', '/admin/messages?q=invoice', sam)).body.found.map(
        (row) => row.chat_id,
      )
    expect(await found()).toEqual([other, chat])

    expect(await here.deskbell.erasePerson('ada')).toEqual({ chat_id: chat, messages: 2 })
    expect(await here.store.personalData('ada')).toBeUndefined()
    expect(await found()).toEqual([other])
    expect((await here.call('GET', `/admin/chats/${chat}`, sam)).status).toBe(404)
    expect((await here.call<{ id: string }[]>('GET', '/admin/chats', sam)).body.map((row) => row.id)).toEqual([other])
    expect(await here.call('GET', '/support_chat', token)).toMatchObject({
      status: 401,
      body: { code: 'token_revoked' },
    })
    expect(await here.deskbell.erasePerson('ada')).toBeUndefined()
    expect(await here.deskbell.exportPerson('ada')).toBeUndefined()
  })

  it('is a new person with an empty chat when they come back', async () => {
    const { chat } = await conversation()
    await here.deskbell.erasePerson('ada')
    const { chatId: again } = await here.person('ada')
    expect(again).not.toBe(chat)
    expect(await here.store.messages(again, { after: 0, limit: 9 })).toEqual({ messages: [], has_more: false })
  })

  it('is told and disconnected, and staff see the chat vanish, on the node that erases and on the others', async () => {
    const { token, chat, sam } = await conversation()
    const mine = await Promise.all([cable(here, token), cable(there, token, EXT)])
    const staff = await Promise.all([watching(here, sam, chat), watching(there, sam, chat, EXT)])
    await here.deskbell.erasePerson('ada')
    await learn()
    for (const socket of mine) expect((await socket.end()).reason).toBe('unauthorized')
    for (const socket of staff) {
      expect(await socket.event('chat_erased')).toEqual({ type: 'chat_erased', chat_id: chat })
      await socket.frame((f) => f.type === 'reject_subscription' && f.identifier === chatId(chat))
      // What they had half written is refused
      socket.perform(chatId(chat), { action: 'send_message', content: 'Hello?' })
      socket.close()
    }
  })

  it('is seen to vanish when another program erased them', async () => {
    const { chat, sam } = await conversation()
    const staff = await watching(there, sam, chat)
    const store = await sqliteStore(here.file)
    const revoke = (subject: string) => store.revoke({ subject, revoked_at: new Date().toISOString() })
    expect(await erasePerson(store, revoke, 'ada')).toEqual({ chat_id: chat, messages: 2 })
    await store.close()
    await learn()
    expect(await staff.event('chat_erased')).toEqual({ type: 'chat_erased', chat_id: chat })
    await staff.frame((f) => f.type === 'reject_subscription')
    staff.close()
  })

  it('does not come back by a page that was open, also where the revocation is not known yet', async () => {
    const { token, chat } = await conversation()
    await here.deskbell.erasePerson('ada')
    expect(await there.call('GET', '/support_chat', token)).toMatchObject({
      status: 401,
      body: { code: 'token_revoked' },
    })
    expect(await there.call('POST', '/support_chat/messages', token, { content: 'x' })).toMatchObject({ status: 401 })
    expect(await here.store.findPerson('ada')).toBeUndefined()
    expect(await here.store.findChat(chat)).toBeUndefined()
  })

  it('gets no mail that was waiting', async () => {
    const { chat, sam } = await conversation()
    const { token: bob, chatId: other } = await here.person('bob')
    await say(here, bob, 'Hi')
    await reply(here, other, 'Hello', sam)
    await here.deskbell.erasePerson('ada')
    for (let minute = 0; minute < 6; minute++) await clocks[0]!.skip(60_000)
    await until(() => here.mails.length + there.mails.length > 0)
    expect(here.mails.map(({ to }) => to.address)).toEqual(['bob@example.com'])
    expect(chat).not.toBe(other)
  })

  it('keeps no message half: what they send at that moment is erased too, or refused', async () => {
    const { token, chat } = await conversation()
    const socket = await cable(here, token)
    await socket.subscribe(chatId(chat))
    const erasing = here.deskbell.erasePerson('ada')
    for (let n = 0; n < 20; n++)
      socket.perform(chatId(chat), { action: 'send_message', content: `m${n}`, client_id: `c${n}` })
    await erasing
    await socket.end()
    await here.restart()
    expect(await here.store.findPerson('ada')).toBeUndefined()
    expect(await here.store.messages(chat, { after: 0, limit: 9 })).toEqual({ messages: [], has_more: false })
  })

  it('leaves nothing behind for an id that nobody has', async () => {
    expect(await here.deskbell.erasePerson('nobody')).toBeUndefined()
    expect(await here.store.revocationsSince('')).toEqual([])
  })
})

it('with a bus, the other nodes know at once', async () => {
  const exchange = new MemoryExchange()
  const one = await startDesk({ bus: exchange.bus() })
  const two = await startDesk({ bus: exchange.bus() }, one.file)
  const { token, chatId: chat } = await one.person('ada')
  await say(one, token, 'Hi')
  const sam = await one.admin()
  const staff = await watching(two, sam, chat)
  await one.deskbell.erasePerson('ada')
  await staff.event('chat_erased')
  await staff.frame((f) => f.type === 'reject_subscription')
  staff.close()
  await two.stop()
  await one.stop()
})

describe('a copy', () => {
  it('has all that is stored about a person, and nothing of the desk’s own', async () => {
    const { chat, sam } = await conversation()
    for (let n = 0; n < 450; n++) await here.store.appendMessages([messageOf(chat, n)])
    await here.call('POST', `/admin/chats/${chat}/archive`, sam)
    const stream = await here.deskbell.exportPerson('ada')
    const copy = (await new Response(stream).json()) as Record<string, never> & { messages: SupportMessage[] }
    expect(copy).toMatchObject({
      exported_at: expect.stringMatching(/^\d{4}-.*Z$/) as string,
      user: { id: 'ada', email: 'ada@example.com', name: 'User ada', unsubscribed_at: null },
      chat: { id: chat, message_count: 452 },
      mails: [],
    })
    expect(copy.messages.map(({ seq }) => seq)).toEqual(Array.from({ length: 452 }, (_, n) => n + 1))
    expect(copy.messages[1]).toMatchObject({ content: 'Let me look', sender_name: 'Sam', sender_type: 'admin' })
    // Who of staff it was, by their id or address, is not for the person
    expect(JSON.stringify(copy)).not.toMatch(/"sam"|desk\.example|archived/)
  })

  it('is read as it is taken', async () => {
    const { chat } = await conversation()
    await here.store.appendMessages(Array.from({ length: 900 }, (_, n) => messageOf(chat, n)))
    let reads = 0
    const counted = {
      ...here.store,
      messages: (...args: Parameters<Desk['store']['messages']>) => {
        reads++
        return here.store.messages(...args)
      },
    }
    const desk = await startDesk({ store: counted }, here.file)
    const reader = (await desk.deskbell.exportPerson('ada'))?.getReader()
    await reader?.read()
    await reader?.read()
    expect(reads).toBeLessThan(4)
    await reader?.cancel()
    await desk.stop()
  })
})

const messageOf = (chat_id: string, n: number) => ({
  id: crypto.randomUUID(),
  chat_id,
  content: `m${n}`,
  sender_type: 'user' as const,
  sender_id: 'ada',
  sender_name: null,
  client_id: null,
  created_at: new Date().toISOString(),
  notify_at: null,
})

// Staff block a person: nothing that the person sends is taken in, whatever way it comes, until it is undone.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ActivityPage } from '../../src/protocol/activity.ts'
import type { AdminSupportChat, BlockedUser, SupportChatListItem } from '../../src/protocol/types.ts'
import { replyAddresses } from '../../src/server/mail-replies/reply-address.ts'
import { SECRET, startDesk, until, type Desk } from '../support/desk.ts'
import { chatId, EXT, TestSocket } from '../support/socket.ts'

const mailReplies = { domain: 'reply.acme.example', secret: 'only the mail server knows' }

let desk: Desk
let ada: string
let sam: string
let id: string
beforeEach(async () => {
  desk = await startDesk({ mailReplies, visitors: {} })
  sam = await desk.admin()
  const person = await desk.person('ada')
  ada = person.token
  id = person.chatId
  await desk.call('POST', '/support_chat/messages', ada, { content: 'Hello', client_id: 'first' })
})
afterEach(() => desk.stop())

const set = (what: 'block' | 'unblock', user = 'ada', by = sam) =>
  desk.call<BlockedUser>('POST', `/admin/users/${encodeURIComponent(user)}/${what}`, by)
const say = (content = 'More', by = ada) => desk.call('POST', '/support_chat/messages', by, { content })
const open = (token: string) => TestSocket.open(`${desk.wsUrl}/cable?jid=${token}`, [EXT])
const refusal = { status: 403, body: { code: 'blocked', title: 'You can no longer write here' } }
const stored = async () => (await desk.store.messages(id, { after: 0, limit: 99 })).messages.map((m) => m.content)

describe('A person whom staff have blocked', () => {
  it('is told so for what they send, can read, and is heard again once it is undone', async () => {
    const blocked = await set('block')
    expect(blocked).toMatchObject({ status: 200, body: { id: 'ada', chat_id: id } })
    expect(blocked.body.blocked_at).toMatch(/^20/)
    expect(await say()).toMatchObject(refusal)
    // Its answer was lost before
    const again = await desk.call('POST', '/support_chat/messages', ada, { content: 'Hello', client_id: 'first' })
    expect(again.status).toBe(200)
    expect(await stored()).toEqual(['Hello'])
    expect((await desk.call('GET', '/support_chat', ada)).status).toBe(200)
    expect((await desk.call('PATCH', '/support_chat/mark_read', ada, {})).status).toBe(200)
    await desk.call('POST', `/admin/chats/${id}/messages`, sam, { content: 'A reply' })

    expect((await set('unblock')).body).toEqual({ id: 'ada', chat_id: id, blocked_at: null })
    expect((await say()).status).toBe(201)
    expect(await stored()).toEqual(['Hello', 'A reply', 'More'])
  })

  it('uploads, types, rates and says nothing', async () => {
    await desk.call('POST', `/admin/chats/${id}/archive`, sam)
    expect((await desk.call('GET', '/support_chat/rating', ada)).body['about']).not.toBeNull()
    await set('block')
    const file = { 'content-type': 'application/octet-stream' }
    expect(await desk.call('POST', '/support_chat/attachments', ada, 'bytes', file)).toMatchObject(refusal)
    expect(await desk.call('POST', '/support_chat/typing', ada, { typing: true })).toMatchObject(refusal)
    expect(await desk.call('POST', '/support_chat/rating', ada, { score: 1, comment: 'rude' })).toMatchObject(refusal)
    expect((await desk.call('GET', '/support_chat/rating', ada)).body['about']).toBeNull()

    const visitor = `dbv_${'v'.repeat(43)}`
    await say('Hi', visitor)
    const [row] = (await desk.call<SupportChatListItem[]>('GET', '/admin/chats', sam)).body
    await set('block', row?.user_id)
    expect(await desk.call('POST', '/support_chat/contact', visitor, { name: 'rude' })).toMatchObject(refusal)
    expect(await say('Hi', visitor)).toMatchObject(refusal)
  })

  it('is refused on a socket that was open before, and their typing is shown to nobody', async () => {
    const [theirs, staff] = [await open(ada), await open(sam)]
    for (const socket of [theirs, staff]) await socket.subscribe(chatId(id))
    const type = () => theirs.perform(chatId(id), { action: 'typing', typing: true })
    await set('block')
    theirs.perform(chatId(id), { action: 'send_message', content: 'More', client_id: 'x' })
    expect(await theirs.event('nack')).toMatchObject({ client_id: 'x', code: 'blocked' })
    type()
    await theirs.fence()
    await set('unblock')
    theirs.perform(chatId(id), { action: 'send_message', content: 'Again', client_id: 'y' })
    await staff.event('new_message')
    expect(staff.events('typing')).toEqual([])
    type()
    await staff.event('typing')
    for (const socket of [theirs, staff]) socket.close()
  })

  it('gets an answer to a mail that says so, once, and nothing of it joins the chat', async () => {
    await set('block')
    const reply = await replyAddresses(mailReplies.domain, [SECRET]).of({ id, user_id: 'ada' })
    const mail = ['From: ada@example.com', `To: ${reply}`, 'Subject: Hello', 'Message-ID: <1@x.example>', '', 'More']
    const headers = { 'content-type': 'message/rfc822', authorization: `Bearer ${mailReplies.secret}` }
    for (let times = 0; times < 2; times++)
      await fetch(`${desk.url}/mail/inbound`, { method: 'POST', headers, body: mail.join('\r\n') })
    expect(await stored()).toEqual(['Hello'])
    await until(() => desk.mails.length > 0)
    expect(desk.mails).toHaveLength(1)
    expect(desk.mails[0]?.text).toContain('you can no longer write to us here')
    expect(desk.mails[0]?.text).not.toContain('Please write to us in the chat')
  })

  it('is refused also where the host sends for them, and blocked by the host', async () => {
    const { chats } = desk.deskbell
    expect([await chats.block('ada'), await chats.block('ada')]).toEqual([true, false])
    await expect(chats.send({ userId: 'ada', as: 'user', content: 'More' })).rejects.toMatchObject({ code: 'blocked' })
    await chats.send({ userId: 'ada', as: { id: 'anna' }, content: 'From us' })
    expect((await chats.get('ada'))?.blocked_at).toMatch(/^20/)
    expect([await chats.unblock('ada'), await chats.unblock('ada')]).toEqual([true, false])
    await expect(chats.block('nobody')).rejects.toMatchObject({ code: 'not_found' })
  })
})

it('Staff see who blocked whom, in the chat, its activity and the list, and no customer does', async () => {
  const listening = await open(sam)
  await listening.subscribe(JSON.stringify({ channel: 'ChatActivityChannel', chat_id: id }))
  await set('block')
  expect(await listening.event('new_activity')).toMatchObject({ activity: { kind: 'blocked', actor_id: 'sam' } })
  listening.close()
  await set('block')
  const chat = (await desk.call<AdminSupportChat>('GET', `/admin/chats/${id}`, sam)).body
  const [row] = (await desk.call<SupportChatListItem[]>('GET', '/admin/chats', sam)).body
  expect([chat.blocked_at, row?.blocked_at]).toEqual([expect.stringMatching(/^20/), chat.blocked_at])
  await set('unblock')
  const { body } = await desk.call<ActivityPage>('GET', `/admin/chats/${id}/activity`, sam)
  expect(body.activities.map(({ kind }) => kind)).toEqual(['blocked', 'unblocked'])
  await set('block')
  expect((await desk.call('GET', '/support_chat', ada)).text).not.toContain('blocked')
})

it('Only staff block, whatever the id looks like', async () => {
  expect((await set('block', 'ada', ada)).status).toBe(403)
  expect((await set('unblock', 'ada', ada)).status).toBe(403)
  for (const odd of ['a/b', 'ünï %41 ?#', '👋', 'x'.repeat(200)]) {
    await desk.person(odd)
    expect((await set('block', odd)).body.id).toBe(odd)
  }
  for (const none of ['nobody', 'a\0b', 'x'.repeat(500)]) expect((await set('block', none)).status, none).toBe(404)
})

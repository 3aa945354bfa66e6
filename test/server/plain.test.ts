// The seed's React and Vue sections, run as they stand: plain JSON on ws/chat.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startDesk, until, type Desk } from '../support/desk.ts'
import { refusal, TestSocket, type AnyFrame } from '../support/socket.ts'

let desk: Desk
let sam: string
let ada: { token: string; chatId: string }
beforeAll(async () => {
  desk = await startDesk()
  sam = await desk.admin()
  ada = await desk.person('ada')
})
afterAll(() => desk.stop())

const open = (query: string, token = ada.token) => TestSocket.open(`${desk.wsUrl}/ws/chat?${query}&jid=${token}`)
/** Bare events: the type is on the frame itself */
const texts = (socket: TestSocket) =>
  socket.frames.flatMap((f) =>
    f.type === 'new_message' ? [(f.message as unknown as { content: string }).content] : [],
  )
const of = (socket: TestSocket, type: string) => until(() => socket.frames.find((f: AnyFrame) => f.type === type))

describe('ws/chat', () => {
  it.each(['chat_id', 'id'])('is a subscription by ?%s=, both ways', async (name) => {
    const user = await open(`${name}=${ada.chatId}`)
    const admin = await open(`${name}=${ada.chatId}`, sam)
    expect(user.ws.protocol).toBe('')
    user.send({ action: 'send_message', content: `from ada by ${name}` })
    await until(() => texts(admin).includes(`from ada by ${name}`))
    admin.send({ action: 'send_message', content: `from sam by ${name}` })
    await until(() => texts(user).includes(`from sam by ${name}`))
    expect(texts(user)).toEqual([`from ada by ${name}`, `from sam by ${name}`])
    const frame = await of(user, 'new_message')
    expect(Object.keys(frame)).toEqual(['type', 'message'])
    user.close()
    admin.close()
  })

  it('is the own chat of a user who names none', async () => {
    const user = await open('')
    user.send({ action: 'send_message', content: 'no id' })
    await until(() => texts(user).includes('no id'))
    expect((await desk.store.messages(ada.chatId, { before: 1e9, limit: 1 })).messages[0]?.content).toBe('no id')
    user.close()
  })

  it('replays what came after ?after= first', async () => {
    const { token, chatId } = await desk.person('replay')
    for (const content of ['a', 'b', 'c']) await desk.call('POST', '/support_chat/messages', token, { content })
    const socket = await open(`chat_id=${chatId}&after=1`, token)
    await until(() => texts(socket).length === 2)
    socket.send({ action: 'send_message', content: 'd' })
    await until(() => texts(socket).length === 3)
    expect(texts(socket)).toEqual(['b', 'c', 'd'])
    const fresh = await open(`chat_id=${chatId}`, token)
    socket.send({ action: 'send_message', content: 'e' })
    await until(() => texts(fresh).length > 0)
    expect(texts(fresh)).toEqual(['e'])
    socket.close()
    fresh.close()
  })

  it('acks a repeated client_id, nacks what it cannot take, and ignores an empty form', async () => {
    const user = await open(`chat_id=${ada.chatId}`)
    for (let i = 0; i < 2; i++) user.send({ action: 'send_message', content: 'twice', client_id: 'p1' })
    expect(await of(user, 'ack')).toMatchObject({ client_id: 'p1' })
    expect(texts(user)).toEqual(['twice'])
    user.send({ action: 'send_message', content: '  ' })
    user.send({ action: 'send_message', content: 'x'.repeat(10_001), client_id: 'p2' })
    expect(await of(user, 'nack')).toMatchObject({ client_id: 'p2', code: 'too_long' })
    expect(user.frames.filter((f) => f.type === 'nack')).toHaveLength(1)
    user.close()
  })

  it('carries typing, read marks and presence', async () => {
    const [user, admin] = [await open(`chat_id=${ada.chatId}`), await open(`chat_id=${ada.chatId}`, sam)]
    expect(await of(user, 'presence')).toMatchObject({ user_online: true, admins_online: 1 })
    admin.send({ action: 'typing', typing: true })
    expect(await of(user, 'typing')).toEqual({ type: 'typing', sender_type: 'admin', name: 'Sam', typing: true })
    admin.send({ action: 'mark_viewed' })
    expect(await of(user, 'messages_read')).toMatchObject({ reader: 'admin' })
    user.close()
    admin.close()
  })

  it('answers a stranger 403 before the upgrade, whether the chat exists or not', async () => {
    const bob = await desk.user('bob')
    const of = (id: string) => refusal(`${desk.wsUrl}/ws/chat?chat_id=${id}&jid=${bob}`)
    const foreign = await of(ada.chatId)
    const ghost = await of('01950000-0000-7000-8000-000000000000')
    expect(foreign.status).toBe(403)
    expect(foreign).toEqual(ghost)
    expect(await of('nonsense')).toEqual(ghost)
  })

  it('closes with a reason on a restart', async () => {
    const own = await startDesk()
    const { token, chatId } = await own.person('ada')
    const socket = await TestSocket.open(`${own.wsUrl}/ws/chat?chat_id=${chatId}&jid=${token}`)
    await own.stop()
    expect(await socket.end()).toEqual({ code: 1001, reason: 'server_restart' })
  })
})

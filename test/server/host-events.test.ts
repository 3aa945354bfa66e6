// The host's listeners, on a real server.
import { afterEach, describe, expect, it } from 'vitest'
import type { ChatEvent } from '../../src/entries/node.ts'
import { startDesk, type Desk } from '../support/desk.ts'

let desk: Desk | undefined
afterEach(async () => {
  await desk?.stop()
  desk = undefined
})

describe('deskbell.on', () => {
  it('reports each commit of a chat once, after it is in the database', async () => {
    const events: ChatEvent[] = []
    const stored: Promise<boolean>[] = []
    const { deskbell, store } = (desk = await startDesk())
    const types = ['message', 'read', 'archived', 'unarchived'] as const
    for (const type of types) deskbell.on(type, (event) => void events.push(event))
    deskbell.on('message', ({ chat, message: { seq } }) => {
      stored.push(store.findChat(chat.id).then((found) => (found?.last_seq ?? 0) >= seq))
    })
    const { token, chatId } = await desk.person('ada')
    const staff = await desk.admin()
    const send = (content: string, client_id: string) =>
      desk?.call('POST', '/support_chat/messages', token, { content, client_id })
    await send('Hello', 'a')
    await send('Hello', 'a')
    await desk.call('POST', `/admin/chats/${chatId}/mark_viewed`, staff)
    await desk.call('POST', `/admin/chats/${chatId}/mark_viewed`, staff)
    await desk.call('POST', `/admin/chats/${chatId}/archive`, staff)
    await desk.call('POST', `/admin/chats/${chatId}/archive`, staff)
    await send('One more thing', 'b')
    await desk.call('POST', `/admin/chats/${chatId}/messages`, staff, { content: 'Yes?' })
    await desk.call('PATCH', '/support_chat/mark_read', token)
    await desk.call('POST', `/admin/chats/${chatId}/archive`, staff)
    await desk.call('POST', `/admin/chats/${chatId}/unarchive`, staff)

    const chat = { id: chatId, user_id: 'ada', user_email: 'ada@example.com' }
    const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string
    const message = (seq: number, content: string) => ({
      type: 'message',
      chat,
      message: expect.objectContaining({ seq, content }) as unknown,
    })
    expect(events).toEqual([
      message(1, 'Hello'),
      { type: 'read', chat, reader: 'admin', up_to_seq: 1, read_at: time },
      { type: 'archived', chat, at: time },
      message(2, 'One more thing'),
      { type: 'unarchived', chat, at: time },
      message(3, 'Yes?'),
      { type: 'read', chat, reader: 'user', up_to_seq: 3, read_at: time },
      { type: 'archived', chat, at: time },
      { type: 'unarchived', chat, at: time },
    ])
    expect(await Promise.all(stored)).toEqual([true, true, true])
  })

  it('harms nobody when it fails: senders are answered, streams go on, and the fault is reported', async () => {
    desk = await startDesk()
    desk.deskbell.on('message', () => {
      throw new Error('The CRM is away')
    })
    const { token } = await desk.person('ada')
    const reply = await desk.call('POST', '/support_chat/messages', token, { content: 'Hello' })
    expect(reply.status).toBe(201)
    await expect.poll(() => desk?.errors).toEqual([new Error('The CRM is away')])
  })

  it('keeps the order of seq, however many write to a chat at once', async () => {
    const seqs: number[] = []
    const here = (desk = await startDesk())
    here.deskbell.on('message', ({ message }) => void seqs.push(message.seq))
    const { token, chatId } = await here.person('ada')
    const staff = await here.admin()
    await Promise.all(
      Array.from({ length: 100 }, (_, i) =>
        i % 2 === 0
          ? here.call('POST', '/support_chat/messages', token, { content: `${i}` })
          : here.call('POST', `/admin/chats/${chatId}/messages`, staff, { content: `${i}` }),
      ),
    )
    expect(seqs).toEqual(Array.from({ length: 100 }, (_, i) => i + 1))
  })
})

// What only staff see of a chat, on one node and on two: notes, and who archived it.
import { afterEach, describe, expect, it } from 'vitest'
import type { ActivityPage, SupportActivity, SupportNote } from '../../src/protocol/activity.ts'
import type { NoteToWrite } from '../../src/entries/core.ts'
import type { AdminSupportChat } from '../../src/protocol/types.ts'
import { LossyBus } from '../../src/testing/lossy-bus.ts'
import { TestStream } from '../support/event-stream.ts'
import { startDesk, until, type Desk } from '../support/desk.ts'
import { chatId, EXT, TestSocket } from '../support/socket.ts'

let desks: Desk[] = []
afterEach(async () => {
  for (const desk of desks.toReversed()) await desk.stop()
  desks = []
})
async function start(...given: Parameters<typeof startDesk>): Promise<Desk> {
  const desk = await startDesk(...given)
  desks.push(desk)
  return desk
}

const channel = (id: string): string => JSON.stringify({ channel: 'ChatActivityChannel', chat_id: id })
const heard = (socket: TestSocket): SupportActivity[] =>
  socket.events('new_activity').map(({ activity }) => activity as SupportActivity)
const seqs = (socket: TestSocket): number[] => heard(socket).map(({ seq }) => seq)
const listen = async (desk: Desk, token: string): Promise<TestSocket> =>
  TestSocket.open(`${desk.wsUrl}/cable?jid=${token}`, [EXT])

describe('a note', () => {
  it('is stored once however often it is sent, heard by staff alone, and refused where it is no note', async () => {
    const desk = await start()
    const { token, chatId: id } = await desk.person('ada')
    const sam = await desk.admin()
    const [staff, user] = [await listen(desk, sam), await listen(desk, token)]
    await staff.subscribe(channel(id))
    await user.subscribe(chatId(id))
    const write = (by: string, body: object, chat = id) =>
      desk.call<SupportNote>('POST', `/admin/chats/${chat}/notes`, by, body)
    const note = { content: 'Ask *Anna* 😀 عربى', client_id: 'n1' }
    const first = await write(sam, note)
    expect(first.status).toBe(201)
    expect(first.body).toMatchObject({ seq: 1, kind: 'note', actor_id: 'sam', actor_name: 'Sam', client_id: 'n1' })
    expect(first.body.body).toEqual({ content: note.content })
    expect(await write(sam, note)).toMatchObject({ status: 200, body: first.body })
    expect(await write(sam, { ...note, content: 'other' })).toMatchObject({ status: 409, body: { code: 'conflict' } })
    expect(await write(await desk.admin('anna'), note)).toMatchObject({ status: 201, body: { seq: 2 } })
    for (const [content, code] of [
      [' \u200b ', 'blank'],
      ['x'.repeat(10_001), 'too_long'],
    ] as const)
      expect(await write(sam, { content })).toMatchObject({ status: 422, body: { code } })
    expect((await write(sam, note, crypto.randomUUID())).status).toBe(404)
    expect((await write(token, note)).status).toBe(403)
    await until(() => heard(staff).length === 2)
    expect(heard(staff)[0]).toEqual(first.body)
    await Promise.all([staff.fence(), user.fence()])
    expect(seqs(staff)).toEqual([1, 2])
    expect(user.texts.join()).not.toMatch(/Anna|activity/)
    for (const socket of [staff, user]) socket.close()
  })

  it('is written by the code of the host, which names the chat by its user or its id', async () => {
    const desk = await start()
    const { chatId: id } = await desk.person('ada')
    const as = { id: 7, name: ' Billing ' }
    const events: unknown[] = []
    desk.deskbell.on('activity', (event) => void events.push(event))
    const note = (input: NoteToWrite) => desk.deskbell.chats.note(input)
    const written = await note({ userId: 'ada', as, content: 'Paid', clientId: 'paid' })
    expect(written).toMatchObject({
      chat_id: id,
      repeated: false,
      note: { seq: 1, actor_id: '7', actor_name: 'Billing', body: { content: 'Paid' } },
    })
    expect(await note({ chatId: id.toUpperCase(), as, content: 'Paid', clientId: 'paid' })).toEqual({
      ...written,
      repeated: true,
    })
    const refused = [
      [{ as, content: 'x' }, 'invalid_request'],
      [{ userId: 'ada', chatId: id, as, content: 'x' }, 'invalid_request'],
      [{ userId: 'nobody', as, content: 'x' }, 'not_found'],
      [{ chatId: 'nonsense', as, content: 'x' }, 'not_found'],
      [{ userId: 'ada', as, content: ' ' }, 'blank'],
      [{ userId: 'ada', as, content: 'other', clientId: 'paid' }, 'conflict'],
    ] as const
    for (const [input, code] of refused) await expect(note(input)).rejects.toMatchObject({ code })
    const chat = { id, user_id: 'ada', user_email: 'ada@example.com' }
    await until(() => events.length > 0)
    expect(events).toEqual([{ type: 'activity', chat, activity: written.note }])
  })
})

describe('the activity of a chat', () => {
  it('says who archived it and what brought it back, comes with the chat, and is read in pages', async () => {
    const desk = await start()
    const { token, chatId: id } = await desk.person('ada')
    const sam = await desk.admin()
    const call = (path: string, body?: object) => desk.call('POST', `/admin/chats/${id}/${path}`, sam, body)
    await desk.call('POST', '/support_chat/messages', token, { content: 'Hello' })
    await call('archive')
    await call('archive')
    await call('unarchive')
    await call('archive')
    await desk.call('POST', '/support_chat/messages', token, { content: 'Again' })
    await call('notes', { content: 'Hm' })
    const page = async (query: string) =>
      (await desk.call<ActivityPage>('GET', `/admin/chats/${id}/activity${query}`, sam)).body
    const all = await page('?after=0')
    expect(all).toMatchObject({ has_more: false, epoch: desk.store.epoch })
    expect(all.activities.map(({ seq, kind, actor_id, body }) => [seq, kind, actor_id, body])).toEqual([
      [1, 'archived', 'sam', {}],
      [2, 'unarchived', 'sam', { by_message: false }],
      [3, 'archived', 'sam', {}],
      [4, 'unarchived', null, { by_message: true }],
      [5, 'note', 'sam', { content: 'Hm' }],
    ])
    expect(await page('?limit=2')).toMatchObject({ activities: [{ seq: 4 }, { seq: 5 }], has_more: true })
    expect(await page('?before=3&limit=1')).toMatchObject({ activities: [{ seq: 2 }], has_more: true })
    const opened = await desk.call<AdminSupportChat>('GET', `/admin/chats/${id}`, sam)
    expect(opened.body.activity).toEqual({ activities: all.activities, has_more: false })
    for (const query of ['?after=x', '?before=-1', '?limit=0', '?limit=1001'])
      expect((await desk.call('GET', `/admin/chats/${id}/activity${query}`, sam)).status).toBe(400)
  })

  it('goes on without a gap for who comes back, over sockets and event streams, and not from another epoch', async () => {
    const desk = await start()
    const { token, chatId: id } = await desk.person('ada')
    const sam = await desk.admin()
    const write = (content: string) => desk.call('POST', `/admin/chats/${id}/notes`, sam, { content })
    for (const content of ['1', '2', '3']) await write(content)
    const stream = `activity:${id}`
    const from = (offset: number, epoch = desk.store.epoch) => ({ streams: { [stream]: { offset, epoch } } })
    const back = await listen(desk, sam)
    await back.subscribe(channel(id), from(1))
    await back.frame(({ type }) => type === 'confirm_history')
    await write('4')
    await until(() => heard(back).length === 3)
    expect(seqs(back)).toEqual([2, 3, 4])
    expect(back.frames.find(({ message }) => message?.type === 'new_activity')).toMatchObject({
      stream_id: stream,
      offset: 2,
      epoch: desk.store.epoch,
    })
    for (const history of [from(1, 'elsewhere'), from(99), { streams: { [`chat:${id}`]: from(1).streams[stream] } }]) {
      const lost = await listen(desk, sam)
      await lost.subscribe(channel(id), history)
      await lost.frame(({ type }) => type === 'reject_history')
      lost.close()
    }
    const path = `${desk.url}/admin/chats/${id}/activity/events`
    const events = await TestStream.open(path, sam, { 'last-event-id': `3/${desk.store.epoch}/${stream}` })
    await until(() => events.named('new_activity').length === 1)
    await write('5')
    await until(() => events.named('new_activity').length === 2)
    expect(events.named('new_activity').map(({ id: at }) => at)).toEqual(
      [4, 5].map((n) => `${n}/${desk.store.epoch}/${stream}`),
    )
    // The user's own chat, and every spelling of the channel
    const user = await listen(desk, token)
    for (const identifier of [channel(id), channel(id.toUpperCase())]) {
      user.send({ command: 'subscribe', identifier, history: from(0) })
      await user.frame((frame) => frame.type === 'reject_subscription' && frame.identifier === identifier)
    }
    expect((await desk.call('GET', `/admin/chats/${id}/activity/events`, token)).status).toBe(403)
    for (const peer of [back, events, user]) peer.close()
  })

  it('reaches staff of another node, also when hints are lost, and ends when the person is erased', async () => {
    const bus = new LossyBus()
    const here = await start({ bus: bus.node() })
    const there = await start({ bus: bus.node() }, here.file)
    const { chatId: id } = await here.person('ada')
    const sam = await here.admin()
    const socket = await listen(there, sam)
    await socket.subscribe(channel(id))
    const write = (content: string) => here.call('POST', `/admin/chats/${id}/notes`, sam, { content })
    await write('told')
    await until(() => heard(socket).length === 1)
    bus.goAway()
    await write('lost 1')
    await write('lost 2')
    bus.comeBack()
    await until(() => heard(socket).length === 3)
    expect(seqs(socket)).toEqual([1, 2, 3])
    await here.deskbell.erasePerson('ada')
    await socket.frame(({ type, identifier }) => type === 'reject_subscription' && identifier === channel(id))
    expect((await here.call('GET', `/admin/chats/${id}/activity`, sam)).status).toBe(404)
    socket.close()
  })

  it('is not in what is exported about the person, nor in the search', async () => {
    const desk = await start({ fullTextSearch: true })
    const { token, chatId: id } = await desk.person('ada')
    const sam = await desk.admin()
    await desk.call('POST', '/support_chat/messages', token, { content: 'canary said' })
    await desk.call('POST', `/admin/chats/${id}/notes`, sam, { content: 'canary noted' })
    const exported = await desk.deskbell.exportPerson('ada')
    const text = await new Response(exported).text()
    expect(text).toContain('canary said')
    expect(text).not.toContain('noted')
    const found = await desk.call('GET', '/admin/messages?q=canary', sam)
    expect(found.text).toContain('canary said')
    expect(found.text).not.toContain('noted')
  })
})

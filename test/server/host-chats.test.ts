// `deskbell.chats`: what the host's own code does with chats, beside real clients of the same server.
import { openAsBlob, readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { ErrorCode, SupportMessage } from '../../src/entries/node.ts'
import { pixels } from '../support/pictures.ts'
import { startDesk, type Desk } from '../support/desk.ts'
import { ADMIN, TestSocket, V1, chatId } from '../support/socket.ts'

const ANNA = { id: 'anna', name: 'Anna' }

let desk: Desk
beforeEach(async () => {
  desk = await startDesk({ rateLimit: { perSecond: 1, burst: 3 } })
})
afterEach(() => desk.stop())

const refusedWith = async (code: ErrorCode, call: Promise<unknown>, message?: RegExp): Promise<void> =>
  expect(call).rejects.toMatchObject({
    name: 'DeskbellError',
    code,
    ...(message ? { message: expect.stringMatching(message) as string } : {}),
  })
const messagesOf = async (token: string): Promise<SupportMessage[]> =>
  (await desk.call<{ messages: SupportMessage[] }>('GET', '/support_chat', token)).body.messages

describe('deskbell.chats.send', () => {
  it('greets somebody who has never been here, and they find the greeting at their first visit', async () => {
    const { chats } = desk.deskbell
    const opened = await chats.open({ id: 42, email: 'ada@example.com', name: 'Ada' })
    expect(opened).toMatchObject({ user_id: '42', user_email: 'ada@example.com', user_name: 'Ada', message_count: 0 })
    const sent = await chats.send({ userId: 42, as: ANNA, content: 'Welcome!' })
    expect(sent).toMatchObject({ chat_id: opened.id, repeated: false })
    expect(await messagesOf(await desk.user('42'))).toEqual([sent.message])
    expect(sent.message).toMatchObject({ seq: 1, sender_type: 'admin', sender_name: 'Anna', content: 'Welcome!' })
  })

  it('reaches the sockets of the user and of staff, and unarchives when the user writes', async () => {
    const { chats } = desk.deskbell
    const { token, chatId: chat } = await desk.person('ada')
    const sockets = await Promise.all(
      [
        [token, chatId(chat)],
        [await desk.admin(), ADMIN],
      ].map(async ([jid = '', channel = '']) => {
        const socket = await TestSocket.open(`${desk.wsUrl}/cable?jid=${jid}`, [V1])
        await socket.subscribe(channel)
        return socket
      }),
    )
    await chats.send({ userId: 'ada', as: ANNA, content: 'One' })
    expect(await chats.archive('ada')).toBe(true)
    expect(await chats.archive('ada')).toBe(false)
    const { message } = await chats.send({ userId: 'ada', as: 'user', content: 'By the contact form' })
    expect(message).toMatchObject({ sender_type: 'user', sender_name: 'User ada' })
    expect(await chats.get('ada')).toMatchObject({ archived: false, unread: true, message_count: 2 })
    for (const socket of sockets) await expect.poll(() => socket.texts.join()).toContain('By the contact form')
    for (const socket of sockets) socket.close()
  })

  it('stores a message once, however often a job sends it, and refuses another under the same clientId', async () => {
    const { chats } = desk.deskbell
    await chats.open({ id: 'ada' })
    const welcome = { userId: 'ada', as: ANNA, content: 'Welcome!', clientId: 'welcome' }
    const answers = await Promise.all([chats.send(welcome), chats.send(welcome), chats.send(welcome)])
    expect(answers.filter(({ repeated }) => repeated)).toHaveLength(2)
    expect(new Set(answers.map(({ message }) => message.id)).size).toBe(1)
    await refusedWith('conflict', chats.send({ ...welcome, content: 'Goodbye' }))
    // Another author, another name
    expect((await chats.send({ ...welcome, as: { id: 'bot' } })).repeated).toBe(false)
  })

  it('attaches files from memory and from a disk, once, and refuses what people may not attach either', async () => {
    const { chats } = desk.deskbell
    const { token, chatId: id } = await desk.person('ada')
    const invoice = { name: 'invoice.txt', content: new TextEncoder().encode('20 €') }
    const image = { name: '../b.png', content: new Blob([pixels(30, 20)]) }
    const disk = { name: 'test.ts', content: await openAsBlob(import.meta.filename) }
    const message = { userId: 'ada', as: ANNA, attachments: [invoice, image, disk], clientId: 'invoice' }
    const answers = [await chats.send(message), await chats.send(message)]
    expect(answers.map(({ repeated }) => repeated)).toEqual([false, true])
    const [stored, ...others] = await messagesOf(token)
    expect(others).toEqual([])
    expect(stored).toMatchObject({ content: '', sender_type: 'admin' })
    expect(stored?.attachments.map(({ name, type }) => `${name} ${type}`)).toEqual([
      'invoice.txt text/plain',
      'b.png image/png',
      'test.ts text/plain',
    ])
    const opened = await fetch(`${desk.url}/${stored?.attachments[2]?.url ?? ''}`)
    expect(await opened.text()).toBe(readFileSync(import.meta.filename, 'utf8'))
    const send = (attachments: unknown, more: object = {}) =>
      chats.send({ userId: 'ada', as: ANNA, attachments: attachments as [], ...more })
    await refusedWith('conflict', send([{ ...invoice, name: 'other.txt' }], { clientId: 'invoice' }))
    await refusedWith('empty_file', send([{ name: 'a', content: new Blob([]) }]))
    await refusedWith('file_too_large', send([{ name: 'a', content: new Uint8Array(26_214_401) }]))
    await refusedWith(
      'invalid_request',
      send([{ name: 'a', content: 'text' }]),
      /attachments.0.content: must be a Blob/,
    )
    // More at once than a person may upload
    const many = Array.from({ length: 30 }, (_, n) => send([invoice], { clientId: `many-${n}` }))
    expect((await Promise.all(many)).every(({ message }) => message.attachments.length === 1)).toBe(true)
    await refusedWith('invalid_request', send(Array.from({ length: 11 }, () => invoice)), /attachments/)
    await refusedWith('too_long', send([invoice], { content: 'x'.repeat(10_001) }))
    expect(await desk.store.goneAttachments(new Date(Date.now() + 48 * 3_600_000).toISOString(), 100)).toEqual([])
    const plain = await startDesk({ attachments: undefined }, desk.file)
    await refusedWith('invalid_request', plain.deskbell.chats.send({ ...message, clientId: 'x' }), /option attachments/)
    await plain.stop()
    expect(id).toBe(answers[0]?.chat_id)
  })

  it('is not limited like people, and refuses what nobody may send', async () => {
    const { chats } = desk.deskbell
    await chats.open({ id: 'ada' })
    const send = (content: unknown, more: object = {}) =>
      chats.send({ userId: 'ada', as: ANNA, content: content as string, ...more })
    await Promise.all(Array.from({ length: 50 }, (_, i) => send(`${i}`)))
    await refusedWith('blank', send(' \n '))
    await refusedWith('too_long', send('x'.repeat(10_001)))
    await refusedWith('invalid_request', send('a\0b'), /content/)
    await refusedWith('invalid_request', send(undefined), /content/)
    await refusedWith('invalid_request', send('x', { as: 'admin' }), /as: must be 'user', or a member of staff/)
    await refusedWith('invalid_request', send('x', { clientId: 'not this one' }), /clientId/)
    await refusedWith('invalid_request', send('x', { client_id: 'mistyped' }), /client_id/)
    await refusedWith(
      'not_found',
      chats.send({ userId: 'nobody', as: ANNA, content: 'x' }),
      /"nobody" has a chat: open/,
    )
    expect((await chats.messages({ userId: 'ada' })).messages).toHaveLength(50)
  })

  it('leads to the e-mail when a reply of the host’s stays unread', async () => {
    await desk.stop()
    desk = await startDesk({ notifyAfter: 50 })
    const { chats } = desk.deskbell
    await chats.open({ id: 'ada', email: 'ada@example.com' })
    await chats.send({ userId: 'ada', as: ANNA, content: 'Your export is ready' })
    await expect.poll(() => desk.mails.map(({ to }) => to.address)).toEqual(['ada@example.com'])
  })
})

describe('deskbell.chats', () => {
  it('lists chats in pages, finds one, and reads its messages and marks', async () => {
    const { chats } = desk.deskbell
    for (const id of ['ada', 'bob', 'cleo']) {
      await chats.open({ id, email: `${id}@example.com` })
      await chats.send({ userId: id, as: 'user', content: `I am ${id}` })
    }
    await chats.archive('bob')
    const first = await chats.list({ limit: 1 })
    expect(first.chats.map(({ user_id }) => user_id)).toEqual(['cleo'])
    const second = await chats.list({ limit: 1, cursor: first.next ?? '' })
    expect(second).toMatchObject({ chats: [{ user_id: 'ada' }], next: null })
    expect(await chats.list({ archived: true })).toMatchObject({ chats: [{ user_id: 'bob' }], next: null })
    expect(await chats.list({ email: 'ADA' })).toMatchObject({ chats: [{ user_id: 'ada' }] })
    expect(await chats.unarchive('bob')).toBe(true)

    expect(await chats.get('nobody')).toBeUndefined()
    for (const content of ['Two', 'Three']) await chats.send({ userId: 'ada', as: ANNA, content })
    const page = await chats.messages({ userId: 'ada', after: 1, limit: 1 })
    expect(page).toMatchObject({ messages: [{ content: 'Two' }], has_more: true, user_read_seq: 0 })
    expect(await chats.markRead({ userId: 'ada', as: 'user', upToSeq: 2 })).toBe(2)
    expect(await chats.markRead({ userId: 'ada', as: ANNA })).toBe(3)
    const marks = { user_read_seq: 2, admin_viewed_seq: 3, archived: false }
    expect(await chats.messages({ userId: 'ada' })).toMatchObject(marks)
    await refusedWith('invalid_request', chats.list({ limit: 1_000 }), /limit/)
    await refusedWith('invalid_request', chats.list({ cursor: 'x' }), /cursor/)
    await refusedWith('invalid_request', chats.messages({ userId: 'ada', since: 'yesterday' }), /since/)
    for (const call of [
      chats.messages({ userId: 'x' }),
      chats.archive('x'),
      chats.markRead({ userId: 'x', as: 'user' }),
    ])
      await refusedWith('not_found', call)
  })

  it('keeps what is known of a user where the host gives nothing, and takes what it gives', async () => {
    const { chats } = desk.deskbell
    const before = await desk.store.findPerson('ada')
    await chats.open({ id: 'ada', email: 'ada@example.com', name: 'Ada' })
    const firstSeen = (await desk.store.findPerson('ada'))?.last_seen_at
    expect([before, firstSeen]).toEqual([undefined, expect.any(String)])
    expect(await chats.open({ id: 'ada' })).toMatchObject({ user_email: 'ada@example.com', user_name: 'Ada' })
    expect(await chats.open({ id: 'ada', name: 'Ada\nL.' })).toMatchObject({
      user_email: 'ada@example.com',
      user_name: 'Ada L.',
    })
    expect(await chats.open({ id: 'ada', email: null })).toMatchObject({ user_email: '', user_name: 'Ada L.' })
    // Nobody was here meanwhile
    expect(await desk.store.findPerson('ada')).toMatchObject({ last_seen_at: firstSeen })
    // As from `authenticate`: nobody is locked out because of it
    expect(await chats.open({ id: 'ada', email: 'no address' })).toMatchObject({ user_email: '' })
    expect(desk.errors).toMatchObject([{ message: expect.stringContaining('user:ada is none') as string }])
    await refusedWith('invalid_request', chats.open({ id: '' }), /id/)
  })

  it('takes who a new user is from the host’s own table, where there is one', async () => {
    await desk.stop()
    desk = await startDesk({
      users: (ids) => ids.map((id) => ({ id, email: `${id}@table.example`, name: `Row ${id}` })),
    })
    const opened = await desk.deskbell.chats.open({ id: 'ada' })
    expect(opened).toMatchObject({ user_email: 'ada@table.example', user_name: 'Row ada' })
  })

  it('is refused once the server stops, or while the database is away', async () => {
    const { chats } = desk.deskbell
    await chats.open({ id: 'ada' })
    await desk.store.close()
    await refusedWith('unavailable', chats.get('ada'))
    await refusedWith('unavailable', chats.send({ userId: 'ada', as: ANNA, content: 'x' }))
    await desk.deskbell.close()
    await refusedWith('unavailable', chats.list())
  })
})

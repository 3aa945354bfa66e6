// The staff side of `deskbell/client` on a real server, without a browser.
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createStaffDesk, type StaffDesk, type StaffDeskOptions } from '../../src/entries/client.ts'
import { startDesk, type Desk as Server } from '../support/desk.ts'
import { ReverseProxy } from '../support/proxies.ts'

let server: Server
let stops: (() => void)[] = []
let people = 0
beforeAll(async () => {
  server = await startDesk({ fullTextSearch: true })
})
afterEach(async () => {
  for (const stop of stops.splice(0)) stop()
  await expect.poll(() => server.deskbell.load().connections.cable).toBe(0)
})
afterAll(() => server.stop())

/** Listens, as a page would */
async function open(options: StaffDeskOptions = {}): Promise<StaffDesk> {
  const token = await server.admin()
  const desk = createStaffDesk({ server: server.url, getToken: async () => token, ...options })
  stops.push(desk.subscribe(() => undefined))
  await expect.poll(() => desk.state.status).toBe('ready')
  return desk
}
async function say(id: string, content: string): Promise<string> {
  const { token, chatId } = await server.person(id)
  await server.call('POST', '/support_chat/messages', token, { content })
  return chatId
}
/** Names that no other test has, which begin alike */
const family = (...names: string[]): string[] => {
  const prefix = `f${people++}`
  return names.map((name) => `${prefix}${name}`)
}
const rows = ({ state }: StaffDesk, ids: string[]): string[] =>
  state.chats.map(({ user_id: id }) => id).filter((id) => ids.includes(id))

describe('the list', () => {
  it('follows what happens: messages, the archive, the unread count', async () => {
    const ids = family('ada', 'bob', 'eve')
    const [ada = '', bob = '', eve = ''] = ids
    await say(ada, 'One')
    const chat = await say(bob, 'Two')
    const desk = await open()
    await expect.poll(() => rows(desk, ids)).toEqual([bob, ada])
    await expect.poll(() => desk.state.connected).toBe(true)
    await expect.poll(() => desk.state.unreadChats).toBe(2)
    const before = desk.state
    await say(ada, 'Three')
    await say(eve, 'Four')
    await expect.poll(() => rows(desk, ids)).toEqual([eve, ada, bob])
    await expect.poll(() => desk.state.unreadChats).toBe(3)
    expect(before.chats.length).toBe(2)
    await desk.archive(chat)
    expect(rows(desk, ids)).toEqual([eve, ada])
    await expect.poll(() => desk.state.unreadChats).toBe(2)
    desk.show({ archived: true, tag: undefined, waiting: undefined })
    expect(desk.state).toMatchObject({ archived: true, status: 'loading', chats: [] })
    await expect.poll(() => rows(desk, ids)).toEqual([bob])
    // A user's message brings the chat back
    await say(bob, 'Five')
    await expect.poll(() => rows(desk, ids)).toEqual([])
    desk.show({ archived: false })
    await expect.poll(() => rows(desk, ids)).toEqual([bob, eve, ada])
    await expect(desk.archive('no-such-chat')).rejects.toMatchObject({ code: 'not_found' })
  })

  it.each(['before', 'after'] as const)(
    'a page that a network answers in place of the server is no success (%s the server was asked)',
    async (when) => {
      const [ada = ''] = family('ada')
      const chat = await say(ada, 'One')
      const way = await ReverseProxy.start(server.port)
      stops.push(() => void way.stop())
      const desk = await open({ server: way.url })
      way.weather.instead = { status: 200, page: '<!doctype html><p>Sign in to use this network.', when }
      await expect(desk.archive(chat)).rejects.toMatchObject({ code: 'network' })
      await expect(desk.unarchive(chat)).rejects.toMatchObject({ code: 'network' })
      way.weather.instead = null
      await desk.archive(chat)
      desk.show({ archived: true })
      await expect.poll(() => rows(desk, [ada])).toEqual([ada])
    },
  )

  it('is searched by names and the beginning of an address, those found by name with the newest message first, live too', async () => {
    const [adam = '', Adele = '', bob = ''] = family('adam', 'Adele', 'bob')
    for (const id of [bob, adam, Adele]) await say(id, 'Hello')
    const desk = await open()
    desk.show({ q: ` ${adam.slice(0, -1).toUpperCase()} ` })
    await expect.poll(() => desk.state.chats.map(({ user_id: id }) => id)).toEqual([adam])
    desk.show({ q: adam.slice(0, -4) })
    await expect.poll(() => desk.state.chats.map(({ user_id: id }) => id)).toEqual([Adele, adam, bob])
    await say(`${adam.slice(0, -4)}amy`, 'New')
    await expect
      .poll(() => desk.state.chats.map(({ user_id: id }) => id))
      .toEqual([`${adam.slice(0, -4)}amy`, Adele, adam, bob])
  })

  it('comes page by page, and takes in place what happens beyond the last one', async () => {
    const many = family(...Array.from({ length: 60 }, (_, n) => `p${String(n).padStart(2, '0')}`))
    for (const id of many) await say(id, 'Hello')
    const desk = await open()
    await expect.poll(() => desk.state.chats.length).toBe(50)
    expect(desk.state.hasMore).toBe(true)
    expect(rows(desk, many)).toEqual(many.slice(10).reverse())
    // It moves from beyond the page to the top, and nothing is there twice
    await say(many[0] ?? '', 'Again')
    await expect.poll(() => rows(desk, many)[0]).toBe(many[0])
    await desk.loadMore()
    expect(rows(desk, many)).toEqual([many[0], ...many.slice(1).reverse()])
    expect(desk.state.loadingMore).toBe(false)
  })

  it('drops a person who is erased', async () => {
    const ids = family('gone')
    await say(ids[0] ?? '', 'Hello')
    const desk = await open()
    await expect.poll(() => rows(desk, ids)).toEqual(ids)
    await server.deskbell.erasePerson(ids[0] ?? '')
    await expect.poll(() => rows(desk, ids)).toEqual([])
  })

  it('is asked for again after the server was away', async () => {
    const ids = family('ada', 'bob')
    await say(ids[0] ?? '', 'Hello')
    const desk = await open()
    await expect.poll(() => desk.state.connected).toBe(true)
    await server.restart()
    await say(ids[1] ?? '', 'While it was away')
    await expect.poll(() => rows(desk, ids)).toEqual([...ids].reverse())
    await expect.poll(() => desk.state.connected).toBe(true)
  })
})

describe('one chat', () => {
  it('has what both sides write, who types, and what was read', async () => {
    const [ada = ''] = family('ada')
    const id = await say(ada, 'A question')
    const desk = await open()
    const chat = desk.chat(id)
    await chat.open()
    stops.unshift(() => chat.close())
    expect(chat.state.messages.map(({ content }) => content)).toEqual(['A question'])
    chat.send('An answer')
    const { token } = await server.person(ada)
    const stored = async () =>
      (await server.call<{ messages: { content: string }[] }>('GET', '/support_chat', token)).body.messages.map(
        ({ content }) => content,
      )
    await expect.poll(stored).toEqual(['A question', 'An answer'])
    await expect
      .poll(async () => {
        await server.call('POST', '/support_chat/typing', token, { typing: true })
        return chat.state.typing
      })
      .toMatchObject({ name: `User ${ada}` })
    await say(ada, 'Thanks')
    await expect.poll(() => chat.state.messages.length).toBe(3)
    expect(chat.state.unread_count).toBe(1)
    chat.markRead()
    await expect.poll(() => desk.state.chats.find(({ user_id: user }) => user === ada)?.unread).toBe(false)
  })

  it('is found by what was written in it', async () => {
    const [ada = ''] = family('ada')
    const id = await say(ada, 'The invoice 4312 is wrong')
    const desk = await open()
    expect(desk.state.searchable).toBe(true)
    const { found } = await desk.searchMessages({ q: 'invoice 4312' })
    expect(found.map(({ chat_id: chat }) => chat)).toEqual([id])
  })
})

describe('who is signed in', () => {
  it('is told when it is nobody of staff, and sees nothing', async () => {
    const token = await server.user('ada')
    const desk = createStaffDesk({ server: server.url, token })
    stops.push(desk.subscribe(() => undefined))
    await expect.poll(() => desk.state.status).not.toBe('loading')
    expect(desk.state).toMatchObject({ status: 'error', chats: [], unreadChats: 0, error: { status: 403 } })
  })

  it('is told when the session ends, and goes on with the next one', async () => {
    const ids = family('ada')
    await say(ids[0] ?? '', 'Hello')
    let token = await server.admin('kim')
    const desk = await open({ getToken: async () => token })
    await expect.poll(() => rows(desk, ids)).toEqual(ids)
    token = 'no longer valid'
    // A token of the same second is still good
    await expect
      .poll(async () => {
        await server.deskbell.revoke({ id: 'kim', role: 'admin' })
        return desk.state.status
      })
      .toBe('signed_out')
    token = await server.admin('kim')
    await desk.reload()
    await expect.poll(() => desk.state.status).toBe('ready')
    await expect.poll(() => desk.state.connected).toBe(true)
  })
})

// `deskbell/client` on every service that there is a publisher for, with the services' official clients, without a browser.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { connect, Conversation, listenWith } from '../../src/entries/client.ts'
import { pusherPublisher } from '../../src/entries/node.ts'
import { startDesk, type Desk } from '../support/desk.ts'
import { PUSHER_APP, startPusher } from '../support/realtime-services/pusher.ts'
import type { TestService } from '../support/realtime-services/service.ts'
import { LISTENED } from '../support/realtime-services/services.ts'

listenWith({
  pusher: () => import('pusher-js'),
  ably: () => import('ably'),
  supabase: () => import('@supabase/realtime-js'),
  socketIo: () => import('socket.io-client'),
  firebase: () => Promise.all([import('@firebase/app'), import('@firebase/auth'), import('@firebase/database')]),
})

interface Side {
  chat: Conversation
  texts: () => string[]
  /** What the person was told of the connection */
  statuses: string[]
}

describe.each(LISTENED)('on $name', ({ start, publisher, typing, presence }) => {
  let service: TestService
  let desk: Desk
  let people = 0
  let user: Side
  let staff: Side
  let chatId: string
  const ends: (() => void)[] = []

  beforeAll(async () => {
    service = await start()
    desk = await startDesk({ rateLimit: null, publisher: publisher(service) })
  })
  afterAll(async () => {
    await desk.stop()
    await service.stop()
  })
  beforeEach(async () => {
    const person = await desk.person(`p${++people}`)
    chatId = person.chatId
    user = await open('user', person.token)
    staff = await open('admin', await desk.admin())
    await expect.poll(() => service.sockets).toBe(2)
  })
  afterEach(async () => {
    Object.assign(service, { delay: 0, doubles: false, reorders: false, loss: 0, gone: false })
    for (const end of ends.splice(0)) end()
    await expect.poll(() => service.sockets).toBe(0)
  })

  async function open(role: 'user' | 'admin', token: string): Promise<Side> {
    const { api, cable } = connect({ server: desk.url, token })
    const chat = new Conversation({ api, cable, role, ...(role === 'admin' && { chatId }) })
    const side: Side = {
      chat,
      texts: () => chat.state.messages.map(({ content }) => content),
      statuses: [],
    }
    chat.subscribe(() => {
      const { connection, messages } = chat.state
      if (side.statuses.at(-1) !== connection) side.statuses.push(connection)
      for (const [i, { seq }] of messages.entries()) if (seq !== i + 1) throw new Error(`Shown ${seq} at ${i}`)
    })
    ends.push(() => {
      chat.close()
      cable.close()
    })
    await chat.open()
    return side
  }

  /** Both write at once, and both have all of it in the end, in the order in which it is stored */
  async function talk(count: number): Promise<void> {
    const before = user.texts().length
    for (let i = 0; i < count; i++) {
      user.chat.send(`From the user, ${before + i}`)
      staff.chat.send(`From staff, ${before + i}`)
    }
    await expect.poll(() => staff.texts().length).toBe(before + 2 * count)
    await expect.poll(() => user.texts().length).toBe(before + 2 * count)
    const stored = (await desk.store.messages(chatId, { after: 0, limit: 1_000 })).messages.map(
      ({ content }) => content,
    )
    expect([user.texts(), staff.texts()]).toEqual([stored, stored])
    expect([user.chat.state.pending, staff.chat.state.pending]).toEqual([[], []])
  }

  it('both sides hear each other, see what is read, and typed where the service carries that, and hold no socket to the server', async () => {
    await talk(3)
    if (typing) {
      // Until the service lets them in, what is typed reaches nobody
      await expect
        .poll(() => {
          staff.chat.setTyping(true)
          return user.chat.state.typing
        })
        .toEqual({ name: null })
      staff.chat.setTyping(false)
      await expect.poll(() => user.chat.state.typing).toBe(null)
    }
    user.chat.markRead()
    const last = staff.texts().length
    await expect.poll(() => staff.chat.state.other_read_seq).toBeGreaterThanOrEqual(last - 1)
    // A service that was slow to let them in may have been stood in for by a socket
    await expect.poll(() => desk.deskbell.load().connections.cable).toBe(0)
  })

  it.runIf(presence)(
    'both sides see at once who is there, and tell each other what they type without the server',
    async () => {
      await expect.poll(() => staff.chat.state.user_online).toBe(true)
      await expect.poll(() => user.chat.state.admins_online).toBe(1)
      const second = await open('admin', await desk.admin('sue'))
      await expect.poll(() => user.chat.state.admins_online).toBe(2)
      await expect.poll(() => (staff.chat.setTyping(true), user.chat.state.typing)).toEqual({ name: null })
      staff.chat.setTyping(false)
      await expect.poll(() => user.chat.state.typing).toBe(null)
      await expect
        .poll(() => (user.chat.setTyping(true), [staff, second].map(({ chat }) => chat.state.typing)))
        .toEqual([{ name: null }, { name: null }])
      expect(service.published.filter(({ event }) => event === 'typing')).toEqual([])
      for (const end of ends.splice(0, 1)) end()
      await expect.poll(() => staff.chat.state.user_online).toBe(false)
    },
  )

  it('what the service doubles, reorders, delays and loses is shown once and in order', async () => {
    Object.assign(service, { doubles: true, reorders: true, delay: 20, loss: 0.3 })
    await talk(10)
  })

  it('while the service is gone, messages come all the same and nobody is told of an outage', async () => {
    async function told(): Promise<string[]> {
      await expect.poll(() => service.sockets).toBe(2)
      await expect.poll(() => user.chat.state.connection).toBe('connected')
      user.statuses.length = 0
      service.gone = true
      await talk(1)
      service.gone = false
      return user.statuses.filter((status) => status !== 'connected')
    }
    // Where the machine stands still for five seconds, it is told
    await expect.poll(told, { timeout: 240_000 }).toEqual([])
  })
})

it('where an app at Pusher takes no client events, what is typed goes by the server', async () => {
  const service = await startPusher({ clientEvents: false })
  const { host, port } = service
  const publisher = pusherPublisher({ ...PUSHER_APP, host, port, useTLS: false })
  const desk = await startDesk({ rateLimit: null, publisher })
  const { token, chatId } = await desk.person('ada')
  const meet = (role: 'user' | 'admin', credentials: string) => {
    const { api, cable } = connect({ server: desk.url, token: credentials })
    return { cable, chat: new Conversation({ api, cable, role, ...(role === 'admin' && { chatId }) }) }
  }
  const [user, staff] = [meet('user', token), meet('admin', await desk.admin())]
  for (const { chat } of [user, staff]) await chat.open()
  await expect.poll(() => staff.chat.state.user_online).toBe(true)
  await expect
    .poll(() => {
      // The first one tells that the app does not take it
      staff.chat.setTyping(false)
      staff.chat.setTyping(true)
      return user.chat.state.typing
    })
    .toEqual({ name: null })
  expect(service.published.filter(({ event }) => event === 'typing').length).toBeGreaterThan(0)
  for (const { chat, cable } of [user, staff]) {
    chat.close()
    cable.close()
  }
  await desk.stop()
  await service.stop()
})

// The real @anycable/core, in both protocols.
import { createCable, type Cable, type CreateOptions } from '@anycable/core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { startDesk, until, type Desk } from '../support/desk.ts'

interface Event {
  type: string
  message?: { content: string; seq: number }
}

/** A ws client whose connections a test can cut */
class Cuttable extends WebSocket {
  static open = new Set<Cuttable>()
  constructor(...args: ConstructorParameters<typeof WebSocket>) {
    super(...args)
    Cuttable.open.add(this)
    this.on('close', () => Cuttable.open.delete(this))
  }
}

let desk: Desk
let cables: Cable[] = []
beforeEach(async () => {
  desk = await startDesk()
})
afterEach(async () => {
  for (const cable of cables) cable.disconnect()
  cables = []
  Cuttable.open.clear()
  await desk.stop()
})

function connect(token: string, protocol: 'actioncable-v1-json' | 'actioncable-v1-ext-json', more: object = {}): Cable {
  const cable = createCable(`${desk.wsUrl}/cable`, {
    protocol,
    websocketImplementation: Cuttable,
    auth: { token },
    logLevel: 'error',
    // A busy machine may be silent for longer than the two pings after which it gives up
    pingInterval: 3000,
    maxMissingPings: 100,
    reconnectStrategy: () => 50,
    ...more,
  } as Partial<CreateOptions<'actioncable-v1-ext-json'>>)
  cables.push(cable)
  return cable
}

function join(cable: Cable, channel: string, params: Record<string, string> = {}) {
  const subscription = cable.subscribeTo(channel, params)
  const events: Event[] = []
  const log = { connects: 0, closes: 0 }
  subscription.on('message', (event) => void events.push(event as Event))
  subscription.on('connect', () => void log.connects++)
  subscription.on('close', () => void log.closes++)
  const contents = () => events.flatMap((e) => (e.type === 'new_message' ? [e.message?.content] : []))
  const seqs = () => events.flatMap((e) => (e.type === 'new_message' ? [e.message?.seq] : []))
  return { subscription, events, log, contents, seqs }
}

describe.each(['actioncable-v1-json', 'actioncable-v1-ext-json'] as const)('@anycable/core over %s', (protocol) => {
  it('talks, hears itself and the reply, and staff are told', async () => {
    const { token, chatId } = await desk.person('ada')
    const user = join(connect(token, protocol), 'ChatChannel', { chat_id: chatId })
    const staff = connect(await desk.admin(), protocol)
    const admin = join(staff, 'ChatChannel', { chat_id: chatId })
    const bell = join(staff, 'AdminNotificationChannel')
    await Promise.all([user, admin, bell].map(({ subscription }) => subscription.ensureSubscribed()))
    await user.subscription.perform('send_message', { content: 'Hello', client_id: 'c1' })
    await until(() => user.contents().includes('Hello') && bell.events.find((e) => e.type === 'new_user_message'))
    await admin.subscription.perform('send_message', { content: 'Hi Ada' })
    await until(() => user.contents().includes('Hi Ada') && admin.contents().includes('Hi Ada'))
    await admin.subscription.perform('send_message', { content: 'Bye' })
    await until(() => user.contents().includes('Bye'))
    expect([user.contents(), user.log]).toEqual([['Hello', 'Hi Ada', 'Bye'], { connects: 1, closes: 0 }])
  })

  it.each(['param', 'sub-protocol'])('takes its token by %s', async (websocketAuthStrategy) => {
    const { token, chatId } = await desk.person('ada')
    const user = join(connect(token, protocol, { websocketAuthStrategy }), 'ChatChannel', { chat_id: chatId })
    await user.subscription.ensureSubscribed()
  })

  it('is rejected in a foreign chat', async () => {
    const { chatId } = await desk.person('ada')
    const bob = join(connect(await desk.user('bob'), protocol), 'ChatChannel', { chat_id: chatId })
    await expect(bob.subscription.ensureSubscribed()).rejects.toThrow(/reject/i)
  })

  it('refreshes a token that has expired', async () => {
    const { token, chatId } = await desk.person('ada')
    let refreshed = 0
    const cable = connect(await desk.user('ada', -70), protocol, {
      tokenRefresher: async (transport: { setToken(token: string): void }) => {
        refreshed++
        transport.setToken(token)
      },
    })
    const user = join(cable, 'ChatChannel', { chat_id: chatId })
    await until(() => user.log.connects === 1)
    expect(refreshed).toBe(1)
  })

  it('comes back after a restart', async () => {
    const { token, chatId } = await desk.person('ada')
    const user = join(connect(token, protocol), 'ChatChannel', { chat_id: chatId })
    await user.subscription.ensureSubscribed()
    await desk.restart()
    await until(() => user.log.connects === 2)
    await user.subscription.perform('send_message', { content: 'still here' })
    await until(() => user.contents().includes('still here'))
  })
})

describe('@anycable/core, resuming', () => {
  it('misses nothing and doubles nothing when its connection is cut again and again', async () => {
    const { token, chatId } = await desk.person('ada')
    const sam = await desk.admin()
    const cable = connect(token, 'actioncable-v1-ext-json')
    const user = join(cable, 'ChatChannel', { chat_id: chatId })
    await user.subscription.ensureSubscribed()
    let sent = 0
    const say = () => desk.call('POST', `/admin/chats/${chatId}/messages`, sam, { content: `m${++sent}` })
    await say()
    await until(() => user.seqs().length === 1)
    for (let cut = 0; cut < 4; cut++) {
      // It gives a channel up when the socket drops while its subscribe is pending, so it is cut only when at rest
      await until(() => user.subscription.state === 'connected')
      for (const socket of Cuttable.open) socket.terminate()
      for (let i = 0; i < 5; i++) await say()
      await until(() => user.seqs().includes(sent))
    }
    expect(user.seqs()).toEqual(Array.from({ length: sent }, (_, i) => i + 1))
    expect(user.log.connects).toBe(5)
  })
})

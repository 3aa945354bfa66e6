// The real @rails/actioncable, as a Rails app's pages use it.
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { WebSocket } from 'ws'
import { pause, startDesk, until, type Desk } from '../support/desk.ts'

// It was written for a page: these few things of one are all it touches
const page = { addEventListener: () => undefined, removeEventListener: () => undefined, visibilityState: 'visible' }
Object.assign(globalThis, { document: page, ...page })
// Other files run in the same process afterwards
afterAll(() => {
  for (const name of ['document', ...Object.keys(page)]) Reflect.deleteProperty(globalThis, name)
})

const { adapters, createConsumer } = await import('@rails/actioncable')
/** What it says, over all connections */
let said: string[] = []
adapters.WebSocket = class extends WebSocket {
  override send(data: string): void {
    said.push(data)
    super.send(data)
  }
}

type Consumer = ReturnType<typeof createConsumer>
interface Event {
  type: string
  message?: { content: string; sender_type: string; client_id: string | null }
  [field: string]: unknown
}

let desk: Desk
let consumers: Consumer[] = []
beforeEach(async () => {
  desk = await startDesk()
})
afterEach(async () => {
  for (const consumer of consumers) consumer.disconnect()
  consumers = []
  said = []
  await desk.stop()
})

function connect(token: string): Consumer {
  const consumer = createConsumer(`${desk.wsUrl}/cable?jid=${token}`)
  consumers.push(consumer)
  return consumer
}

function subscribe(consumer: Consumer, channel: string | object) {
  const log = { events: [] as Event[], connected: 0, disconnected: 0, rejected: 0 }
  const subscription = consumer.subscriptions.create(channel, {
    connected: () => void log.connected++,
    disconnected: () => void log.disconnected++,
    rejected: () => void log.rejected++,
    received: (event) => void log.events.push(event),
  })
  const contents = () => log.events.flatMap((e) => (e.type === 'new_message' ? [e.message?.content] : []))
  return { ...subscription, log, contents, perform: subscription.perform.bind(subscription) }
}

describe('@rails/actioncable', () => {
  it.each(['ChatChannel', 'SupportChatChannel'])('talks over %s, hears itself and the reply', async (channel) => {
    const { token, chatId } = await desk.person('ada')
    const user = subscribe(connect(token), { channel, chat_id: chatId })
    const admin = subscribe(connect(await desk.admin()), { channel, chat_id: chatId })
    await until(() => user.log.connected > 0 && admin.log.connected > 0)
    const subscribes = () => said.filter((data) => data.includes('"subscribe"')).length
    const before = subscribes()
    user.perform('send_message', { content: 'Hello', client_id: 'c1' })
    await until(() => user.contents().includes('Hello') && admin.contents().includes('Hello'))
    admin.perform('send_message', { content: 'Hi Ada' })
    await until(() => user.contents().includes('Hi Ada'))
    expect(user.contents()).toEqual(['Hello', 'Hi Ada'])
    const own = user.log.events.find((e) => e.message?.content === 'Hello')
    expect(own?.message).toMatchObject({ client_id: 'c1', sender_type: 'user' })
    // Longer than its guarantor of 500 ms, which subscribes again until it understands that it did. On a slow machine it has done that before
    await pause(700)
    expect(subscribes()).toBe(before)
    expect(user.log).toMatchObject({ disconnected: 0, rejected: 0 })
    // A frame that it does not know would have been handed on as undefined
    expect(user.log.events).not.toContain(undefined)
  })

  it('tells staff on AdminNotificationChannel, and rejects a user there and in a foreign chat', async () => {
    const { token, chatId } = await desk.person('ada')
    const admin = subscribe(connect(await desk.admin()), 'AdminNotificationChannel')
    const ada = connect(token)
    const curious = subscribe(ada, 'AdminNotificationChannel')
    const bob = subscribe(connect(await desk.user('bob')), { channel: 'ChatChannel', chat_id: chatId })
    await until(() => admin.log.connected > 0 && curious.log.rejected > 0 && bob.log.rejected > 0)
    await desk.call('POST', '/support_chat/messages', token, { content: 'Hello' })
    const event = await until(() => admin.log.events.find((e) => e.type === 'new_user_message'))
    expect(event).toMatchObject({ chat_id: chatId, user_email: 'ada@example.com', message: { content: 'Hello' } })
    expect([...curious.log.events, ...bob.log.events]).toEqual([])
  })

  it('stops for good when the token is not valid', async () => {
    const consumer = connect('nonsense')
    const user = subscribe(consumer, { channel: 'ChatChannel', chat_id: 'x' })
    // It neither has a connection nor waits to try again
    await until(() => !consumer.connection.isOpen() && !consumer.connection.monitor.isRunning())
    expect(user.log.connected).toBe(0)
  })

  it('comes back after a restart of the server and goes on', async () => {
    const { token, chatId } = await desk.person('ada')
    const user = subscribe(connect(token), { channel: 'ChatChannel', chat_id: chatId })
    await until(() => user.log.connected > 0)
    const { connected } = user.log
    await desk.restart()
    await until(() => user.log.disconnected > 0 && user.log.connected > connected)
    user.perform('send_message', { content: 'still here' })
    await until(() => user.contents().includes('still here'))
  })
})

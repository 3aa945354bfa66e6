// One tab of one person: the real client core, behind a network that can be made to fail. That of staff has the activity of the chat too.
import { Api } from '../../../src/client/api.ts'
import { Cable } from '../../../src/client/connection/cable.ts'
import { createSession } from '../../../src/client/connection/session.ts'
import { Conversation } from '../../../src/client/conversation/conversation.ts'
import { ActivityFeed } from '../../../src/client/staff/activity-feed.ts'
import type { KeyValue } from '../../../src/client/storage.ts'
import type { AdminSupportChat, SenderType } from '../../../src/protocol/types.ts'
import { FaultProxy } from '../../../src/testing/fault-proxy.ts'
import { FrameProxy } from '../../../src/testing/frame-proxy.ts'

/** Those who have the chat open */
export const STAFF = ['sam', 'kim'] as const

/** Each note of staff has it. It must never be on a line of a user */
export const STAFF_ONLY = 'canary-of-staff'

/** Hands on what comes with the chat for staff, as the dashboard does */
class StaffApi extends Api {
  feed: ActivityFeed | undefined

  override async adminChat(id: string): Promise<AdminSupportChat> {
    const chat = await super.adminChat(id)
    this.feed?.load(chat.activity, chat.epoch)
    return chat
  }
}

export interface DeviceOptions {
  name: string
  role: SenderType
  token: string
  /** Needed for staff */
  chatId?: string
  /** The server that it talks to */
  port: number
  /** Shared by the tabs of one browser */
  storage: KeyValue
  random: () => number
}

export class Device {
  readonly name: string
  readonly role: SenderType
  readonly line: FaultProxy
  readonly frames: FrameProxy
  /** What must never be seen, and was */
  readonly violations: string[] = []
  /** What its person sent, in order */
  readonly sent: string[] = []
  /** The notes, in order */
  readonly noted: string[] = []
  readonly #options: DeviceOptions
  #live: { cable: Cable; conversation: Conversation; feed: ActivityFeed | undefined } | undefined

  private constructor(options: DeviceOptions, line: FaultProxy, frames: FrameProxy) {
    this.#options = options
    this.name = options.name
    this.role = options.role
    this.line = line
    this.frames = frames
    if (options.role === 'admin') return
    frames.heard = (text) => {
      if (text.includes(STAFF_ONLY)) this.violations.push(`${this.name} hears what only staff may see: ${text}`)
    }
  }

  static async start(options: DeviceOptions): Promise<Device> {
    const line = await FaultProxy.start(options.port)
    const device = new Device(options, line, await FrameProxy.start(line.port, options.random))
    device.open()
    return device
  }

  get conversation(): Conversation | undefined {
    return this.#live?.conversation
  }
  get feed(): ActivityFeed | undefined {
    return this.#live?.feed
  }

  open(): void {
    if (this.#live) return
    const { token, role, chatId, storage } = this.#options
    const base = `http://127.0.0.1:${this.frames.port}/`
    const session = createSession({ get: () => Promise.resolve(token), refresh: () => Promise.resolve(null) })
    const api = new StaffApi({ base, session })
    const cable = new Cable({ url: `${base.replace('http', 'ws')}cable`, session })
    const conversation = new Conversation({
      api,
      cable,
      role,
      storage: atOnePort(storage),
      ...(chatId === undefined ? {} : { chatId }),
    })
    if (role === 'admin' && chatId !== undefined)
      api.feed = new ActivityFeed({ api, cable, chatId, storage: atOnePort(storage) })
    const { feed } = api
    this.#live = { cable, conversation, feed }
    conversation.subscribe(() => this.#watch(conversation))
    feed?.subscribe(() => this.#watchFeed(feed))
    cable.open()
    feed?.open()
    void conversation.open()
  }

  /** The tab is closed; what was not delivered waits in its storage */
  close(): void {
    this.#live?.conversation.close()
    this.#live?.feed?.close()
    this.#live?.cable.close()
    this.#live = undefined
  }

  /** False while there is nowhere to type */
  send(content: string): boolean {
    const { conversation } = this
    // The composer is there once the chat has loaded
    if (!conversation || conversation.state.status !== 'ready') return false
    conversation.send(content)
    this.sent.push(content)
    return true
  }

  /** Staff alone */
  note(content: string): void {
    if (this.feed?.write(content)) this.noted.push(content)
  }

  /** What was refused while its person was blocked is sent again */
  retry(): void {
    const { conversation } = this
    for (const { client_id, status } of conversation?.state.pending ?? [])
      if (status === 'failed') conversation?.retry(client_id)
  }

  heal(): void {
    this.line.blackhole(false)
    this.line.refuse(false)
    this.line.delay(0)
    this.frames.set({})
    this.open()
  }

  async stop(): Promise<void> {
    this.close()
    await this.frames.close()
    await this.line.close()
  }

  /** At every moment: in order, without holes, each once */
  #watch({ state }: Conversation): void {
    state.messages.forEach(({ seq }, i) => {
      const before = state.messages[i - 1]
      if (before && seq !== before.seq + 1) this.violations.push(`${this.name} shows ${seq} after ${before.seq}`)
    })
    const ids = new Set(state.messages.map((message) => message.client_id ?? message.id))
    if (ids.size !== state.messages.length) this.violations.push(`${this.name} shows a message twice`)
    for (const { client_id } of state.pending) {
      if (ids.has(client_id)) this.violations.push(`${this.name} shows a message both as sent and as pending`)
    }
  }

  #watchFeed({ state: { activities, pending } }: ActivityFeed): void {
    activities.forEach(({ seq }, i) => {
      const before = activities[i - 1]
      if (before && seq !== before.seq + 1)
        this.violations.push(`${this.name} shows activity ${seq} after ${before.seq}`)
    })
    const ids = new Set(activities.map(({ client_id }) => client_id))
    if (pending.some(({ client_id }) => ids.has(client_id)))
      this.violations.push(`${this.name} shows a note both as stored and as pending`)
  }
}

/** Keys name the server's address. Each device has a proxy of its own, but the tabs of one browser know one address */
const atOnePort = (storage: KeyValue): KeyValue => {
  const name = (key: string): string => key.replace(/:\/\/[^/]+/, '')
  return { get: (key) => storage.get(name(key)), set: (key, value) => storage.set(name(key), value) }
}

export function memoryStorage(): KeyValue {
  const items = new Map<string, string>()
  return {
    get: (key) => items.get(key) ?? null,
    set: (key, value) => void (value === null ? items.delete(key) : items.set(key, value)),
  }
}

// A desk with its servers, one person after the other who writes to it, and the question whether everybody saw what the
// database says.
import type { KeyValue } from '../../../src/client/storage.ts'
import { realNow, realPause } from '../../../src/testing/fast-time.ts'
import { adminToken, userToken, type ServerProcess } from '../../support/server-process.ts'
import { Device, memoryStorage } from './device.ts'
import type { Installation } from './installation.ts'
import { perform, type Step } from './steps.ts'
import type { Truth } from './truth.ts'

/** Real time in which everybody must agree once all faults have ended (ms) */
const SETTLE = 20_000

export class World {
  readonly #nodes: readonly ServerProcess[]
  readonly #truth: Truth
  readonly links: Installation['links']
  /** How often each kind of step was taken, by all runs */
  readonly steps: Record<string, number> = {}
  #people = 0
  #texts = 0

  constructor({ nodes, truth, links }: Installation) {
    this.#nodes = nodes
    this.#truth = truth
    this.links = links
  }

  node(n: number): ServerProcess {
    const node = this.#nodes[n % this.#nodes.length]
    if (!node) throw new Error('A world needs a server')
    return node
  }

  count(kind: string): void {
    this.steps[kind] = (this.steps[kind] ?? 0) + 1
  }

  text({ name }: Device): string {
    return `${name} ${++this.#texts} 👋`
  }

  async setArchived(device: Device, archived: boolean): Promise<void> {
    const chatId = device.conversation?.state.chat_id
    const path = `admin/chats/${chatId}/${archived ? 'archive' : 'unarchive'}`
    await this.#call(device.frames.port, path, 'POST', await adminToken()).catch(() => undefined)
  }

  /** One person's chat, from the first visit to the last fault. @throws when a promise was broken */
  async run(steps: readonly Step[], random: () => number): Promise<void> {
    const id = `p${++this.#people}-${process.pid}`
    const token = await userToken(id)
    const { id: chatId } = (await this.#call(this.node(0).port, 'support_chat', 'GET', token)) as { id: string }
    const browser = memoryStorage()
    const device = async (name: string, node: number, storage: KeyValue): Promise<Device> => {
      const staff = name === 'admin'
      const port = this.node(node).port
      const identity = staff
        ? { role: 'admin' as const, token: await adminToken(), chatId }
        : { role: 'user' as const, token }
      return Device.start({ name, port, storage, random, ...identity })
    }
    // Two tabs of one browser, the person's phone, and somebody of staff
    const devices = await Promise.all([
      device('tab1', 0, browser),
      device('tab2', 1, browser),
      device('phone', 2, memoryStorage()),
      device('admin', 1, memoryStorage()),
    ])
    try {
      for (const step of steps) await perform(step, this, devices)
      for (const one of devices) one.heal()
      this.links.bus?.blackhole(false)
      await this.#settle(chatId, devices)
    } finally {
      await Promise.all(devices.map((one) => one.stop()))
    }
  }

  async #settle(chatId: string, devices: readonly Device[]): Promise<void> {
    const end = realNow() + SETTLE
    for (;;) {
      const broken = devices.flatMap((one) => one.violations)
      if (broken.length > 0) throw new Error(broken.join('\n'))
      const wrong = await this.#differences(chatId, devices)
      if (wrong.length === 0) return
      if (realNow() > end) throw new Error(`They do not agree:\n${wrong.join('\n')}`)
      await realPause(20)
    }
  }

  async #differences(chatId: string, devices: readonly Device[]): Promise<string[]> {
    const log = await this.#truth.messages(chatId)
    const archived = await this.#truth.archived(chatId)
    const texts = log.map((message) => message.content)
    const wrong: string[] = []
    const check = (what: string, is: unknown, should: unknown): void => {
      if (JSON.stringify(is) !== JSON.stringify(should))
        wrong.push(`${what} is ${JSON.stringify(is)} instead of ${JSON.stringify(should)}`)
    }
    check(
      'the sequence',
      log.map((message) => message.seq),
      log.map((_message, i) => i + 1),
    )
    for (const { name, role, sent, conversation } of devices) {
      check(
        `what ${name} sent`,
        texts.filter((text) => sent.includes(text)),
        sent,
      )
      const state = conversation?.state
      if (!state) continue
      check(
        `${name}'s log`,
        state.messages.map((message) => message.content),
        texts,
      )
      check(`${name}'s pending messages`, state.pending.length, 0)
      check(`${name}'s connection`, state.connection, 'connected')
      check(`${name}'s typing mark`, state.typing, null)
      const unread = log.filter((message) => message.sender_type !== role && !message.isRead)
      check(`${name}'s badge`, state.unread_count, unread.length)
      const seen = log.filter((message) => message.sender_type === role && message.isRead)
      const shown = log.filter((message) => message.sender_type === role && message.seq <= state.other_read_seq)
      check(
        `${name}'s receipts`,
        shown.map((message) => message.seq),
        seen.map((message) => message.seq),
      )
      if (role === 'user') check(`${name}'s view of staff`, state.admins_online, 1)
      else {
        check(`${name}'s view of the user`, state.user_online, true)
        check(`${name}'s view of the archive`, state.archived, archived)
      }
    }
    return wrong
  }

  async #call(port: number, path: string, method: string, token: string): Promise<unknown> {
    const response = await fetch(`http://127.0.0.1:${port}/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(20_000),
    })
    return response.json()
  }
}

// A desk with its servers, one person after the other who writes to it, and the question whether everybody saw what the
// database says.
import { randomBytes } from 'node:crypto'
import type { KeyValue } from '../../../src/client/storage.ts'
import { VISITOR_TOKEN_PREFIX } from '../../../src/protocol/visitor.ts'
import { realNow, realPause } from '../../../src/testing/fast-time.ts'
import { adminToken, userToken, type ServerProcess } from '../../support/server-process.ts'
import { Device, memoryStorage, STAFF, STAFF_ONLY } from './device.ts'
import type { Installation } from './installation.ts'
import { perform, type Step } from './steps.ts'
import type { Truth } from './truth.ts'

/** Real time in which everybody must agree once all faults have ended (ms) */
const SETTLE = 20_000

/** Whose chat it is, and who becomes them */
interface Life {
  chatId: string
  userId: string
  token: string
  /** Blocked at some time: what was refused then comes later than what was written after it */
  wasBlocked: boolean
  visitor: {
    token: string
    /** What the server said that it stored, in order */
    acknowledged: string[]
    /** What has no answer */
    lost: string[]
    /** `asked`: nobody knows yet whether it worked */
    merge: 'no' | 'asked' | 'done'
  }
}

export class World {
  readonly #nodes: readonly ServerProcess[]
  readonly #truth: Truth
  readonly links: Installation['links']
  /** How often each kind of step was taken, by all runs */
  readonly steps: Record<string, number> = {}
  #people = 0
  #texts = 0
  #life: Life | undefined

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

  noteText(device: Device): string {
    return `${this.text(device)} ${STAFF_ONLY}`
  }

  async setArchived(device: Device, archived: boolean): Promise<void> {
    await this.#byStaff(device, `admin/chats/${this.life.chatId}/${archived ? 'archive' : 'unarchive'}`)
  }
  async setBlocked(device: Device, blocked: boolean): Promise<void> {
    const { life } = this
    life.wasBlocked ||= blocked
    await this.#byStaff(device, `admin/users/${life.userId}/${blocked ? 'block' : 'unblock'}`)
  }
  async assign(device: Device, to: string | null): Promise<void> {
    await this.#byStaff(device, `admin/chats/${this.life.chatId}/assign`, { assignee_id: to })
  }

  /** Somebody without an account, who is to sign in as the person */
  async visitorSays(node: number): Promise<void> {
    const { visitor } = this.life
    if (visitor.merge !== 'no') return
    const content = `visitor ${++this.#texts}`
    const path = 'support_chat/messages'
    const answer = await this.#call(this.node(node).port, path, 'POST', visitor.token, { content }).catch(() => null)
    if (answer?.ok) visitor.acknowledged.push(content)
    else visitor.lost.push(content)
  }
  async merge(node: number): Promise<void> {
    const { visitor, chatId, token } = this.life
    // An account without messages would take over the visitor's chat, which nobody here has open
    if (visitor.merge === 'done' || (await this.#truth.messages(chatId)).length === 0) return
    visitor.merge = 'asked'
    const path = 'support_chat/visitor'
    const answer = await this.#call(this.node(node).port, path, 'POST', token, { token: visitor.token }).catch(
      () => null,
    )
    if (answer?.ok) visitor.merge = 'done'
  }

  get life(): Life {
    if (!this.#life) throw new Error('Nobody is there')
    return this.#life
  }

  /** One person's chat, from the first visit to the last fault. @throws when a promise was broken */
  async run(steps: readonly Step[], random: () => number): Promise<void> {
    const id = `p${++this.#people}-${process.pid}`
    const token = await userToken(id)
    const opened = await this.#call(this.node(0).port, 'support_chat', 'GET', token)
    const { id: chatId } = (await opened.json()) as { id: string }
    const visitor = { token: VISITOR_TOKEN_PREFIX + randomBytes(32).toString('base64url') }
    this.#life = {
      chatId,
      userId: id,
      token,
      wasBlocked: false,
      visitor: { ...visitor, acknowledged: [], lost: [], merge: 'no' },
    }
    const browser = memoryStorage()
    const device = async (name: string, node: number, storage: KeyValue): Promise<Device> => {
      const staff = STAFF.some((member) => member === name)
      const port = this.node(node).port
      const identity = staff
        ? { role: 'admin' as const, token: await adminToken(name), chatId }
        : { role: 'user' as const, token }
      return Device.start({ name, port, storage, random, ...identity })
    }
    // Two tabs of one browser, the person's phone, and two of staff
    const devices = await Promise.all([
      device('tab1', 0, browser),
      device('tab2', 1, browser),
      device('phone', 2, memoryStorage()),
      device('sam', 1, memoryStorage()),
      device('kim', 0, memoryStorage()),
    ])
    try {
      for (const step of steps) await perform(step, this, devices)
      for (const one of devices) one.heal()
      this.links.bus?.blackhole(false)
      await this.#settle(devices)
    } finally {
      await Promise.all(devices.map((one) => one.stop()))
    }
  }

  async #settle(devices: readonly Device[]): Promise<void> {
    const end = realNow() + SETTLE
    for (;;) {
      await this.#makeUp(devices)
      const broken = devices.flatMap((one) => one.violations)
      if (broken.length > 0) throw new Error(broken.join('\n'))
      const wrong = await this.#differences(devices)
      if (wrong.length === 0) return
      if (realNow() > end) throw new Error(`They do not agree:\n${wrong.join('\n')}`)
      await realPause(20)
    }
  }

  /** People do again what did not work */
  async #makeUp(devices: readonly Device[]): Promise<void> {
    const { chatId, visitor } = this.life
    const [one] = devices.filter(({ role }) => role === 'admin')
    if (one && (await this.#truth.chat(chatId)).isBlocked) await this.setBlocked(one, false)
    for (const device of devices) device.retry()
    if (visitor.merge === 'asked') await this.merge(0)
  }

  async #differences(devices: readonly Device[]): Promise<string[]> {
    const { chatId, visitor, wasBlocked } = this.life
    const log = await this.#truth.messages(chatId)
    const { isArchived, isBlocked, assignee } = await this.#truth.chat(chatId)
    const activity = await this.#truth.activity(chatId)
    const notes = activity.flatMap(({ note }) => note ?? [])
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
    const seqs = activity.map(({ seq }) => seq)
    check(
      'the sequence of the activity',
      seqs,
      seqs.map((_seq, i) => i + 1),
    )
    const isMerged = visitor.merge === 'done'
    const fromVisitor = texts.filter((text) => visitor.acknowledged.includes(text))
    check('what the visitor wrote', fromVisitor, isMerged ? visitor.acknowledged : [])
    const lost = texts.filter((text) => visitor.lost.includes(text))
    check('what the visitor heard nothing of', lost.length, isMerged ? new Set(lost).size : 0)
    check('the merge', visitor.merge === 'asked', false)
    check('the block', isBlocked, false)
    for (const { name, role, sent, noted, conversation, feed } of devices) {
      const inOrder = (all: readonly string[]): readonly string[] => (wasBlocked ? all.toSorted() : all)
      check(`what ${name} sent`, inOrder(texts.filter((text) => sent.includes(text))), inOrder(sent))
      check(
        `what ${name} noted`,
        notes.filter((note) => noted.includes(note)),
        noted,
      )
      if (feed) {
        const { activities, pending, has_more } = feed.state
        check(
          `${name}'s activity`,
          activities.map(({ seq }) => seq),
          has_more ? seqs.slice(-activities.length) : seqs,
        )
        check(`${name}'s pending notes`, pending.length, 0)
        const assigned = activities.findLast(({ kind }) => kind === 'assigned')
        const shown = assigned?.kind === 'assigned' ? assigned.body.assignee_id : null
        check(`${name}'s view of the assignee`, shown, assignee)
        const last = activities.findLast(({ kind }) => kind === 'blocked' || kind === 'unblocked')
        check(`${name}'s view of the block`, last?.kind === 'blocked', isBlocked)
      }
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
      if (role === 'user') check(`${name}'s view of staff`, state.admins_online, STAFF.length)
      else {
        check(`${name}'s view of the user`, state.user_online, true)
        check(`${name}'s view of the archive`, state.archived, isArchived)
      }
    }
    return wrong
  }

  /** Over the device's own line; nobody promises that it gets through */
  async #byStaff({ name, frames }: Device, path: string, body?: unknown): Promise<void> {
    await this.#call(frames.port, path, 'POST', await adminToken(name), body).catch(() => undefined)
  }

  async #call(port: number, path: string, method: string, token: string, body?: unknown): Promise<Response> {
    const json = { 'content-type': 'application/json' }
    return fetch(`http://127.0.0.1:${port}/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...(body !== undefined && json) },
      body: body === undefined ? null : JSON.stringify(body),
      signal: AbortSignal.timeout(20_000),
    })
  }
}

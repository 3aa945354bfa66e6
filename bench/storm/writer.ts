// Staff who write into many chats at a steady pace, whenever their server is there.
import { setTimeout as pause } from 'node:timers/promises'
import type { ChatClient } from '../driver/dialects/dialect.ts'
import { Latencies, type LatencySummary } from '../driver/latencies.ts'
import { connectStaff, type ServerUnderTest } from '../driver/server-under-test.ts'

/** Messages a second */
const RATE = 200
const TURN = 5
const MARK = 'storm '

export class Writer {
  readonly #server: ServerUnderTest
  readonly #chats: string[]
  readonly #sentAt = new Map<string, number>()
  readonly #echoed = new Set<string>()
  readonly #echoes = new Latencies()
  #client: ChatClient | undefined
  #writes = true

  constructor(server: ServerUnderTest, chats: string[]) {
    this.#server = server
    this.#chats = chats
  }

  /** Until `stop` */
  async write(): Promise<void> {
    let due = 0
    let before = performance.now()
    while (this.#writes) {
      this.#client ??= await this.#connect()
      const client = this.#client
      const now = performance.now()
      // What the server was away for is not made up for
      due += (Math.min(now - before, 10 * TURN) / 1000) * RATE
      before = now
      if (!client) due = 0
      else for (; due >= 1; due--) this.#send(client)
      await pause(TURN)
    }
    this.#client?.close()
  }

  stop(): void {
    this.#writes = false
  }

  get sent(): number {
    return this.#sentAt.size
  }
  /** Of what was echoed, and so is stored */
  get contents(): string[] {
    return [...this.#echoed].map((number) => MARK + number)
  }
  get latency(): LatencySummary {
    return this.#echoes.summary()
  }

  #send(client: ChatClient): void {
    const number = this.#sentAt.size
    this.#sentAt.set(`${number}`, performance.now())
    client.send(this.#chats[number % this.#chats.length] ?? '', `${MARK}${number}`)
  }

  /** Undefined while the server is away */
  async #connect(): Promise<ChatClient | undefined> {
    const onClosed = (): void => void (this.#client = undefined)
    const onEvent = (_: string, frame: string): void => this.#heard(frame)
    try {
      return await connectStaff(this.#server, 0, this.#chats, { onEvent, onClosed, onError: onClosed })
    } catch {
      return undefined
    }
  }

  #heard(frame: string): void {
    const number = /storm (\d+)/.exec(frame)?.[1] ?? ''
    const at = this.#sentAt.get(number)
    if (at === undefined || this.#echoed.has(number)) return
    this.#echoed.add(number)
    this.#echoes.add(performance.now() - at)
  }
}

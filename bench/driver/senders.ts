// Users who write numbered messages into their chats and wait for the echoes.
import type { ChatClient, EventKind } from './dialects/dialect.ts'
import { Latencies } from './latencies.ts'
import type { Deliveries } from './load-result.ts'
import type { NumberedContents } from './numbered-content.ts'
import { NumbersSeen, sumTallies } from './numbers-seen.ts'
import { connectUser, type ServerUnderTest } from './server-under-test.ts'
import { sideBySide } from './side-by-side.ts'
import type { Troubles } from './troubles.ts'
import type { Window } from './window.ts'

/** What all participants of a run share */
export interface RunParts {
  server: ServerUnderTest
  contents: NumberedContents
  troubles: Troubles
  window: Window
  isWellFormed: (kind: EventKind, frame: string) => boolean
}

interface Sender {
  chatId: string
  client: ChatClient
  /** When the nth message was sent */
  sentAt: number[]
  seen: NumbersSeen
}

const CONNECT_AT_ONCE = 50
/** A prime: consecutive messages come from senders far apart */
const STRIDE = 7919

export class Senders {
  readonly latencies = new Latencies()
  readonly echoNumbers: string[] = []
  /** Echoes in the measured time */
  echoed = 0
  readonly #parts: RunParts
  readonly #keepEchoes: boolean
  #senders: Sender[] = []
  /** Each echo is answered with the next message */
  #answersEchoes = false

  constructor(parts: RunParts, keepEchoes: boolean) {
    this.#parts = parts
    this.#keepEchoes = keepEchoes
  }

  async connect(count: number): Promise<void> {
    const { server, troubles } = this.#parts
    const senders: Sender[] = []
    await sideBySide(count, CONNECT_AT_ONCE, async (index) => {
      const { chatId, client } = await connectUser(server, index, {
        onEvent: (kind, frame) => this.#receive(index, kind, frame),
        onClosed: (reason) => troubles.note('disconnects', reason),
        onError: (reason) => troubles.note('errors', reason),
      })
      senders[index] = { chatId, client, sentAt: [], seen: new NumbersSeen() }
    })
    this.#senders = senders
  }

  get count(): number {
    return this.#senders.length
  }
  chatIdOf(index: number): string {
    return this.#at(index).chatId
  }
  sentAt(index: number, number: number): number {
    return this.#at(index).sentAt[number] ?? NaN
  }
  sent(): number {
    return this.#senders.reduce((sum, { sentAt }) => sum + sentAt.length, 0)
  }
  sentBy(index: number): number {
    return this.#at(index).sentAt.length
  }
  missing(): number {
    return this.sent() - sumTallies(this.#senders.map(({ seen }) => seen)).received
  }
  deliveries(): Deliveries {
    const { received, doubled, disordered } = sumTallies(this.#senders.map(({ seen }) => seen))
    return { expected: this.sent(), lost: this.sent() - received, doubled, disordered }
  }

  /** Each sender has so many messages under way until `stop` */
  keepUnderWay(count: number): void {
    this.#answersEchoes = true
    for (let index = 0; index < this.#senders.length; index++) {
      for (let i = 0; i < count; i++) this.#send(index)
    }
  }
  sendNth(n: number): void {
    this.#send((n * STRIDE) % this.#senders.length)
  }
  stop(): void {
    this.#answersEchoes = false
  }
  close(): void {
    for (const { client } of this.#senders) client.close()
  }

  #at(index: number): Sender {
    const sender = this.#senders[index]
    if (!sender) throw new Error(`There is no sender ${index}`)
    return sender
  }
  #send(index: number): void {
    const { chatId, client, sentAt } = this.#at(index)
    const content = this.#parts.contents.write(index, sentAt.length)
    sentAt.push(performance.now())
    client.send(chatId, content)
  }
  #receive(index: number, kind: EventKind, frame: string): void {
    const now = performance.now()
    const { contents, isWellFormed, troubles, window } = this.#parts
    const read = contents.read(frame)
    if (kind !== 'message' || read?.sender !== index) return troubles.note('foreign', frame)
    if (!isWellFormed(kind, frame)) troubles.note('malformed', frame)
    const { sentAt, seen } = this.#at(index)
    if (!seen.see(read.number)) return
    if (this.#keepEchoes) this.echoNumbers.push(`${index}:${read.number}`)
    if (window.holds(now)) this.echoed++
    const sent = sentAt[read.number] ?? NaN
    if (window.holds(sent)) this.latencies.add(now - sent)
    if (this.#answersEchoes) this.#send(index)
  }
}

// Staff who hear of every user's message, and have some of the chats open.
import type { ChatClient, EventKind } from './dialects/dialect.ts'
import { Latencies } from './latencies.ts'
import type { Deliveries } from './load-result.ts'
import { NumbersSeen, sumTallies } from './numbers-seen.ts'
import type { RunParts, Senders } from './senders.ts'
import { connectStaff } from './server-under-test.ts'

interface Watcher {
  client: ChatClient | undefined
  /** By sender */
  notifications: NumbersSeen[]
  views: Map<number, NumbersSeen>
}

export class Watchers {
  readonly latencies = new Latencies()
  readonly #parts: RunParts
  readonly #senders: Senders
  readonly #watchers: Watcher[] = []

  constructor(parts: RunParts, senders: Senders) {
    this.#parts = parts
    this.#senders = senders
  }

  /** @param views of how many users each has the chat open */
  async connect(count: number, views: number): Promise<void> {
    const { server, troubles } = this.#parts
    const users = this.#senders.count
    for (let index = 0; index < count; index++) {
      const viewed = Array.from({ length: Math.min(views, users) }, (_, i) => (index * views + i) % users)
      const watcher: Watcher = {
        client: undefined,
        notifications: Array.from({ length: users }, () => new NumbersSeen()),
        views: new Map(viewed.map((sender) => [sender, new NumbersSeen()])),
      }
      this.#watchers.push(watcher)
      const chats = viewed.map((sender) => this.#senders.chatIdOf(sender))
      watcher.client = await connectStaff(server, index, chats, {
        onEvent: (kind, frame) => this.#receive(watcher, kind, frame),
        onClosed: (reason) => troubles.note('disconnects', reason),
        onError: (reason) => troubles.note('errors', reason),
      })
    }
  }

  missing(): number {
    return this.notifications().lost
  }
  notifications(): Deliveries {
    const { received, doubled, disordered } = sumTallies(this.#watchers.flatMap(({ notifications }) => notifications))
    const expected = this.#senders.sent() * this.#watchers.length
    return { expected, lost: expected - received, doubled, disordered }
  }
  views(): Deliveries {
    const all = this.#watchers.flatMap(({ views }) => [...views])
    const { received, doubled, disordered } = sumTallies(all.map(([, seen]) => seen))
    const expected = all.reduce((sum, [sender]) => sum + this.#senders.sentBy(sender), 0)
    return { expected, lost: expected - received, doubled, disordered }
  }
  close(): void {
    for (const { client } of this.#watchers) client?.close()
  }

  #receive(watcher: Watcher, kind: EventKind, frame: string): void {
    const now = performance.now()
    const { contents, isWellFormed, troubles, window } = this.#parts
    const read = contents.read(frame)
    const sender = read?.sender ?? -1
    const seen = kind === 'notification' ? watcher.notifications[sender] : watcher.views.get(sender)
    if (!read || !seen) return troubles.note('foreign', frame)
    if (!isWellFormed(kind, frame)) troubles.note('malformed', frame)
    if (!seen.see(read.number) || kind !== 'notification') return
    const sent = this.#senders.sentAt(sender, read.number)
    if (window.holds(sent)) this.latencies.add(now - sent)
  }
}

// Who listens to what, and the way out of every event: to the listeners of this node, and as a hint to the other nodes.
import type { ChatChannelMessage } from '../../../protocol/events.ts'
import type { Stored } from '../../messages/append.ts'
import type { Bus } from '../../ports/bus.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Observer } from '../../ports/observer.ts'
import type { ChatRecord } from '../../ports/store/chats.ts'
import type { Store } from '../../ports/store/store.ts'
import { ChatStream } from './chat-stream.ts'
import { fanOut } from './fan-out.ts'
import { Nodes, type Hint } from '../nodes/nodes.ts'
import { isHereOtherwise, presenceEverywhere, presenceHere } from './presence.ts'
import { StaffStream } from './staff-stream.ts'
import type { Subscription } from './subscription.ts'

/** With several nodes: how often what listeners were told is compared with the database, since hints get lost (ms) */
const COMPARE_EVERY = 10_000
/** What another node said about presence holds this long (ms); where it matters it is asked for again before */
const PRESENCE_HOLDS = 30_000
/** Chats compared at a time */
const COMPARE_BATCH = 500

export interface HubOptions {
  store: Store
  clock: Clock
  onError: (error: unknown) => void
  /** Null: this is the only node */
  bus: Bus | null
  observer: Observer | undefined
}

export class Hub {
  readonly #staff: StaffStream
  readonly #options: HubOptions
  readonly #chats = new Map<string, ChatStream>()
  readonly #nodes: Nodes | null
  #cancel: (() => void) | undefined

  constructor(options: HubOptions) {
    const { store, clock, onError, bus, observer } = options
    this.#options = options
    this.#staff = new StaffStream(store, clock)
    const receive = (hint: Hint, node: string): void => this.#hear(hint, node)
    const resumed = (): void => void this.#compare()
    this.#nodes = bus && new Nodes({ bus, clock, onError, observer, receive, resumed })
    if (bus) this.#tick()
  }

  /** @param chat as it was read for this subscription. Null: what all staff hear */
  join(subscription: Subscription, chat: ChatRecord | null): void {
    if (!chat) return this.#staff.join(subscription)
    let stream = this.#chats.get(chat.id)
    if (!stream) this.#chats.set(chat.id, (stream = new ChatStream(chat, this.#options.store, this.#options.clock)))
    stream.listeners.add(subscription)
    this.#announcePresence(stream, subscription)
    if (!isHereOtherwise(stream, subscription)) this.#sharePresence(stream, true)
  }

  leave(subscription: Subscription, chat: ChatRecord | null): void {
    if (!chat) return this.#staff.leave(subscription)
    const stream = this.#chats.get(chat.id)
    if (!stream?.listeners.delete(subscription)) return
    if (stream.listeners.size > 0) this.#announcePresence(stream)
    else this.#chats.delete(chat.id)
    if (!isHereOtherwise(stream, subscription)) this.#sharePresence(stream, false)
  }

  /** After a commit: tells the chat and the staff, in commit order */
  deliver(batch: Stored[]): void {
    for (const { chat, message, unarchived } of batch) {
      const stream = this.#chats.get(chat.id)
      const json = JSON.stringify(message)
      stream?.deliver(message, json)
      if (unarchived) stream?.refresh()
      this.#staff.committed(chat, message, json)
      this.#nodes?.tell({ type: 'messages', chat: chat.id, from: message.seq, to: message.seq })
      if (unarchived) this.#nodes?.tell({ type: 'state', chat: chat.id })
    }
  }

  /** @param event `reader` has read further */
  read(chatId: string, event: Extract<ChatChannelMessage, { type: 'messages_read' }>): void {
    this.#chats.get(chatId)?.tell(event)
    // What a user has read is in no row
    if (event.reader === 'admin') this.#staff.rowChanged(chatId)
    this.#nodes?.tell({ type: 'state', chat: chatId })
  }

  /** The chat was archived or restored */
  archiveChanged(chatId: string): void {
    this.#chats.get(chatId)?.refresh()
    this.#staff.rowChanged(chatId)
    this.#nodes?.tell({ type: 'state', chat: chatId })
  }

  /** @param from not told; undefined: it is of no stream here */
  typing(chatId: string, event: ChatChannelMessage, from?: Subscription): void {
    this.#chats.get(chatId)?.tell(event, from)
    this.#nodes?.tell({ type: 'typing', chat: chatId, event })
  }

  presence(chatId: string): { user_online: boolean; admins_online: number } {
    const stream = this.#chats.get(chatId)
    return stream ? presenceEverywhere(stream) : { user_online: false, admins_online: 0 }
  }

  close(): void {
    this.#cancel?.()
    this.#staff.close()
    this.#nodes?.close()
  }

  /** @param newcomer is told in any case, unless nobody of the other side has been here */
  #announcePresence(stream: ChatStream, newcomer?: Subscription): void {
    const presence = presenceEverywhere(stream)
    const json = JSON.stringify({ type: 'presence', ...presence })
    // It interests the other side alone, so a person by themselves causes no frame
    if (stream.toldPresence === null && !(presence.user_online && presence.admins_online > 0)) return
    // Somebody's thousandth connection changes nothing, and must not cost a frame to each of the others
    if (json !== stream.toldPresence) fanOut(stream.listeners, json)
    else if (newcomer) fanOut([newcomer], json)
    stream.toldPresence = json
  }

  #sharePresence(stream: ChatStream, ask: boolean): void {
    this.#nodes?.tell({ type: 'presence', chat: stream.chatId, ask, ...presenceHere(stream) })
  }

  // --- other nodes ---------------------------------------------------------------------------------------------

  #hear(hint: Hint, node: string): void {
    const stream = this.#chats.get(hint.chat)
    if (hint.type === 'messages') {
      stream?.catchUp()
      this.#staff.committedElsewhere(hint.chat, hint.from, hint.to)
    } else if (hint.type === 'state') {
      stream?.refresh()
      this.#staff.rowChanged(hint.chat)
    } else if (hint.type === 'typing') stream?.tell(hint.event)
    else if (stream) this.#hearPresence(stream, hint, node)
  }

  #hearPresence(stream: ChatStream, hint: Extract<Hint, { type: 'presence' }>, node: string): void {
    if (hint.user || hint.admins.length > 0) {
      const until = this.#options.clock.now() + PRESENCE_HOLDS
      stream.elsewhere ??= new Map()
      stream.elsewhere.set(node, { user: hint.user, admins: hint.admins, until })
    } else stream.elsewhere?.delete(node)
    this.#announcePresence(stream)
    if (hint.ask) this.#sharePresence(stream, false)
  }

  #tick(): void {
    this.#cancel = this.#options.clock.after(COMPARE_EVERY, () => {
      this.#tick()
      void this.#compare()
      const now = this.#options.clock.now()
      for (const stream of this.#chats.values()) {
        for (const [node, { until }] of stream.elsewhere ?? []) if (until < now) stream.elsewhere?.delete(node)
        this.#announcePresence(stream)
        // Where staff looks on, both sides see who is there
        if (stream.has('admin')) this.#sharePresence(stream, true)
      }
    })
  }

  /** Whatever hints were lost */
  async #compare(): Promise<void> {
    void this.#staff.compare()
    const streams = [...this.#chats.values()]
    for (let i = 0; i < streams.length; i += COMPARE_BATCH)
      await this.#compareChats(streams.slice(i, i + COMPARE_BATCH))
  }

  async #compareChats(streams: ChatStream[]): Promise<void> {
    try {
      for (const chat of await this.#options.store.findChats(streams.map((stream) => stream.chatId))) {
        const stream = this.#chats.get(chat.id)
        // What was read here may be older than what was told since, so it is no more than a reason to look
        if (stream?.differs(chat)) stream.refresh()
      }
    } catch {
      // The database is away; the next look finds it
    }
  }
}

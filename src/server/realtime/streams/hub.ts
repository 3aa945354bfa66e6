// All subscriptions on this node. The hub sends committed events to them, and hints about the events to the other nodes.
import type { ActivityKind } from '../../../protocol/activity.ts'
import type { ChatChannelMessage, Looking } from '../../../protocol/events.ts'
import { EncodedMessage } from '../../../protocol/encode.ts'
import type { ChatEvent } from '../../events/chat-event.ts'
import type { Bus } from '../../ports/bus.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Observer } from '../../ports/observer.ts'
import type { ChatRecord } from '../../ports/store/chats.ts'
import type { Store } from '../../ports/store/store.ts'
import type { Hint } from '../nodes/hint.ts'
import { Nodes } from '../nodes/nodes.ts'
import { NOBODY, type Presence } from './chat-presence.ts'
import { ActivityStream } from './activity-stream.ts'
import { ChatStream } from './chat-stream.ts'
import { StaffPresence } from './staff-presence.ts'
import { StaffStream } from './staff-stream.ts'
import type { Subscription } from './subscription.ts'

/** With several nodes: how often what was sent is compared with the database, because hints may be lost (ms) */
export const COMPARE_EVERY = 10_000
/** How long the presence from another node is valid (ms). Each comparison asks for it again, and two answers may be lost */
export const PRESENCE_HOLDS = 3 * COMPARE_EVERY
/** Chats compared at a time */
const COMPARE_BATCH = 500

/** Activity that rows of the list show */
export const IN_ROWS: ReadonlySet<ActivityKind> = new Set(['assigned', 'tagged', 'rated', 'blocked', 'unblocked'])

export interface HubOptions {
  store: Store
  clock: Clock
  onError: (error: unknown) => void
  /** Null: this is the only node */
  bus: Bus | null
  observer: Observer | undefined
  /** Called with what is typed through this node */
  onTyping?: ((chatId: string, event: TypingEvent) => void) | undefined
}

type TypingEvent = Extract<ChatChannelMessage, { type: 'typing' }>

export class Hub {
  readonly #staff: StaffStream
  readonly staffPresence: StaffPresence
  readonly #options: HubOptions
  readonly #chats = new Map<string, ChatStream>()
  /** By chat */
  readonly #activities = new Map<string, ActivityStream>()
  readonly #nodes: Nodes | null
  #cancel: (() => void) | undefined

  constructor(options: HubOptions) {
    const { store, clock, onError, bus, observer } = options
    this.#options = options
    this.#staff = new StaffStream(store, clock)
    this.staffPresence = new StaffPresence(clock, () => this.#staff.watchers())
    const receive = (hint: Hint, node: string): void => this.#receiveHint(hint, node)
    const resumed = (): void => void this.#compare()
    this.#nodes = bus && new Nodes({ bus, clock, onError, observer, receive, resumed })
    if (bus) this.#tick()
  }

  join(subscription: Subscription): void {
    // Its connection may have been cut off by the frame that confirmed it. Nobody would leave for it
    if (!subscription.isOpen) return
    const { topic } = subscription
    if (topic.type === 'staff') {
      this.#staff.join(subscription)
      return this.#nodes?.publish({ type: 'staff', id: subscription.identity.id })
    }
    const { chat } = topic
    if (topic.type === 'activity') return this.#joinActivity(chat, subscription)
    let stream = this.#chats.get(chat.id)
    if (!stream) this.#chats.set(chat.id, (stream = new ChatStream(chat, this.#options.store, this.#options.clock)))
    stream.subscriptions.add(subscription)
    stream.presence.announce(subscription)
    if (!stream.presence.hasOther(subscription)) this.#sharePresence(stream, true)
  }

  leave(subscription: Subscription): void {
    const { topic } = subscription
    if (topic.type === 'staff') {
      const { id } = subscription.identity
      this.#staff.leave(subscription)
      this.staffPresence.seen(id)
      if (!this.#staff.watchers().has(id)) this.#nodes?.publish({ type: 'staff', id, left: true })
      return
    }
    if (topic.type === 'activity') return this.#leaveActivity(topic.chat.id, subscription)
    const stream = this.#chats.get(topic.chat.id)
    if (!stream?.subscriptions.delete(subscription)) return
    if (stream.subscriptions.size > 0) stream.presence.announce()
    else this.#chats.delete(stream.chatId)
    if (!stream.presence.hasOther(subscription)) this.#sharePresence(stream, false)
  }

  /** Sends what this node committed, in this order */
  receive(events: readonly ChatEvent[]): void {
    for (const event of events) {
      if (event.type === 'message') this.#message(event)
      else if (event.type === 'read') this.#read(event)
      else if (event.type === 'activity') this.#activity(event)
      else this.#archiveChanged(event.chat.id)
    }
  }

  /** @param from the sender's own subscription, which does not get the event; undefined: it came over REST */
  typing(chatId: string, event: TypingEvent, from?: Subscription): void {
    const stream = this.#chats.get(chatId)
    if (event.sender_type === 'user' && stream?.isBlocked) return
    stream?.broadcast(event, from)
    if (stream?.isStored === false) return
    this.#nodes?.publish({ type: 'typing', chat: chatId, event })
    this.#options.onTyping?.(chatId, event)
  }

  /** Somebody of staff looks at a chat, which those who follow its activity hear on every node. It runs out unless it is repeated */
  look(chatId: string, looking: Looking): void {
    const isNew = this.#activities.get(chatId)?.look(looking, true)
    this.#nodes?.publish({ type: 'look', of: chatId, who: looking, ...(isNew && { ask: true }) })
  }

  presence(chatId: string): Presence {
    return this.#chats.get(chatId)?.presence.everywhere() ?? NOBODY
  }

  /** What the host says about the chat's user has changed */
  described(chatId: string): void {
    this.#staff.personChanged(chatId)
    this.#nodes?.publish({ type: 'state', chat: chatId, person: true })
  }

  /** A visitor's messages, or their chat, have come to an account: its clients and staff see it everywhere */
  merged(chatId: string): void {
    this.#chats.get(chatId)?.refresh()
    this.#activities.get(chatId)?.catchUp()
    this.described(chatId)
  }

  /** The chat and its user were erased. Who has it on the screen here learns it */
  erased(chatId: string): void {
    this.#chats.get(chatId)?.reject()
    this.#activities.get(chatId)?.reject()
    this.#staff.erased(chatId)
  }

  /** Lets the other nodes find out that the chat was erased, before they read it among the revocations */
  hintErased(chatId: string): void {
    this.#nodes?.publish({ type: 'state', chat: chatId })
  }

  close(): void {
    this.#cancel?.()
    this.#staff.close()
    for (const stream of this.#activities.values()) stream.close()
    this.#nodes?.close()
  }

  #message({ chat, message }: Extract<ChatEvent, { type: 'message' }>): void {
    const encoded = new EncodedMessage(message)
    this.#chats.get(chat.id)?.committed(encoded)
    this.#staff.committed(chat, encoded)
    this.#nodes?.publish({ type: 'messages', chat: chat.id, from: message.seq, to: message.seq })
  }

  #read({ chat, reader, up_to_seq, read_at }: Extract<ChatEvent, { type: 'read' }>): void {
    this.#chats.get(chat.id)?.broadcast({ type: 'messages_read', reader, up_to_seq, read_at })
    // Rows of the list do not show the user's read mark
    if (reader === 'admin') this.#staff.rowChanged(chat.id)
    this.#nodes?.publish({ type: 'state', chat: chat.id })
  }

  #activity({ chat, activity }: Extract<ChatEvent, { type: 'activity' }>): void {
    this.#activities.get(chat.id)?.committed(activity)
    this.#nodes?.publish({ type: 'state', chat: chat.id, activity: true })
    if (!IN_ROWS.has(activity.kind)) return
    if (activity.kind === 'blocked' || activity.kind === 'unblocked')
      this.#chats.get(chat.id)?.block(activity.kind === 'blocked')
    this.#staff.rowChanged(chat.id)
    this.#nodes?.publish({ type: 'state', chat: chat.id })
  }

  #joinActivity(chat: ChatRecord, subscription: Subscription): void {
    let stream = this.#activities.get(chat.id)
    const { store, clock } = this.#options
    if (!stream) this.#activities.set(chat.id, (stream = new ActivityStream(chat, store, clock)))
    stream.join(subscription)
  }

  #leaveActivity(chatId: string, subscription: Subscription): void {
    const stream = this.#activities.get(chatId)
    if (!stream) return
    const { id, name } = subscription.identity
    if (stream.leave(subscription))
      this.#nodes?.publish({ type: 'look', of: chatId, who: { id, name, writing: null }, gone: true })
    if (stream.subscriptions.size > 0) return
    stream.close()
    this.#activities.delete(chatId)
  }

  #archiveChanged(chatId: string): void {
    // Read from the database, because an archive and a user message that unarchives may be reported in either order
    this.#chats.get(chatId)?.refresh()
    this.#staff.rowChanged(chatId)
    this.#nodes?.publish({ type: 'state', chat: chatId })
  }

  /** @param ask whether the other nodes should send who is in the chat there */
  #sharePresence(stream: ChatStream, ask: boolean): void {
    if (!stream.isStored) return
    this.#nodes?.publish({ type: 'presence', chat: stream.chatId, ask, ...stream.presence.here() })
  }

  /** Other nodes learn who of staff is online. Of a node that dies nobody says that they have left: that runs out */
  #shareStaff(): void {
    for (const id of this.#staff.watchers()) this.#nodes?.publish({ type: 'staff', id })
  }

  #receiveHint(hint: Hint, node: string): void {
    if (hint.type === 'staff') return this.staffPresence.heard(hint, node, this.#options.clock.now() + PRESENCE_HOLDS)
    if (hint.type === 'look') return this.#lookedElsewhere(hint)
    const stream = this.#chats.get(hint.chat)
    if (hint.type === 'messages') {
      stream?.catchUp()
      this.#staff.committedElsewhere(hint.chat, hint.from, hint.to)
    } else if (hint.type === 'state') {
      // A merge is told as a change of the person, and brings activity too
      if (hint.activity || hint.person) this.#activities.get(hint.chat)?.catchUp()
      if (hint.activity) return
      stream?.refresh()
      if (hint.person) this.#staff.personChanged(hint.chat)
      else this.#staff.rowChanged(hint.chat)
    } else if (hint.type === 'typing') stream?.broadcast(hint.event)
    else if (stream) {
      stream.presence.setElsewhere(node, hint, this.#options.clock.now() + PRESENCE_HOLDS)
      stream.presence.announce()
      if (hint.ask) this.#sharePresence(stream, false)
    }
  }

  #lookedElsewhere({ of, who, ask, gone }: Extract<Hint, { type: 'look' }>): void {
    const stream = this.#activities.get(of)
    if (!stream) return
    if (gone) stream.gone(who.id, false)
    else stream.look(who, false)
    if (ask) for (const here of stream.lookingHere) this.#nodes?.publish({ type: 'look', of, who: here })
  }

  #tick(): void {
    this.#cancel = this.#options.clock.after(COMPARE_EVERY, () => {
      this.#tick()
      void this.#compare()
      this.#shareStaff()
      const now = this.#options.clock.now()
      this.staffPresence.expire(now)
      for (const stream of this.#chats.values()) {
        stream.presence.expire(now)
        stream.presence.announce()
        // Only when staff are in the chat does anybody see its presence
        if (stream.has('admin')) this.#sharePresence(stream, true)
      }
    })
  }

  /** Finds changes whose hints were lost */
  async #compare(): Promise<void> {
    void this.#staff.compare()
    const streams = [...this.#chats.values(), ...this.#activities.values()]
    for (let i = 0; i < streams.length; i += COMPARE_BATCH)
      await this.#compareChats(streams.slice(i, i + COMPARE_BATCH))
  }

  async #compareChats(streams: (ChatStream | ActivityStream)[]): Promise<void> {
    try {
      const ids = new Set(streams.map((stream) => stream.chatId))
      const rows = await this.#options.store.findChats([...ids])
      const byId = new Map(rows.map((chat) => [chat.id, chat]))
      for (const stream of streams) stream.compare(byId.get(stream.chatId))
    } catch {
      // The database is unavailable; the next comparison finds the changes
    }
  }
}

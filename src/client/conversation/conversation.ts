// One chat, live, for either side: an observable store without any user interface.
import type { SupportAttachment } from '../../protocol/attachments.ts'
import { CHAT_CHANNEL, chatStream } from '../../protocol/cable.ts'
import type { History } from '../../protocol/cable.ts'
import type { ChatAction, ChatChannelMessage } from '../../protocol/events.ts'
import { isEmpty } from '../../protocol/message.ts'
import type { MessagePage, SenderType, SupportMessage } from '../../protocol/types.ts'
import type { Api } from '../api.ts'
import type { Cable } from '../connection/cable.ts'
import type { Subscription } from '../connection/cable-frames.ts'

import type { ChatEndpoint, OpenedChat, SentMessage } from './chat-endpoint.ts'
import { chatEndpoint } from './chat-endpoint.ts'
import type { ConversationState } from './conversation-state.ts'
import { ConversationStore } from './conversation-store.ts'
import { MessageSender } from './message-sender.ts'
import { Outbox, type PendingMessage } from './outbox.ts'
import type { KeyValue } from '../storage.ts'
import { Sync } from './sync.ts'
import { TypingSender, TypingWatch } from './typing.ts'

export type { ConversationState } from './conversation-state.ts'
export type { PendingMessage } from './outbox.ts'

export interface ConversationOptions {
  api: Api
  cable: Cable
  /** The side that this client is on */
  role: SenderType
  /** Needed for role `admin` */
  chatId?: string | undefined
  /** Called for each new message of the other side */
  onReply?: ((message: SupportMessage) => void) | undefined
  /** Where unsent messages are kept when the tab is closed; localStorage unless given */
  storage?: KeyValue | undefined
}

const sentMessage = ({ content, client_id, attachments }: PendingMessage): SentMessage => ({
  content,
  client_id,
  attachment_ids: attachments?.map(({ id }) => id),
})

export class Conversation {
  declare readonly role: SenderType
  /** The server that it talks to */
  declare readonly api: Api
  readonly #other: SenderType
  readonly #cable: Cable
  readonly #chatId: string | undefined
  readonly #endpoint: ChatEndpoint
  readonly #store: ConversationStore
  readonly #outbox: Outbox
  readonly #sender: MessageSender
  readonly #sync: Sync
  readonly #typingSender = new TypingSender((typing) => this.#tellTyping(typing))
  readonly #typingWatch = new TypingWatch((typing) => this.#store.patch({ typing }))
  readonly #onReply: ((message: SupportMessage) => void) | undefined
  #subscription: Subscription | null = null
  /** The chat of the subscription */
  #liveChat: string | null = null
  #unwatch: (() => void)[] = []
  /** Read up to this seq, which the server has not confirmed */
  #unsavedRead: number | null = null

  constructor({ api, cable, role, chatId, onReply, storage }: ConversationOptions) {
    this.role = role
    this.#other = role === 'user' ? 'admin' : 'user'
    this.api = api
    this.#cable = cable
    this.#chatId = chatId
    this.#onReply = onReply
    const store = (this.#store = new ConversationStore(role, cable.status))
    const endpoint = (this.#endpoint = chatEndpoint(api, role, chatId ?? null))
    this.#outbox = new Outbox(storage)
    this.#sender = new MessageSender({
      outbox: this.#outbox,
      perform: (item) => this.#perform({ action: 'send_message', ...sentMessage(item) }),
      post: (item) => (store.epoch === null || !this.#unwatch[0] ? null : endpoint.send(sentMessage(item))),
      stored: (message) => {
        cable.restAnswered(true)
        this.#arrived([message])
      },
      changed: () => store.patch({ pending: this.#outbox.items }),
    })
    this.#sync = new Sync({
      store,
      endpoint,
      cable,
      session: api.session,
      // Thousands come back at once after a restart, and a server that starts has no time for their polls besides
      live: () => this.#subscription?.live || (cable.status === 'reconnecting' && !cable.down),
      loaded: (chat, asked) => this.#loaded(chat, asked),
      arrived: (page) => this.#fetched(page),
      flush: () => this.#flush(),
    })
  }

  /** An immutable snapshot; a new object after every change */
  get state(): ConversationState {
    return this.#store.state
  }

  subscribe(listener: () => void): () => void {
    return this.#store.subscribe(listener)
  }

  /** Loads and goes live. Call it again to retry at once. Never rejects: see `state.status`. */
  async open(): Promise<void> {
    if (!this.#unwatch[0])
      this.#unwatch = [
        this.#cable.onStatus((status) => {
          if (status !== 'connected' && this.state.typing) this.#typingWatch.heard(false, null)
        }),
        this.api.session.onChange(() => this.#sessionChanged()),
      ]
    this.#sessionChanged()
    this.#sync.start()
    if (this.#store.epoch === null) this.#store.patch({ status: 'loading', error: null })
    await this.#sync.load()
  }

  /** Stops everything but keeps the state; `open()` starts again */
  close(): void {
    this.#typingSender.set(false)
    this.#typingSender.close()
    this.#typingWatch.close()
    this.#sender.close()
    this.#sync.stop()
    for (const undo of this.#unwatch.splice(0)) undo()
    this.#subscription?.unsubscribe()
    this.#subscription = null
  }

  /** Call it after `close()` when the person signed out: drops what was not sent yet */
  forget(): void {
    this.#outbox.clear()
    this.#store.patch({ pending: this.#outbox.items })
  }

  /**
   * @param attachments that were uploaded, by `Uploads`: the text may then be empty
   * @returns false when it was not taken, because it has no text, or nobody knows yet whose it is
   */
  send(content: string, attachments?: readonly SupportAttachment[]): boolean {
    // The server refuses what is not Unicode, which may come from the clipboard
    const written = { content: content.toWellFormed().replaceAll('\0', '').trim(), attachments }
    const { person, status } = this.state
    if ((isEmpty(written) && !attachments?.length) || (person === null && status !== 'ready')) return false
    this.#typingSender.set(false)
    this.#sender.send(written)
    return true
  }
  retry(clientId: string): void {
    this.#sender.retry(clientId)
  }
  discard(clientId: string): void {
    this.#sender.confirm(clientId)
  }
  setTyping(typing: boolean): void {
    this.#typingSender.set(typing)
  }
  loadOlder(): Promise<void> {
    return this.#sync.loadOlder()
  }

  /** Marks everything here as read. What arrives while the request is under way stays unread. */
  markRead(): void {
    const { messages, unread_count } = this.state
    const upTo = messages.findLast((message) => message.sender_type === this.#other)?.seq ?? 0
    if (upTo === 0 || unread_count === 0) return
    this.#applyRead(this.role, upTo, new Date().toISOString())
    this.#unsavedRead = upTo
    const action = this.role === 'user' ? 'mark_read' : 'mark_viewed'
    if (!this.#perform({ action, up_to_seq: upTo })) void this.#saveRead()
  }

  // --- whose it is ---------------------------------------------------------------------------------------------

  #sessionChanged(): void {
    const { base, session } = this.api
    const { person, ended, replaced } = session
    if (replaced) return this.close()
    if (person !== null) this.#outbox.bind(`deskbell:outbox:${base}:${person}:${this.#chatId ?? ''}`)
    // It has stopped where the credentials were refused
    if (this.state.signed_out && !ended) this.#cable.nudge()
    this.#store.patch({ person, signed_out: ended, pending: this.#outbox.items })
  }

  // --- going live ----------------------------------------------------------------------------------------------

  #loaded(chat: OpenedChat, asked: number): void {
    this.#store.together(() => {
      this.#store.load(chat, this.#outbox.items, asked)
      this.#confirm(chat.messages)
    })
    this.#goLive(chat)
    void this.#sender.flush()
  }

  #goLive({ id: chatId, realtime }: OpenedChat): void {
    if (this.#subscription && this.#liveChat === chatId) return
    // After a restore of the database, the same person may have another chat
    this.#subscription?.unsubscribe()
    this.#liveChat = chatId
    this.#subscription = this.#cable.subscribe(
      { channel: CHAT_CHANNEL, chat_id: chatId },
      {
        events: this.#endpoint.events,
        service: realtime && { listening: realtime, chatId, api: this.api, look: () => this.#sync.look() },
        cursor: () => this.#cursor(chatId),
        message: (message) => this.#receive(message as ChatChannelMessage),
        connected: () => this.#sender.connectionChanged(true),
        disconnected: () => this.#sender.connectionChanged(false),
        rejected: () => void this.#sync.load(),
        // Without that page, the server would reject again
        historyRejected: () => void this.#sync.load().then((loaded) => loaded && this.#subscription?.resubscribe()),
      },
    )
  }

  #cursor(chatId: string): History | null {
    const { epoch, last } = this.#store
    return epoch === null ? null : { streams: { [chatStream(chatId)]: { offset: last, epoch } } }
  }

  // --- what arrives --------------------------------------------------------------------------------------------

  #receive(event: ChatChannelMessage): void {
    // An ack may be ahead of what is here; its message stays pending until it is here
    if (event.type === 'new_message' || event.type === 'ack') this.#arrived([event.message])
    else if (event.type === 'nack') {
      if (event.client_id !== null) this.#sender.nack(event.client_id, event.code)
    } else if (event.type === 'messages_read') this.#applyRead(event.reader, event.up_to_seq, event.read_at)
    else if (event.type === 'typing') {
      if (event.sender_type === this.#other) this.#typingWatch.heard(event.typing, event.name)
    } else if (event.type === 'presence') {
      this.#store.patch({ user_online: event.user_online, admins_online: event.admins_online })
    } else if (event.type === 'chat_updated') this.#store.patch({ archived: event.archived })
  }

  #fetched({ messages, archived, ...read }: MessagePage): void {
    this.#arrived(messages)
    if (read.user_read_at !== null) this.#applyRead('user', read.user_read_seq, read.user_read_at)
    if (read.admin_viewed_at !== null) this.#applyRead('admin', read.admin_viewed_seq, read.admin_viewed_at)
    this.#store.patch({ archived })
  }

  /** Takes messages, live or fetched */
  #arrived(messages: readonly SupportMessage[]): void {
    const replies = this.#store.together(() => {
      const inserted = this.#store.insert(messages).filter((message) => message.sender_type === this.#other)
      if (inserted[0]) this.#typingWatch.heard(false, null)
      this.#confirm(messages.filter((message) => message.seq <= this.#store.last))
      return inserted
    })
    // What was under way when it closed is news to nobody: somebody else may sit here
    if (!this.#unwatch[0]) return
    if (this.#store.behind) void this.#sync.catchUp()
    for (const message of replies) if (message.read_at === null) this.#onReply?.(message)
  }

  #confirm(stored: readonly SupportMessage[]): void {
    for (const { client_id } of stored) if (client_id !== null) this.#sender.confirm(client_id)
  }

  #applyRead(reader: SenderType, upTo: number, at: string): void {
    if (reader === this.role && this.#unsavedRead !== null && upTo >= this.#unsavedRead) this.#unsavedRead = null
    if (!this.#store.markRead(reader, upTo, at)) void this.#sync.load()
  }

  // --- what goes out -------------------------------------------------------------------------------------------

  #perform(action: ChatAction): boolean | undefined {
    // The socket may outlive the session. Somebody else may sit here by then
    return !this.api.session.ended && this.#subscription?.perform(action)
  }

  #tellTyping(typing: boolean): void {
    // No retry: it is repeated while it lasts
    if (!this.#perform({ action: 'typing', typing })) this.#endpoint.typing(typing).catch(() => undefined)
  }

  async #flush(): Promise<void> {
    const stored = new Set(this.state.messages.map((message) => message.client_id))
    if (this.#outbox.adopt(stored)) this.#store.patch({ pending: this.#outbox.items })
    await this.#sender.flush()
    await this.#saveRead()
  }

  async #saveRead(): Promise<void> {
    const upTo = this.#unsavedRead
    if (upTo === null) return
    try {
      await this.#endpoint.markRead(upTo)
      if (this.#unsavedRead === upTo) this.#unsavedRead = null
    } catch {
      // It is kept, and the next tick tries again.
    }
  }
}

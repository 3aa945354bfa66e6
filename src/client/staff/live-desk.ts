// A desk while somebody listens: the connection, the list and the count of unread chats of one person.
import { ADMIN_CHANNEL } from '../../protocol/cable.ts'
import type { AdminNotificationMessage } from '../../protocol/events.ts'
import type { Listening } from '../../protocol/listening.ts'
import { POLL_EVERY } from '../../protocol/timing.ts'
import type { ApiError } from '../api-error.ts'
import type { DeskbellClient } from '../connect.ts'
import { onAttention } from '../connection/attention.ts'
import type { ServedChannel, Subscription } from '../connection/cable-frames.ts'
import type { ConnectionStatus } from '../connection/status.ts'
import { ChatList, type ChatListState } from './chat-list.ts'
import type { Whose } from './list-order.ts'

/** However many events come within this time (ms), they cause one request for the unread count */
const GATHER = 300
/** All hints of a service within this time (ms) cause a single request for the list */
const BETWEEN_LOOKS = 1_000

export interface ShownChats {
  /** The archive, or the active chats */
  archived: boolean
  /** Words of a name, or the beginning of an e-mail address, by which the list is searched; empty for all */
  q: string
  /** `me`: the chats of who asks; `none`: those that nobody has; null: all. A search looks at all */
  assignee: Whose | null
  /** Only chats with this tag; null: all. Not together with `assignee`; a search looks at all */
  tag: string | null
  /** Only active chats in which the user waits for an answer, the longest wait first. Not together with the others; a search looks at all */
  waiting: boolean
}

export interface StaffDeskState extends Omit<ChatListState, 'status'>, ShownChats {
  /** `signed_out`: the server knows nobody of staff by these credentials */
  status: ChatListState['status'] | 'signed_out'
  connection: ConnectionStatus
  /** What happens is heard at once */
  connected: boolean
  /** Active chats with something unread, at most 1,000 */
  unreadChats: number
}

interface LiveDeskOptions {
  client: DeskbellClient
  shown: ShownChats
  changed: (state: StaffDeskState) => void
  /** Another person is signed in now */
  replaced: () => void
}

/** The connection of one person */
export class LiveDesk {
  readonly client: DeskbellClient
  readonly #options: LiveDeskOptions
  readonly #undo: (() => void)[]
  #shown: ShownChats
  #list: ChatList
  #subscription: Subscription
  #asksListening = false
  #looked = 0
  #unreadChats = 0
  #counting: ReturnType<typeof setTimeout> | undefined
  #asked = 0
  #isClosed = false

  constructor(options: LiveDeskOptions) {
    this.#options = options
    this.#shown = options.shown
    this.#list = this.#newList()
    const { api, cable } = (this.client = options.client)
    this.#subscription = this.#subscribe()
    const poll = setInterval(() => {
      const isMissing = !this.#subscription.live || this.#list.state.error?.transient
      if (isMissing && !api.session.ended) void this.#poll()
    }, POLL_EVERY)
    this.#undo = [
      () => clearInterval(poll),
      () => clearTimeout(this.#counting),
      () => this.#subscription.unsubscribe(),
      () => cable.close(),
      cable.onStatus(() => this.#show()),
      api.session.onChange(() => (api.session.replaced ? options.replaced() : this.#sessionChanged())),
      // A cookie changes without a word to this page
      onAttention(() => void this.reload()),
    ]
    void this.reload()
  }

  get list(): ChatList {
    return this.#list
  }

  show(shown: ShownChats): void {
    this.#shown = shown
    this.#list.close()
    this.#list = this.#newList()
    this.#show()
    void this.#list.refresh()
  }

  async reload(): Promise<void> {
    this.#recount()
    await this.#list.refresh()
  }

  async archive(id: string, archived: boolean): Promise<void> {
    const { api } = this.client
    await (archived ? api.adminArchive(id) : api.adminUnarchive(id))
    // The server says it by socket too; without one the list should still be right
    const row = this.#list.state.chats.find((chat) => chat.id === id)
    if (row) this.#list.apply({ ...row, archived })
    this.#recount()
  }

  async assign(id: string, assigneeId: string | null): Promise<void> {
    await this.client.api.adminAssign(id, assigneeId)
    // Of what colleagues did at the same time, an answer may tell too early: the socket says what counts, and else the list itself
    if (!this.#subscription.live) await this.#list.refresh()
  }

  async block(userId: string, blocked: boolean): Promise<void> {
    await this.client.api.adminBlock(userId, blocked)
    if (!this.#subscription.live) await this.#list.refresh()
  }

  close(): void {
    this.#isClosed = true
    this.#list.close()
    this.#asked++
    for (const step of this.#undo) step()
  }

  #newList(): ChatList {
    return new ChatList({
      load: async (query) => {
        const page = await this.client.api.adminChats(query)
        if (page.served) void this.#learnListening()
        return page
      },
      ...this.#shown,
      person: () => this.client.api.session.person,
      changed: () => this.#show(),
    })
  }

  /** It replaces the subscription before */
  #subscribe(service?: ServedChannel): Subscription {
    return this.client.cable.subscribe(
      { channel: ADMIN_CHANNEL },
      {
        events: 'admin/events',
        service,
        // What happened before it was not heard
        connected: () => void this.reload(),
        message: (message) => this.#heard(message as AdminNotificationMessage),
      },
    )
  }

  async #learnListening(): Promise<void> {
    if (this.#asksListening) return
    this.#asksListening = true
    const { api } = this.client
    try {
      const listening: Listening | null = await api.adminRealtime()
      const look = (): Promise<boolean> => this.#look()
      if (listening && !this.#isClosed) this.#subscription = this.#subscribe({ listening, chatId: null, api, look })
    } catch {
      // The next page of the list asks again.
      this.#asksListening = false
    }
  }

  async #look(): Promise<boolean> {
    const early = this.#looked + BETWEEN_LOOKS - Date.now()
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early))
    this.#looked = Date.now()
    return this.#poll()
  }

  #heard(event: AdminNotificationMessage): void {
    if (event.type === 'chat_updated') this.#list.apply(event.chat)
    else if (event.type === 'chat_erased') this.#list.drop(event.chat_id)
    this.#recount()
  }

  async #poll(): Promise<boolean> {
    const error: ApiError | null = await this.#list.refresh()
    this.client.cable.restAnswered(error === null)
    if (!error) this.#recount()
    return error === null
  }

  #sessionChanged(): void {
    // It has stopped where the credentials were refused
    if (!this.client.api.session.ended) this.client.cable.nudge()
    this.#show()
  }

  #recount(): void {
    this.#counting ??= setTimeout(() => {
      this.#counting = undefined
      const asked = ++this.#asked
      this.client.api.adminUnreadCount().then(
        ({ unread_chats: count }) => {
          // Of two answers the one to the later question counts
          if (asked !== this.#asked) return
          this.#unreadChats = count
          this.#show()
        },
        // The next event or reconnect counts again
        () => undefined,
      )
    }, GATHER)
  }

  #show(): void {
    const { api, cable } = this.client
    const { status, ...list } = this.#list.state
    this.#options.changed({
      ...list,
      ...this.#shown,
      status: api.session.ended ? 'signed_out' : status,
      connection: cable.status,
      connected: cable.status === 'connected',
      unreadChats: this.#unreadChats,
    })
  }
}

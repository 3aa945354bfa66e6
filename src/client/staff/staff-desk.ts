// What staff see of all chats: one list at a time, live, and how many chats have something unread.
import { ADMIN_CHANNEL } from '../../protocol/cable.ts'
import type { AdminNotificationMessage } from '../../protocol/events.ts'
import { POLL_EVERY } from '../../protocol/timing.ts'
import type { FoundPage } from '../../protocol/types.ts'
import type { ApiError } from '../api-error.ts'
import { connect, type DeskbellClient } from '../connect.ts'
import { onAttention } from '../connection/attention.ts'
import type { CredentialOptions } from '../connection/credentials.ts'
import type { ConnectionStatus } from '../connection/status.ts'
import { Conversation } from '../conversation/conversation.ts'
import { LiveListeners } from '../live-listeners.ts'
import { DEFAULT_SERVER, mountPoint } from '../mount-point.ts'
import { ChatList, EMPTY_LIST, type ChatListState } from './chat-list.ts'

/** However many events come within this time (ms), they cause one request for the unread count */
const GATHER = 300

export interface StaffDeskOptions extends CredentialOptions {
  /** URL of the mount point, which may be relative to the page; `/support` unless given */
  server?: string | undefined
}

export interface ShownChats {
  /** The archive, or the active chats */
  archived: boolean
  /** The beginning of an e-mail address, by which the list is searched; empty for all */
  q: string
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

export interface StaffDesk {
  /** An immutable snapshot; a new object after every change, and the same one in between */
  readonly state: StaffDeskState
  /**
   * Calls `listener` after every change. The first listener opens the connection; a second after the last one has gone, it is
   * closed and the state is dropped.
   * @returns a function that ends it
   */
  subscribe(listener: () => void): () => void
  /** Shows other chats in the list */
  show(shown: Partial<ShownChats>): void
  /** Never rejects: `hasMore` stays when it did not work */
  loadMore(): Promise<void>
  /** Loads again at once. Never rejects: see `status` */
  reload(): Promise<void>
  /**
   * One chat: its messages, typing, and what a reply needs. `open()` loads it and marks it viewed, `close()` ends it. It is live
   * while somebody listens to the desk.
   */
  chat(id: string): Conversation
  /** Chats in which a message was found, where `state.searchable`. @throws ApiError `search_off` */
  searchMessages(query: { q: string; limit?: number; cursor?: string }): Promise<FoundPage>
  /** @throws ApiError when it did not work */
  archive(id: string): Promise<void>
  /** @throws ApiError when it did not work */
  unarchive(id: string): Promise<void>
}

const INITIAL: StaffDeskState = Object.freeze({
  ...EMPTY_LIST,
  archived: false,
  q: '',
  connection: 'connecting',
  connected: false,
  unreadChats: 0,
})

/**
 * @example
 * const desk = createStaffDesk({ server: '/support' })
 * const stop = desk.subscribe(() => render(desk.state))
 */
export function createStaffDesk({ server = DEFAULT_SERVER, ...credentials }: StaffDeskOptions = {}): StaffDesk {
  let state = INITIAL
  let shown: ShownChats = { archived: false, q: '' }
  let live: LiveDesk | null = null
  const listeners = new LiveListeners({
    added: () => listeners.any && use(),
    left() {
      live?.close()
      live = null
      state = INITIAL
    },
  })

  function use(): LiveDesk {
    live ??= new LiveDesk({
      client: connect({ server: mountPoint(server), ...credentials }),
      shown,
      changed(next) {
        state = next
        listeners.call()
      },
      replaced() {
        live?.close()
        live = null
        state = INITIAL
        listeners.call()
        use()
      },
    })
    return live
  }

  return {
    get state() {
      return state
    },
    subscribe: (listener) => listeners.add(listener),
    show(next) {
      shown = { ...shown, ...next, q: (next.q ?? shown.q).trim() }
      live?.show(shown)
    },
    loadMore: () => use().list.loadMore(),
    reload: () => use().reload(),
    chat: (id) => new Conversation({ ...use().client, role: 'admin', chatId: encodeURIComponent(id) }),
    searchMessages: (query) => use().client.api.adminMessages(query),
    archive: (id) => use().archive(id, true),
    unarchive: (id) => use().archive(id, false),
  }
}

interface LiveDeskOptions {
  client: DeskbellClient
  shown: ShownChats
  changed: (state: StaffDeskState) => void
  /** Another person is signed in now */
  replaced: () => void
}

/** The connection of one person */
class LiveDesk {
  readonly client: DeskbellClient
  readonly #options: LiveDeskOptions
  readonly #undo: (() => void)[]
  #shown: ShownChats
  #list: ChatList
  #unreadChats = 0
  #counting: ReturnType<typeof setTimeout> | undefined
  #asked = 0

  constructor(options: LiveDeskOptions) {
    this.#options = options
    this.#shown = options.shown
    this.#list = this.#newList()
    const { api, cable } = (this.client = options.client)
    const subscription = cable.subscribe(
      { channel: ADMIN_CHANNEL },
      {
        events: 'admin/events',
        // What happened before it was not heard
        connected: () => void this.reload(),
        message: (message) => this.#heard(message as AdminNotificationMessage),
      },
    )
    const poll = setInterval(() => {
      const isMissing = !subscription.live || this.#list.state.error?.transient
      if (isMissing && !api.session.ended) void this.#poll()
    }, POLL_EVERY)
    this.#undo = [
      () => clearInterval(poll),
      () => clearTimeout(this.#counting),
      () => subscription.unsubscribe(),
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

  close(): void {
    this.#list.close()
    this.#asked++
    for (const step of this.#undo) step()
  }

  #newList(): ChatList {
    return new ChatList({
      load: (query) => this.client.api.adminChats(query),
      ...this.#shown,
      changed: () => this.#show(),
    })
  }

  #heard(event: AdminNotificationMessage): void {
    if (event.type === 'chat_updated') this.#list.apply(event.chat)
    else if (event.type === 'chat_erased') this.#list.drop(event.chat_id)
    this.#recount()
  }

  async #poll(): Promise<void> {
    const error: ApiError | null = await this.#list.refresh()
    this.client.cable.restAnswered(error === null)
    if (!error) this.#recount()
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

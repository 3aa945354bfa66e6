// What staff see of all chats: one list at a time, live, and how many chats have something unread.
import type { CannedReplies } from '../../protocol/canned-replies.ts'
import type { Colleague, FoundPage, FoundPerson } from '../../protocol/types.ts'
import { connect } from '../connect.ts'
import type { CredentialOptions } from '../connection/credentials.ts'
import { Conversation } from '../conversation/conversation.ts'
import { LiveListeners } from '../live-listeners.ts'
import { DEFAULT_SERVER, mountPoint } from '../mount-point.ts'
import { EMPTY_LIST } from './chat-list.ts'
import { LiveDesk, type ShownChats, type StaffDeskState } from './live-desk.ts'

export interface StaffDeskOptions extends CredentialOptions {
  /** URL of the mount point, which may be relative to the page; `/support` unless given */
  server?: string | undefined
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
  show(shown: { [Name in keyof ShownChats]?: ShownChats[Name] | undefined }): void
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
  searchMessages(query: { q: string; limit?: number | undefined; cursor?: string | undefined }): Promise<FoundPage>
  /** Words that chats have as tags. @throws ApiError when it did not work */
  tags(): Promise<string[]>
  /** Adds tags to a chat and removes others. @returns all that it then has. @throws ApiError when it did not work */
  changeTags(id: string, changes: { add?: string[] | undefined; remove?: string[] | undefined }): Promise<string[]>
  /** The canned replies of the team; `fillReply` puts names into one. @throws ApiError when it did not work */
  cannedReplies(): Promise<CannedReplies>
  /** @throws ApiError when it did not work */
  archive(id: string): Promise<void>
  /** @throws ApiError when it did not work */
  unarchive(id: string): Promise<void>
  /** To whom chats can be assigned. @throws ApiError when it did not work */
  colleagues(): Promise<Colleague[]>
  /**
   * Gives a chat to somebody of staff, or to nobody (null).
   * @throws ApiError when it did not work: `unknown_colleague` for somebody who was never here as staff
   */
  assign(id: string, assigneeId: string | null): Promise<void>
  /** People who were here, whose name, address or a later word of whose name begins so. @throws ApiError when it did not work */
  people(q: string): Promise<FoundPerson[]>
  /** Creates the chat of a user, or finds it. @returns its id, for `chat`. @throws ApiError `not_found` for somebody who was never here */
  startChat(userId: string): Promise<string>
  /** Takes in nothing more of a user, named by the host's id, until `unblock`. @throws ApiError when it did not work */
  block(userId: string): Promise<void>
  /** @throws ApiError when it did not work */
  unblock(userId: string): Promise<void>
}

const INITIAL: StaffDeskState = Object.freeze({
  ...EMPTY_LIST,
  archived: false,
  q: '',
  assignee: null,
  tag: null,
  waiting: false,
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
  let shown: ShownChats = { archived: false, q: '', assignee: null, tag: null, waiting: false }
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
      for (const [name, value] of Object.entries(next)) if (value !== undefined) shown = { ...shown, [name]: value }
      shown = { ...shown, q: shown.q.trim() }
      live?.show(shown)
    },
    loadMore: () => use().list.loadMore(),
    reload: () => use().reload(),
    chat: (id) => new Conversation({ ...use().client, role: 'admin', chatId: encodeURIComponent(id) }),
    searchMessages: (query) => use().client.api.adminMessages(query),
    tags: () => use().client.api.adminTags(),
    changeTags: (id, changes) => use().client.api.adminChangeTags(id, changes),
    cannedReplies: () => use().client.api.adminReplies(),
    archive: (id) => use().archive(id, true),
    unarchive: (id) => use().archive(id, false),
    colleagues: () => use().client.api.adminStaff(),
    assign: (id, assigneeId) => use().assign(id, assigneeId),
    people: (q) => use().client.api.adminPeople(q),
    startChat: async (userId) => (await use().client.api.adminStartChat(userId)).id,
    block: (userId) => use().block(userId, true),
    unblock: (userId) => use().block(userId, false),
  }
}

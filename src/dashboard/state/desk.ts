// Everything behind the dashboard's page, and none of the page: what it needs of the browser is handed in.
import { batch, computed, effect, signal, type ReadonlySignal } from '@preact/signals'
import type { Cable } from '../../client/connection/cable.ts'
import type { ConnectionStatus } from '../../client/connection/status.ts'
import { chatEndpoint } from '../../client/conversation/chat-endpoint.ts'
import { Conversation } from '../../client/conversation/conversation.ts'
import type { KeyValue } from '../../client/storage.ts'
import { Account } from './account.ts'
import { ConnectionNotice } from './connection-notice.ts'
import type { DeskApi } from './desk-api.ts'
import type { AddressBar, Clock, Visibility } from './environment.ts'
import { FailureNotice, type Failure } from './failure-notice.ts'
import { Jump } from './jump.ts'
import { Lists } from './lists.ts'
import { goLive } from './live.ts'
import { Navigation } from './navigation.ts'
import { Now } from './now.ts'
import { OpenChat } from './open-chat.ts'
import { Preferences } from './preferences.ts'
import { RowCursor } from './row-cursor.ts'
import { Search } from './search.ts'
import { Settling } from './settling.ts'
import { UnreadCount } from './unread-count.ts'

export interface DeskOptions {
  api: DeskApi
  cable: Cable
  location: AddressBar
  visibility: Visibility
  /** Calls `tell` with whether somebody is there, now and after each change; the returned function ends that */
  watchAttendance: (tell: (attended: boolean) => void) => () => void
  clock: Clock
  /** Where unsent replies and preferences survive the page */
  storage: KeyValue
  /** The device has a network, as far as it knows */
  isOnline: () => boolean
}

export interface Desk {
  /** The session has ended, or another person has signed in. The desk then does nothing more */
  readonly signedOut: ReadonlySignal<boolean>
  readonly navigation: Navigation
  /** What the server offers besides chats, by relation */
  readonly offers: ReadonlySignal<ReadonlySet<string>>
  readonly account: Account
  readonly lists: Lists
  readonly search: Search
  readonly cursor: RowCursor
  readonly openChat: OpenChat
  readonly jump: Jump
  /** Active chats with something unread */
  readonly unread: ReadonlySignal<number>
  /** That the connection is away; null: nothing to say */
  readonly connectionNotice: ReadonlySignal<'offline' | 'reconnecting' | null>
  readonly failure: ReadonlySignal<Failure | null>
  readonly preferences: Preferences
  /** Chats that somebody else has just archived or restored: no click undoes that yet */
  readonly settling: Pick<Settling, 'has'>
  /** Milliseconds since 1970-01-01 UTC, a few times a minute */
  readonly now: ReadonlySignal<number>
  readonly isAttended: ReadonlySignal<boolean>
  /** Resolves to whether it worked; never rejects */
  archive(chat: string, archived: boolean): Promise<boolean>
  /** Lets e-mails go to the address of the chat's user again; never rejects */
  unblockMail(chat: string): Promise<void>
  /** Ends all timers, effects and connections */
  close(): void
}

export function createDesk({
  api,
  cable,
  location,
  visibility,
  watchAttendance,
  clock,
  storage,
  isOnline,
}: DeskOptions): Desk {
  const isVisible = signal(visibility.isVisible)
  const isAttended = signal(false)
  const unwatchAttendance = watchAttendance((attended) => {
    isAttended.value = attended
  })
  const unwatchVisibility = visibility.onChange(() => {
    isVisible.value = visibility.isVisible
  })
  const connection = signal<ConnectionStatus>(cable.status)
  const unwatchStatus = cable.onStatus((status) => {
    connection.value = status
  })

  const navigation = new Navigation(location)
  const inArchive = computed(() => navigation.route.value.archived)
  const search = new Search({
    loadChats: (query) => api.adminChats(query),
    searchMessages: (query) => api.adminMessages(query),
    canSearchMessages: api.canSearchMessages,
    inArchive,
    clock,
  })
  const lists = new Lists({ load: (query) => api.adminChats(query), clock, inArchive, search })
  const unread = new UnreadCount(async () => (await api.adminUnreadCount()).unread_chats, clock)
  const failure = new FailureNotice(clock)
  const account = new Account({
    offers: api.offers,
    load: () => api.json('GET', 'dashboard/account'),
    signOut: () => api.request('POST', 'dashboard/sign_out'),
    failed: () => failure.show('signOut'),
  })
  const settling = new Settling(clock)
  const preferences = new Preferences(storage)

  async function archive(chat: string, archived: boolean): Promise<boolean> {
    const takeBack = settling.own(chat, archived)
    try {
      await (archived ? api.adminArchive(chat) : api.adminUnarchive(chat))
    } catch {
      takeBack()
      failure.show(archived ? 'archive' : 'restore')
      return false
    }
    // The server says it by socket too; without one the list should still be right
    batch(() => lists.applyArchived(chat, archived))
    unread.recount()
    return true
  }

  const openChat = new OpenChat({
    id: computed(() => navigation.route.value.chat),
    createConversation: (id) =>
      new Conversation({ api, cable, role: 'admin', chatId: encodeURIComponent(id), storage }),
    openedChat: api.openedChat,
    row: (id) => lists.row(id),
    archive,
    isSettling: (id) => settling.has(id),
    isAttended,
    clock,
  })
  const stopSettling = settling.watch(openChat.state)
  const jump = new Jump({
    route: navigation.route,
    conversation: openChat.loaded,
    loadMessages: (chat, range) => chatEndpoint(api, 'admin', encodeURIComponent(chat)).page(range),
  })
  const connectionNotice = new ConnectionNotice({ status: connection, clock, isOnline })
  const now = new Now(clock, isVisible)
  const leave = goLive({
    cable,
    clock,
    rowChanged(chat) {
      const before = lists.row(chat.id)
      if (before !== undefined && before.archived !== chat.archived) settling.changed(chat.id, chat.archived)
      lists.apply(chat)
    },
    personChanged: (chatId, user) => api.describe(chatId, user),
    erased: (chatId) => lists.drop(chatId),
    happened: () => unread.recount(),
    connected: () => {
      lists.refresh()
      unread.recount()
    },
    poll: () => lists.current.value.poll(),
  })
  unread.recount()
  // A socket gives no reason that a page can see; a REST call tells an ended session from a dead line
  const stopAsking = effect(() => {
    if (connection.value === 'offline' && isOnline()) unread.recount()
  })

  const cursor = new RowCursor({ lists, search, navigation, clock })
  const parts = [
    account,
    jump,
    cursor,
    openChat,
    settling,
    search,
    lists,
    unread,
    failure,
    preferences,
    connectionNotice,
    now,
    navigation,
  ]
  let isClosed = false
  function close(): void {
    if (isClosed) return
    isClosed = true
    stopWatching()
    stopAsking()
    unwatchVisibility()
    unwatchAttendance()
    unwatchStatus()
    leave()
    stopSettling()
    for (const part of parts) part.close()
    cable.close()
  }
  const signedOut = signal(false)
  const stopWatching = api.session.onChange(() => {
    if (!api.session.ended && !api.session.replaced) return
    signedOut.value = true
    close()
  })

  return {
    signedOut,
    navigation,
    offers: api.offers,
    account,
    lists,
    search,
    cursor,
    openChat,
    jump,
    unread: unread.value,
    connectionNotice: connectionNotice.value,
    failure: failure.value,
    preferences,
    settling,
    now: now.value,
    isAttended,
    archive,
    unblockMail: (chat) => api.unblockMail(chat).catch(() => failure.show('unblockMail')),
    close,
  }
}

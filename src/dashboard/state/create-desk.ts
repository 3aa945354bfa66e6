// Everything behind the dashboard's page, and none of the page: what it needs of the browser is handed in.
import { batch, computed, effect, signal } from '@preact/signals'
import type { ConnectionStatus } from '../../client/connection/status.ts'
import { chatEndpoint } from '../../client/conversation/chat-endpoint.ts'
import { Conversation } from '../../client/conversation/conversation.ts'
import { ActivityFeed } from '../../client/staff/activity-feed.ts'
import { isWhose } from '../../client/staff/list-order.ts'
import type { ChatListPage, ListQuery } from '../../client/staff/staff-api.ts'
import type { SupportChatListItem } from '../../protocol/types.ts'
import { Account } from './account.ts'
import { Alerts } from './alerts.ts'
import { ChatTags } from './chat-tags.ts'
import { Assignment } from './assignment.ts'
import { Blocking } from './blocking.ts'
import { CannedReplies } from './canned-replies.ts'
import type { ColleaguesHere } from './colleagues-here.ts'
import { ConnectionNotice } from './connection-notice.ts'
import { FailureNotice } from './failure-notice.ts'
import { Jump } from './jump.ts'
import { Lists } from './lists.ts'
import { goLive } from './live.ts'
import { Navigation } from './navigation.ts'
import { Now } from './now.ts'
import { OpenActivity } from './open-activity.ts'
import { OpenChat } from './open-chat.ts'
import { Preferences } from './preferences.ts'
import { RowCursor } from './row-cursor.ts'
import { Search } from './search.ts'
import { Selection } from './selection.ts'
import { Settling } from './settling.ts'
import { UnreadCount } from './unread-count.ts'
import type { Desk, DeskOptions } from './desk.ts'

export function createDesk({
  api,
  cable,
  location,
  visibility,
  watchAttendance,
  clock,
  storage,
  isOnline,
  desktop,
  tabs,
  canChime,
  begun,
  chime,
  describe,
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
  const preferences = new Preferences(storage)
  const person = (): string | null => api.session.person
  let colleaguesHere: ColleaguesHere | undefined
  // Loaded once a message comes to a colleague's chat. Where it does not load, the colleague counts as away
  const isHere = async (colleague: string): Promise<boolean> => {
    const { ColleaguesHere: Here } = await import('./colleagues-here.ts')
    colleaguesHere ??= new Here(() => api.adminStaff(), clock)
    return colleaguesHere.has(colleague)
  }
  const alerts = new Alerts({
    preferences,
    isAttended,
    openChat: computed(() => navigation.route.value.chat),
    colleagueOf: (chat) => (isWhose('me', person)(chat) ? null : (chat.assignee?.id ?? null)),
    isHere: (colleague) => isHere(colleague).catch(() => false),
    since: () => (api.clockAhead === null ? null : begun + api.clockAhead),
    desktop,
    tabs,
    canChime,
    chime,
    describe,
    open: (chat) => navigation.navigate({ chat }),
  })
  const loadChats = async (query: ListQuery): Promise<ChatListPage> => {
    const page = await api.adminChats(query)
    alerts.listed(page.chats)
    return page
  }
  const inArchive = computed(() => navigation.route.value.archived)
  const search = new Search({
    loadChats,
    searchMessages: (query) => api.adminMessages(query),
    canSearchMessages: api.canSearchMessages,
    inArchive,
    clock,
  })
  const whose = computed(() => navigation.route.value.assignee)
  const tag = computed(() => navigation.route.value.tag)
  const waiting = computed(() => navigation.route.value.waiting)
  const lists = new Lists({ load: loadChats, clock, inArchive, whose, tag, waiting, person, search })
  const unread = new UnreadCount(async () => (await api.adminUnreadCount()).unread_chats, clock)
  const failure = new FailureNotice(clock)
  const account = new Account({
    offers: api.offers,
    load: () => api.json('GET', 'dashboard/account'),
    signOut: () => api.request('POST', 'dashboard/sign_out'),
    failed: () => failure.show('signOut'),
  })
  const cannedReplies = new CannedReplies(() => api.adminReplies())
  const settling = new Settling<boolean>(clock)

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
  const activity = new OpenActivity({
    id: computed(() => navigation.route.value.chat),
    openedChat: api.openedChat,
    createFeed: (chatId) => new ActivityFeed({ api, cable, chatId, storage }),
    isAttended,
  })
  const tags = new ChatTags({
    id: computed(() => navigation.route.value.chat),
    openedChat: api.openedChat,
    activity: activity.state,
    send: (id, changes) => api.adminChangeTags(id, changes),
    loadKnown: () => api.adminTags(),
    failed: () => failure.show('tags'),
    clock,
  })
  const stopSettling = settling.watch(
    computed(() => {
      const state = openChat.state.value
      return state?.status === 'ready' && state.chat_id !== null ? { chat: state.chat_id, state: state.archived } : null
    }),
  )
  const assignment = new Assignment({
    id: computed(() => navigation.route.value.chat),
    about: openChat.about,
    activity: activity.state,
    row: (id) => lists.row(id),
    person,
    loadColleagues: () => api.adminStaff(),
    assign: (id, assigneeId) => api.adminAssign(id, assigneeId),
    assigned() {
      void activity.feed.peek()?.refresh()
      if (connection.peek() !== 'connected') lists.refresh()
    },
    failed: () => failure.show('assign'),
    clock,
  })
  const blocking = new Blocking({
    about: openChat.about,
    activity: activity.state,
    state: openChat.state,
    send: async (userId, blocked) => void (await api.adminBlock(userId, blocked)),
    sent: () => void activity.feed.peek()?.refresh(),
    failed: () => failure.show('block'),
  })
  const jump = new Jump({
    route: navigation.route,
    conversation: openChat.loaded,
    loadMessages: (chat, range) => chatEndpoint(api, 'admin', encodeURIComponent(chat)).page(range),
  })
  const connectionNotice = new ConnectionNotice({ status: connection, clock, isOnline })
  const now = new Now(clock, isVisible)
  const leave = goLive({
    cable,
    api,
    clock,
    listening: api.listening,
    rowChanged(chat) {
      const before = lists.row(chat.id)
      if (before !== undefined && before.archived !== chat.archived) settling.changed(chat.id, chat.archived)
      assignment.rowChanged(before, chat)
      lists.apply(chat)
      alerts.changed(chat)
    },
    personChanged: (chatId, user) => api.describe(chatId, user),
    erased: (chatId) => {
      lists.drop(chatId)
      alerts.erased(chatId)
    },
    happened: () => unread.recount(),
    connected: () => {
      lists.refresh()
      unread.recount()
    },
    poll: () => lists.poll(),
  })
  unread.recount()
  // A socket gives no reason that a page can see; a REST call tells an ended session from a dead line
  const stopAsking = effect(() => {
    if (connection.value === 'offline' && isOnline()) unread.recount()
  })

  const selection = new Selection({
    list: lists.current,
    isPossible: computed(() => !search.results.value?.messages),
    async attempt(work, chats, tried) {
      const { bulkRequest, bulkRun } = await import('./bulk-run.ts')
      const send = async (chat: SupportChatListItem): Promise<void> => {
        await bulkRequest(api, work, chat)
        if (work.kind === 'archive' || work.kind === 'restore') lists.applyArchived(chat.id, work.kind === 'archive')
      }
      return bulkRun(chats, send, tried)
    },
    done() {
      unread.recount()
      if (connection.peek() !== 'connected') lists.refresh()
    },
  })
  const cursor = new RowCursor({ lists, search, navigation, clock })
  const parts = [
    account,
    jump,
    cursor,
    selection,
    openChat,
    activity,
    assignment,
    tags,
    settling,
    search,
    lists,
    unread,
    failure,
    preferences,
    alerts,
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
  const toWriteIn = signal<string | null>(null)
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
    cannedReplies,
    lists,
    search,
    cursor,
    selection,
    openChat,
    activity,
    assignment,
    tags,
    blocking,
    jump,
    unread: unread.value,
    connectionNotice: connectionNotice.value,
    failure: failure.value,
    preferences,
    desktop,
    alerts,
    settling,
    now: now.value,
    isAttended,
    palette: signal(null),
    clock,
    archive,
    async writeTo({ id, chat_id }) {
      try {
        const chat = chat_id ?? (await api.adminStartChat(id)).id
        batch(() => {
          toWriteIn.value = chat
          navigation.navigate({ chat, page: null })
        })
      } catch {
        failure.show('startChat')
      }
    },
    toWriteIn,
    unblockMail: (chat) => api.unblockMail(chat).catch(() => failure.show('unblockMail')),
    resubscribe: (chat) => api.resubscribe(chat).catch(() => failure.show('resubscribe')),
    close,
  }
}

// Wires the dashboard into the page. Nothing else here knows of the browser's globals, but for the views.
import { effect, untracked } from '@preact/signals'
import { render } from 'preact'
import { watchAttendance } from '../client/attendance.ts'
import { Cable } from '../client/connection/cable.ts'
import { cableUrl } from '../client/connection/cable-url.ts'
import { onAttention } from '../client/connection/attention.ts'
import { createCredentials } from '../client/connection/credentials.ts'
import { createSession } from '../client/connection/session.ts'
import type { StreamModule } from '../client/connection/stream.ts'
import { browserStorage } from '../client/storage.ts'
import { createDrafts } from '../ui/drafts.ts'
import { browserTabs } from './browser-tabs.ts'
import { browserDesktop } from './desktop.ts'
import type { SupportChatListItem } from '../protocol/types.ts'
import { dashboard as words } from './locales/en.ts'
import { PAGES } from './pages/pages.ts'
import { currentDesk } from './state/current-desk.ts'
import { createDesk } from './state/create-desk.ts'
import { DeskApi } from './state/desk-api.ts'
import type { AddressBar, Clock, Visibility } from './state/environment.ts'
import { addressOf } from './views/address-of.ts'
import { plainText } from '../protocol/formatting/plain-text.ts'
import { App } from './views/app.tsx'
import { loadChatParts } from './views/late-chat-parts.ts'

/** Its name in the widget's folder, which is served at the mount point */
declare const LISTEN_FILE: string

const addressBar: AddressBar = {
  get pathname() {
    return location.pathname
  },
  get search() {
    return location.search
  },
  push: (url) => history.pushState(null, '', url),
  onTraverse(listener) {
    addEventListener('popstate', listener)
    return () => removeEventListener('popstate', listener)
  },
}

const visibility: Visibility = {
  get isVisible() {
    return !document.hidden
  },
  onChange(listener) {
    document.addEventListener('visibilitychange', listener)
    return () => document.removeEventListener('visibilitychange', listener)
  },
}

const clock: Clock = {
  now: () => Date.now(),
  after(ms, task) {
    const timer = setTimeout(task, ms)
    return () => clearTimeout(timer)
  },
}

/** Where Deskbell is mounted: the page is <mount>dashboard */
const mount = new URL('.', location.href)
/** The widget's chunk, so that official clients of services are in the package once */
Cable.listenBy = () => import(/* @vite-ignore */ new URL(LISTEN_FILE, mount).href) as Promise<StreamModule>
/** By the session cookie alone */
const session = createSession(createCredentials({}))
const api = new DeskApi({ base: mount.href, session })

const desktop = browserDesktop(new URL('./notification.png', import.meta.url).href)
const tabs = browserTabs(mount.pathname, browserStorage)

/** Where nobody has clicked or pressed a key on the page yet, the browser would play nothing */
const canChime = (): boolean => navigator.userActivation?.hasBeenActive !== false

function chime(): void {
  // If the chunk does not load, there is no sound
  void import('../ui/chime.ts').then((sound) => sound.chime()).catch(() => undefined)
}

function describe(chats: readonly SupportChatListItem[]): { title: string; body: string } {
  const nameOf = (chat: SupportChatListItem): string => chat.user_name ?? addressOf(chat, words)
  const [chat] = chats.length === 1 ? chats : []
  if (chat) return { title: nameOf(chat), body: plainText(chat.last_message_preview ?? '') }
  const names = new Intl.ListFormat(words.locale, { style: 'narrow' }).format(chats.map(nameOf))
  return { title: words.newInChats(chats.length), body: names }
}

/** What was written later is news. Not `performance.timeOrigin`, which browsers keep by a clock that stands still while the machine sleeps */
let begun = Date.now() - performance.now()
session.onChange(() => {
  if (session.ended) begun = Date.now()
})
const desk = currentDesk({
  session,
  createDesk: () =>
    createDesk({
      api,
      cable: new Cable({ url: cableUrl(api.base), session }),
      location: addressBar,
      visibility,
      watchAttendance,
      clock,
      storage: browserStorage,
      isOnline: () => navigator.onLine,
      desktop,
      tabs,
      canChime,
      chime,
      begun,
      describe,
    }),
  ask: () => api.adminUnreadCount(),
  onAttention,
  startOver: () => location.reload(),
})
// Whoever turned on push notifications in this browser gets them as long as they open the dashboard now and then
if (desktop.permission.peek() === 'granted')
  void import('./push/answer-worker.ts').then(({ renew }) => renew(api, () => desk.peek())).catch(() => undefined)
/** Safari does not say when it has nothing better to do */
const idle = window.requestIdleCallback ?? ((work: () => void) => setTimeout(work, 500))
effect(() => {
  const { navigation, lists } = desk.value
  if (navigation.route.value.chat !== null) void loadChatParts()
  else if (lists.current.value.state.value === 'ready') idle(() => void loadChatParts())
})
const drafts = createDrafts({ base: mount.href, persist: () => session.person !== null })

const root = document.querySelector('#app')
// What the page showed until here
root?.replaceChildren()
effect(() => {
  const app = <App desk={desk.value} api={api} words={words} drafts={drafts} />
  if (root !== null) untracked(() => render(app, root))
})
effect(() => {
  const { unread, openChat, navigation } = desk.value
  const { page } = navigation.route.value
  const chat = openChat.user.value && addressOf(openChat.user.value, words)
  document.title = words.documentTitle(unread.value, page === null ? chat : PAGES[page].title(words))
})
const icons = {
  calm: new URL('./icon.svg', import.meta.url).href,
  unread: new URL('./icon-unread.svg', import.meta.url).href,
}
const favicon = document.querySelector<HTMLLinkElement>('link[rel="icon"]')
effect(() => {
  if (favicon) favicon.href = desk.value.unread.value > 0 ? icons.unread : icons.calm
})
addEventListener('storage', () => desk.value.preferences.refresh())

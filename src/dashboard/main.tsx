// Wires the dashboard into the page. Nothing else here knows of the browser's globals, but for the views.
import { effect, untracked } from '@preact/signals'
import { render } from 'preact'
import { watchAttendance } from '../client/attendance.ts'
import { Cable } from '../client/connection/cable.ts'
import { cableUrl } from '../client/connection/cable-url.ts'
import { onAttention } from '../client/connection/attention.ts'
import { createCredentials } from '../client/connection/credentials.ts'
import { createSession } from '../client/connection/session.ts'
import { browserStorage } from '../client/storage.ts'
import { createDrafts } from '../ui/drafts.ts'
import { dashboard as words } from './locales/en.ts'
import { PAGES } from './pages/pages.ts'
import { currentDesk } from './state/current-desk.ts'
import { createDesk } from './state/desk.ts'
import { DeskApi } from './state/desk-api.ts'
import type { AddressBar, Clock, Visibility } from './state/environment.ts'
import { App } from './views/app.tsx'

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
/** By the session cookie alone */
const session = createSession(createCredentials({}))
const api = new DeskApi({ base: mount.href, session })

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
    }),
  ask: () => api.adminUnreadCount(),
  onAttention,
  startOver: () => location.reload(),
})
const drafts = createDrafts({ base: mount.href, persist: () => session.person !== null })

const root = document.querySelector('#app')
effect(() => {
  const app = <App desk={desk.value} api={api} words={words} drafts={drafts} />
  if (root !== null) untracked(() => render(app, root))
})
effect(() => {
  const { unread, openChat, navigation } = desk.value
  const { page } = navigation.route.value
  document.title = words.documentTitle(unread.value, page === null ? openChat.name.value : PAGES[page].title(words))
})

// Wires the dashboard into the page. Nothing else here knows of the browser's globals, but for the views.
import { effect } from '@preact/signals'
import { render } from 'preact'
import { Cable } from '../client/connection/cable.ts'
import { createCredentials } from '../client/connection/credentials.ts'
import { browserStorage } from '../client/storage.ts'
import { createDrafts } from '../ui/drafts.ts'
import { dashboard as words } from './locales/en.ts'
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
/** The session cookie alone */
const credentials = createCredentials({})

const desk = createDesk({
  api: new DeskApi({ base: mount.href, credentials }),
  cable: new Cable({ url: new URL('cable', mount).href.replace(/^http/, 'ws'), credentials }),
  location: addressBar,
  visibility,
  clock,
  storage: browserStorage,
  isOnline: () => navigator.onLine,
})

const root = document.querySelector('#app')
if (root !== null) render(<App desk={desk} words={words} drafts={createDrafts(() => true)} />, root)
effect(() => {
  document.title = words.documentTitle(desk.unread.value, desk.openChat.name.value)
})

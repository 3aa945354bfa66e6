// Runs in the browser while no page of the dashboard is open: shows what the server pushed, and leads to the chat. A classic script, since
// not every browser takes modules here, so it imports nothing but types. Its scope is below the dashboard's page, whose requests it never sees.
import type { PushKey, PushMessage } from '../protocol/push.ts'
import type { PageQuestion } from './push/page-question.ts'

declare const self: ServiceWorkerGlobalScope

/** TypeScript's types do not have it: another message of the chat is told of again */
interface ShownOptions extends NotificationOptions {
  renotify: boolean
}

/** TypeScript's types have the event without what is in it */
interface SubscriptionChange extends ExtendableEvent {
  readonly newSubscription?: PushSubscription | null
}

/** How long a page may take to say that it tells of the message itself (ms) */
const ANSWER_WITHIN = 1_000

const mount = new URL('..', self.location.href)
const dashboard = new URL('dashboard', mount)
const icon = new URL(self.location.href).searchParams.get('icon') ?? undefined

self.addEventListener('install', () => void self.skipWaiting())
self.addEventListener('push', (event) => event.waitUntil(show(event.data?.json() as PushMessage)))
self.addEventListener('notificationclick', (event) => {
  event.notification.close()
  event.waitUntil(open(event.notification.tag))
})
self.addEventListener('pushsubscriptionchange', (event) => {
  const change = event as SubscriptionChange
  change.waitUntil(renew(change.newSubscription ?? null))
})

async function show({ title, body, chat_id }: PushMessage): Promise<void> {
  const pages = await openPages()
  const told = await Promise.all(pages.map((page) => ask(page, { type: 'deskbell:tells', chat: chat_id })))
  if (told.includes(true)) return
  const options: ShownOptions = { body, tag: chat_id, renotify: true, ...(icon !== undefined && { icon }) }
  await self.registration.showNotification(title, options)
}

/** In a page that is open, or else in a new one */
async function open(chat: string): Promise<void> {
  const [page] = await openPages()
  if (!page) {
    const url = new URL(dashboard)
    url.searchParams.set('chat', chat)
    await self.clients.openWindow(url)
    return
  }
  await ask(page, { type: 'deskbell:open', chat })
  await page.focus()
}

/** The browser gave the subscription up. What fails here is done when the dashboard is opened */
async function renew(given: PushSubscription | null): Promise<void> {
  const answer = await fetch(new URL('admin/push', mount), { credentials: 'include' })
  if (!answer.ok) return
  const { public_key } = (await answer.json()) as PushKey
  const options = { userVisibleOnly: true, applicationServerKey: public_key }
  const { endpoint, keys } = (given ?? (await self.registration.pushManager.subscribe(options))).toJSON()
  await fetch(new URL('admin/push/subscription', mount), {
    method: 'PUT',
    credentials: 'include',
    headers: { 'Content-Type': 'application/json', 'X-Requested-With': 'deskbell' },
    body: JSON.stringify({ endpoint, p256dh: keys?.['p256dh'], auth: keys?.['auth'] }),
  })
}

async function openPages(): Promise<WindowClient[]> {
  const windows = await self.clients.matchAll({ type: 'window', includeUncontrolled: true })
  return windows.filter(({ url }) => {
    const { origin, pathname } = new URL(url)
    return origin === dashboard.origin && pathname === dashboard.pathname
  })
}

/** False where it does not answer: it may be frozen, or just be loading */
function ask(page: WindowClient, question: PageQuestion): Promise<boolean> {
  const { port1, port2 } = new MessageChannel()
  return new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data === true)
    setTimeout(() => resolve(false), ANSWER_WITHIN)
    page.postMessage(question, [port2])
  })
}

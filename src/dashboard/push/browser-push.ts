// Push notifications of this browser, as the Push API has them (https://www.w3.org/TR/push-api/). They are on where our service worker is
// registered: the browser may lose a subscription, and gets another one then.
import type { DeskApi } from '../state/desk-api.ts'
import type { PushKey, PushSubscribed } from '../../protocol/push.ts'

const PATH = 'dashboard/push-worker.js'

/** Without TLS there is no service worker; Safari on a phone has push for apps of the home screen alone */
export const isSupported = (): boolean =>
  'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window

/** Of this installation: another one on the same origin has its own */
async function registrationOf({ base }: Pick<DeskApi, 'base'>): Promise<ServiceWorkerRegistration | undefined> {
  const scope = new URL('.', new URL(PATH, base)).href
  const found = await navigator.serviceWorker.getRegistration(scope)
  return found?.scope === scope ? found : undefined
}

/** @returns undefined: it does not offer push notifications. @throws ApiError */
export async function keyOf(api: DeskApi): Promise<string | undefined> {
  try {
    return (await api.json<PushKey>('GET', 'admin/push')).public_key
  } catch (error) {
    if ((error as { code?: unknown }).code === 'not_found') return undefined
    throw error
  }
}

export const isOn = async (api: DeskApi): Promise<boolean> => (await registrationOf(api)) !== undefined

/**
 * Subscribes this browser, or renews its subscription.
 * @param key the server's
 * @throws ApiError, or an error of the browser's: it does not reach its push service, or the person does not allow notifications
 */
export async function turnOn(api: DeskApi, key: string): Promise<void> {
  const icon = new URL('../notification.png', import.meta.url).href
  const script = new URL(PATH, api.base)
  script.searchParams.set('icon', icon)
  const before = await registrationOf(api)
  const registration = await navigator.serviceWorker.register(script)
  try {
    await active(registration)
    const { endpoint, keys } = (await subscribed(registration, key)).toJSON()
    const body = { endpoint, p256dh: keys?.['p256dh'], auth: keys?.['auth'] }
    kept = await api.json<PushSubscribed>('PUT', 'admin/push/subscription', body)
  } catch (error) {
    // What was never on is not half on
    if (!before) await registration.unregister()
    throw error
  }
}

/** What the server has of this browser, as it said last */
let kept: PushSubscribed | undefined

/** @throws ApiError. The browser gets none all the same: its push service tells the server later */
export async function turnOff(api: DeskApi): Promise<void> {
  const registration = await registrationOf(api)
  await (await registration?.pushManager.getSubscription())?.unsubscribe()
  await registration?.unregister()
  if (kept) await api.request('DELETE', `admin/push/subscriptions/${kept.id}`)
  kept = undefined
}

/** A subscription made with another key belongs to another database, and is replaced */
async function subscribed({ pushManager }: ServiceWorkerRegistration, key: string): Promise<PushSubscription> {
  const known = await pushManager.getSubscription()
  if (known && textOf(known.options.applicationServerKey) === key) return known
  await known?.unsubscribe()
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key })
}

/** Resolves when a worker takes events */
function active({ active: worker, installing, waiting }: ServiceWorkerRegistration): Promise<void> {
  const coming = installing ?? waiting
  if (worker || !coming) return Promise.resolve()
  return new Promise((resolve, reject) => {
    coming.addEventListener('statechange', () => {
      if (coming.state === 'activated') resolve()
      if (coming.state === 'redundant') reject(new Error('The service worker was not installed'))
    })
  })
}

/** base64url, without padding */
const textOf = (bytes: ArrayBuffer | null): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes ?? [])))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')

// What a page answers the service worker, and that it renews this browser's subscription.
import type { Desk } from '../state/desk.ts'
import type { DeskApi } from '../state/desk-api.ts'
import { isOn, isSupported, keyOf, turnOn } from './browser-push.ts'
import type { PageQuestion } from './page-question.ts'

/** @param desk that of who is signed in now */
export function answerWorker(desk: () => Desk): void {
  navigator.serviceWorker.addEventListener('message', ({ data, ports: [port] }: MessageEvent<PageQuestion>) => {
    const { alerts, isAttended, navigation, signedOut } = desk()
    if (data.type === 'deskbell:open') navigation.navigate({ chat: data.chat, page: null })
    const tells = !signedOut.peek() && (isAttended.peek() || alerts.isOn.peek())
    port?.postMessage(data.type === 'deskbell:open' || tells)
  })
  navigator.serviceWorker.startMessages()
}

/** Where this browser gets push notifications. Never rejects: what fails is done when the dashboard is opened next */
export async function renew(api: DeskApi, desk: () => Desk): Promise<void> {
  if (!isSupported()) return
  answerWorker(desk)
  try {
    if (!(await isOn(api))) return
    const key = await keyOf(api)
    if (key !== undefined) await turnOn(api, key)
  } catch {
    // The page of notifications says what is wrong
  }
}

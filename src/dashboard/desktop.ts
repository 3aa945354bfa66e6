// The desktop's notifications, as the Notifications API has them (https://notifications.spec.whatwg.org).
import { signal } from '@preact/signals'
import type { Desktop, DesktopPermission } from './state/environment.ts'

const permissionNow = (): DesktopPermission =>
  'Notification' in globalThis && isSecureContext ? Notification.permission : 'unsupported'

/** @param icon the URL of a bitmap */
export function browserDesktop(icon: string): Desktop {
  const permission = signal(permissionNow())
  const look = (): void => {
    if (permission.value !== 'unsupported') permission.value = permissionNow()
  }
  // It also changes in the browser's own settings. Not every browser tells
  navigator.permissions?.query({ name: 'notifications' }).then(
    (status) => status.addEventListener('change', look),
    () => undefined,
  )
  return {
    permission,
    async ask() {
      await Notification.requestPermission().catch(() => undefined)
      look()
    },
    show({ key, title, body, silent, clicked, gone }) {
      let shown: Notification
      try {
        // TypeScript's types do not have `renotify`: another message of the chat comes to the front again
        const options: NotificationOptions & { renotify: boolean } = { body, tag: key, icon, silent, renotify: true }
        shown = new Notification(title, options)
      } catch {
        // Chrome on Android has the constructor, and lets only service workers use notifications
        permission.value = 'unsupported'
        return () => undefined
      }
      shown.onclose = gone
      shown.onerror = gone
      shown.onclick = () => {
        shown.close()
        window.focus()
        clicked()
      }
      return () => shown.close()
    },
  }
}

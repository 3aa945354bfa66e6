// What the launcher remembers. Nothing is stored for people who have no chat.

/** `localStorage`, or the page's own memory where it is blocked */
export const storage: Record<string, string | undefined> = (() => {
  try {
    // Null where an app shows the page without storage
    return localStorage ?? {}
  } catch {
    return {}
  }
})()

const KEY = 'deskbell:dismissed'

export function dismiss(messageId: string): void {
  try {
    storage[KEY] = messageId
  } catch {
    // It is full. The card then comes back with the next page.
  }
}

export const dismissed = (messageId: string): boolean => storage[KEY] === messageId

/** The person whom a token names, as the server names them. It is only compared here; the server checks it. */
export function subject(token: string | null): string | null {
  try {
    const payload = atob(token?.split('.')[1]?.replace(/-/g, '+').replace(/_/g, '/') ?? '')
    return encodeURIComponent(`user:${(JSON.parse(payload) as { sub?: string }).sub}`)
  } catch {
    return token
  }
}

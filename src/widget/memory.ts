// What the launcher remembers. Nothing is stored for people who have no chat.

const KEY = 'deskbell:dismissed'

export function dismiss(messageId: string): void {
  try {
    localStorage[KEY] = messageId
  } catch {
    // The card then comes back with the next page.
  }
}

export function dismissed(messageId: string): boolean {
  try {
    return localStorage[KEY] === messageId
  } catch {
    return false
  }
}

/** The person whom a token names. It is only compared here; the server checks it. */
export function subject(token: string | null): string | null {
  try {
    const payload = token?.split('.')[1]?.replace(/-/g, '+').replace(/_/g, '/')
    return payload ? String((JSON.parse(atob(payload)) as { sub?: unknown }).sub) : token
  } catch {
    return token
  }
}

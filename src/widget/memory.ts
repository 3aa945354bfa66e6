// The launcher's own small memory. Only people who have a chat ever get something stored.

const KEY = 'deskbell:dismissed'

export function dismiss(messageId: string): void {
  try {
    localStorage.setItem(KEY, messageId)
  } catch {
    // It comes back with the next page, no worse.
  }
}

export function dismissed(messageId: string): boolean {
  try {
    return localStorage.getItem(KEY) === messageId
  } catch {
    return false
  }
}

/** Whom a token names. Not checked, only compared: the server does the checking. */
export function subject(token: string | null): string | null {
  try {
    const payload = token?.split('.')[1]?.replace(/-/g, '+').replace(/_/g, '/')
    return payload ? String((JSON.parse(atob(payload)) as { sub?: unknown }).sub) : token
  } catch {
    return token
  }
}

// localStorage where it is allowed. Blocked, full or absent storage is an ordinary case, never an error.

export interface KeyValue {
  get(key: string): string | null
  set(key: string, value: string | null): void
}

export const browserStorage: KeyValue = {
  get(key) {
    try {
      return localStorage.getItem(key)
    } catch {
      return null
    }
  },
  set(key, value) {
    try {
      if (value === null) localStorage.removeItem(key)
      else localStorage.setItem(key, value)
    } catch {
      // The caller's own memory goes on holding it.
    }
  },
}

// localStorage where it is allowed. Storage that is blocked, full or absent is not an error.

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
      // The caller still holds it in memory.
    }
  },
}

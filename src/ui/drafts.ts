// Unsent text, by person and chat: it is still there after the panel was closed or another chat opened. All tabs of a browser share it.
import { browserStorage } from '../client/storage.ts'

export interface Drafts {
  get(key: string): string
  set(key: string, text: string): void
  /** Calls `changed` when another tab changed it; returns a function that stops this */
  watch(key: string, changed: () => void): () => void
}

export interface DraftOptions {
  /** Absolute URL of the mount point: installations on one origin share the browser's storage */
  base: string
  /** While it returns false, what is written stays in memory: nothing is stored for people who never wrote */
  persist: () => boolean
}

/** Milliseconds after a key press in which changes of other tabs are ignored; the next key press here overwrites them */
const TYPING = 1_000

export function createDrafts({ base, persist }: DraftOptions): Drafts {
  /** Only what is not stored */
  const memory = new Map<string, string>()
  const name = (key: string): string => `deskbell:draft:${base}:${key}`
  const stored = (key: string): string => browserStorage.get(name(key)) ?? ''
  let typedAt = 0
  return {
    get: (key) => memory.get(key) ?? stored(key),
    set(key, text) {
      if (text !== (memory.get(key) ?? stored(key))) typedAt = Date.now()
      if (persist()) browserStorage.set(name(key), text || null)
      if (stored(key) === text) memory.delete(key)
      else memory.set(key, text)
    },
    watch(key, changed) {
      const hear = (event: StorageEvent): void => {
        if (event.key === name(key) && Date.now() - typedAt > TYPING) changed()
      }
      window.addEventListener('storage', hear)
      return () => window.removeEventListener('storage', hear)
    },
  }
}

// Half-written messages, by chat: a closed panel or another chat must not cost what was typed. All tabs of a browser share them.
import { browserStorage } from '../client/storage.ts'

export interface Drafts {
  get(key: string): string
  set(key: string, text: string): void
  /** Another tab changed it */
  watch(key: string, changed: () => void): () => void
}

/** Who has just typed here is not disturbed (ms); their next letter settles it for all tabs */
const TYPING = 1_000

/** @param persist false: only in memory, so that nothing is stored on the machine of someone who never wrote */
export function createDrafts(persist: () => boolean): Drafts {
  /** Only what is in no storage */
  const memory = new Map<string, string>()
  const name = (key: string): string => `deskbell:draft:${key}`
  const stored = (key: string): string => (persist() && browserStorage.get(name(key))) || ''
  let typedAt = 0
  return {
    get: (key) => memory.get(key) ?? stored(key),
    set(key, text) {
      typedAt = Date.now()
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

// Half-written messages, by chat: a closed panel or another chat must not cost what was typed.
import { browserStorage } from '../client/storage.ts'

export interface Drafts {
  get(key: string): string
  set(key: string, text: string): void
}

/** @param persist false: only in memory, so that nothing is stored on the machine of someone who never wrote */
export function createDrafts(persist: () => boolean): Drafts {
  const memory = new Map<string, string>()
  const name = (key: string): string => `deskbell:draft:${key}`
  return {
    get: (key) => memory.get(key) ?? (persist() ? browserStorage.get(name(key)) : null) ?? '',
    set(key, text) {
      memory.set(key, text)
      if (persist()) browserStorage.set(name(key), text || null)
    },
  }
}

// What a person has sent and the server has not confirmed. It is kept when the tab is closed, where storage is allowed, under a key
// of that person: people share browsers, and nobody's words may go out under the name of somebody else.
import type { SupportAttachment } from '../../protocol/attachments.ts'
import { LEFT_BEHIND } from '../../protocol/timing.ts'
import { age } from '../connection/age.ts'
import { createClientId } from './client-id.ts'
import type { KeyValue } from '../storage.ts'
import { browserStorage } from '../storage.ts'

export interface PendingMessage {
  client_id: string
  content: string
  /** Files that are uploaded; undefined: none */
  attachments?: readonly SupportAttachment[] | undefined
  /** ISO 8601, by the clock of this machine */
  created_at: string
  status: 'sending' | 'failed'
  /** An error code of the protocol; null unless failed */
  reason: string | null
  /** It is stored, so it will be sent even when the page is closed before */
  kept: boolean
}

/** What a person wrote */
export type Written = Pick<PendingMessage, 'content' | 'attachments'>

export class Outbox {
  readonly #storage: KeyValue
  #key: string | null = null
  #items: readonly PendingMessage[] = []

  constructor(storage: KeyValue = browserStorage) {
    this.#storage = storage
  }

  get items(): readonly PendingMessage[] {
    return this.#items
  }

  /**
   * Keeps the messages under this key from now on. What an earlier page left there comes first.
   * @param key names whose messages these are
   */
  bind(key: string): void {
    if (this.#key === key) return
    this.#key = key
    const mine = this.#items
    this.#items = [...this.#read().filter((item) => !has(mine, item.client_id)), ...mine]
    if (mine.length) this.#write((stored) => [...stored, ...mine.filter((item) => !has(stored, item.client_id))])
  }

  add(written: Written): PendingMessage {
    const item: PendingMessage = {
      client_id: createClientId(),
      ...written,
      created_at: new Date().toISOString(),
      status: 'sending',
      reason: null,
      kept: true,
    }
    item.kept = this.#write((stored) => [...stored, item])
    this.#items = [...this.#items, item]
    return item
  }

  /**
   * Takes over what another tab has not sent for a while: it may be closed. If both send it, it is stored once.
   * @param stored the `client_id`s that the server has; the other tab may not know yet
   */
  adopt(stored: ReadonlySet<string | null>): boolean {
    const kept = this.#read()
    const left = kept.filter(
      ({ client_id, status, created_at }) =>
        status === 'sending' &&
        !stored.has(client_id) &&
        !this.has(client_id) &&
        age(Date.parse(created_at)) > LEFT_BEHIND,
    )
    if (!left[0]) return false
    // In the order in which they were written there. Earlier messages of that tab may be here already and still under way; nothing must overtake them
    this.#items = [
      ...kept.filter((item) => left.includes(item) || this.has(item.client_id)),
      ...this.#items.filter((item) => !has(kept, item.client_id)),
    ]
    return true
  }

  has(clientId: string): boolean {
    return has(this.#items, clientId)
  }

  /** It was confirmed or discarded. Returns false when it was not here. */
  remove(clientId: string): boolean {
    if (!this.has(clientId)) return false
    const without = (items: readonly PendingMessage[]): readonly PendingMessage[] =>
      items.filter((item) => item.client_id !== clientId)
    this.#items = without(this.#items)
    this.#write(without)
    return true
  }

  /** Deletes everything, also from storage */
  clear(): void {
    this.#items = []
    this.#write(() => [])
  }

  fail(clientId: string, reason: string): void {
    this.#change(clientId, { status: 'failed', reason })
  }

  retry(clientId: string): void {
    this.#change(clientId, { status: 'sending', reason: null })
  }

  #change(clientId: string, change: Partial<PendingMessage>): void {
    const changed = (items: readonly PendingMessage[]): readonly PendingMessage[] =>
      items.map((item) => (item.client_id === clientId ? { ...item, ...change } : item))
    this.#items = changed(this.#items)
    this.#write(changed)
  }

  // Starts from what is stored, not from what is held here: another tab of the same person writes there too.
  /** @returns whether it is stored now: storage may be blocked or full */
  #write(step: (stored: readonly PendingMessage[]) => readonly PendingMessage[]): boolean {
    if (this.#key === null) return false
    const items = step(this.#read())
    const text = items.length ? JSON.stringify(items) : null
    this.#storage.set(this.#key, text)
    return this.#storage.get(this.#key) === text
  }

  #read(): readonly PendingMessage[] {
    return this.#key === null ? [] : parse(this.#storage.get(this.#key))
  }
}

/** Another release, or the host, may have written something else there */
function parse(text: string | null): readonly PendingMessage[] {
  try {
    return (JSON.parse(text ?? '[]') as unknown[]).filter(isPending)
  } catch {
    return []
  }
}

const has = (items: readonly PendingMessage[], clientId: string): boolean =>
  items.some((item) => item.client_id === clientId)

function isPending(item: unknown): item is PendingMessage {
  const { client_id: id, content, created_at: at, status } = (item ?? {}) as Record<string, unknown>
  const isWhole = typeof id === 'string' && typeof content === 'string' && (status === 'sending' || status === 'failed')
  return isWhole && typeof at === 'string' && !Number.isNaN(Date.parse(at))
}

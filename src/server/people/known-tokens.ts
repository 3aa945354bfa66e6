import type { Identity } from './identity.ts'

/** Tokens of the newer half. A page opens its socket soon after its request, and after a restart thousands do */
export const HALF = 2_000

/**
 * Whom tokens named that were verified lately. A signature costs more than the rest of a handshake, and a client shows its token
 * several times. Revocations are another matter, and are looked up each time. The older half is forgotten when the newer one is full.
 */
export class KnownTokens {
  #newer = new Map<string, Identity>()
  #older = new Map<string, Identity>()

  /** Undefined for one that expired */
  get(key: string): Identity | undefined {
    const identity = this.#newer.get(key) ?? this.#older.get(key)
    return identity && Date.now() < (identity.expiresAt ?? 0) ? identity : undefined
  }

  add(key: string, identity: Identity): void {
    this.#newer.set(key, identity)
    if (this.#newer.size < HALF) return
    this.#older = this.#newer
    this.#newer = new Map()
  }

  get size(): number {
    return this.#newer.size + this.#older.size
  }
}

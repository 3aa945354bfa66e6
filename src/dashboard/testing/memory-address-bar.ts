// An address bar with a history, for tests.
import type { AddressBar } from '../state/environment.ts'

export class MemoryAddressBar implements AddressBar {
  readonly pathname = '/support/dashboard'
  readonly entries: string[]
  readonly #listeners = new Set<() => void>()
  #at = 0

  constructor(search = '') {
    this.entries = [search]
  }

  get search(): string {
    return this.entries[this.#at] ?? ''
  }

  push(url: string): void {
    const { search } = new URL(url, `http://desk.test${this.pathname}`)
    this.entries.splice(++this.#at, Infinity, search)
  }

  onTraverse(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** By so many entries, as the Back (−1) and Forward (1) buttons do */
  go(by: number): void {
    this.#at += by
    for (const listener of this.#listeners) listener()
  }
}

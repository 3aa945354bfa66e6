// The account of who is signed in, where the server keeps accounts.
import { effect, signal, untracked, type ReadonlySignal } from '@preact/signals'
import type { StaffAccount } from '../../protocol/account.ts'

export interface AccountOptions {
  /** What the server offers, by relation */
  offers: ReadonlySignal<ReadonlySet<string>>
  load: () => Promise<StaffAccount>
  signOut: () => Promise<unknown>
  /** Signing out did not work, and the session goes on */
  failed: () => void
}

export class Account {
  /** null: not known yet, or staff have no accounts here */
  readonly value = signal<StaffAccount | null>(null)
  readonly #options: AccountOptions
  readonly #stop: () => void

  constructor(options: AccountOptions) {
    this.#options = options
    this.#stop = effect(() => {
      if (options.offers.value.has('account')) untracked(() => void this.refresh())
    })
  }

  /** Never rejects: what is shown stays when no answer comes */
  async refresh(): Promise<void> {
    this.value.value = await this.#options.load().catch(() => this.value.peek())
  }

  /** Never rejects */
  async signOut(): Promise<void> {
    try {
      await this.#options.signOut()
    } catch {
      this.#options.failed()
      return
    }
    // The answer tells the page that nobody is signed in
    await this.refresh()
  }

  close(): void {
    this.#stop()
  }
}

// The log of webhooks, page by page, and again from its start when it may have changed.
import { batch, signal } from '@preact/signals'
import type { Webhook, WebhookPage } from '../../../protocol/webhooks.ts'

/** The most that the server lists at once */
const MOST = 200
const PAGE = 50

export interface WebhookLogOptions {
  load: (query: { failed: boolean; limit: number; cursor?: string }) => Promise<WebhookPage>
  sendAgain: (id: string) => Promise<Webhook>
}

export class WebhookLog {
  readonly failed: boolean
  readonly rows = signal<readonly Webhook[]>([])
  readonly state = signal<'loading' | 'ready' | 'error'>('loading')
  readonly more = signal<'none' | 'idle' | 'loading' | 'error'>('none')
  /** The server has addresses to send to */
  readonly isSet = signal(true)
  readonly #options: WebhookLogOptions
  #next: string | null = null
  /** Counts loads from the start: an answer to an earlier one is out of date */
  #round = 0

  /** @param failed those that failed for good, instead of all */
  constructor(failed: boolean, options: WebhookLogOptions) {
    this.failed = failed
    this.#options = options
  }

  /** Loads what is shown anew; never rejects. What is shown stays when no answer comes */
  async refresh(): Promise<void> {
    const round = ++this.#round
    const shown = this.rows.peek().length
    // Beyond what comes in one answer, the reader is back in time, where little changes
    if (shown > MOST) return
    if (this.state.peek() === 'error') this.state.value = 'loading'
    try {
      const limit = Math.max(PAGE, shown)
      const page = await this.#options.load({ failed: this.failed, limit })
      if (round === this.#round) this.#show(page, page.webhooks)
    } catch {
      if (round === this.#round && this.state.peek() === 'loading') this.state.value = 'error'
    }
  }

  /** The next page; never rejects */
  async loadOlder(): Promise<void> {
    if (this.#next === null || this.more.peek() === 'loading') return
    const round = ++this.#round
    this.more.value = 'loading'
    try {
      const page = await this.#options.load({ failed: this.failed, limit: PAGE, cursor: this.#next })
      if (round === this.#round) this.#show(page, [...this.rows.peek(), ...page.webhooks])
    } catch {
      if (round === this.#round) this.more.value = 'error'
    }
  }

  /** Resolves to whether it is on its way; never rejects */
  async sendAgain(id: string): Promise<boolean> {
    try {
      const sent = await this.#options.sendAgain(id)
      this.rows.value = this.rows.peek().map((row) => (row.id === id ? sent : row))
      return true
    } catch {
      return false
    }
  }

  #show({ next, endpoints }: WebhookPage, rows: readonly Webhook[]): void {
    this.#next = next
    batch(() => {
      this.rows.value = rows
      this.isSet.value = endpoints.length > 0
      this.more.value = next === null ? 'none' : 'idle'
      this.state.value = 'ready'
    })
  }
}

// The canned replies of the team, loaded when somebody first wants one.
import { batch, signal } from '@preact/signals'
import type { CannedReplies as Loaded, CannedReply } from '../../protocol/canned-replies.ts'

export class CannedReplies {
  /** In order of their shortcuts; null: not loaded yet */
  readonly all = signal<readonly CannedReply[] | null>(null)
  /** What `{{agent.name}}` stands for */
  readonly agentName = signal<string | null>(null)
  /** The last attempt to load them failed. What was loaded before stays */
  readonly isFailed = signal(false)
  readonly #load: () => Promise<Loaded>
  #asked = 0

  constructor(load: () => Promise<Loaded>) {
    this.#load = load
  }

  /** Never rejects */
  async refresh(): Promise<void> {
    const asked = ++this.#asked
    this.isFailed.value = false
    try {
      const { replies, agent_name } = await this.#load()
      // An answer to an earlier question may come later
      if (asked !== this.#asked) return
      batch(() => {
        this.all.value = replies
        this.agentName.value = agent_name
      })
    } catch {
      if (asked === this.#asked) this.isFailed.value = true
    }
  }
}

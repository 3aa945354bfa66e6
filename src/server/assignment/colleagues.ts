import type { Authenticate } from '../http/authenticate.ts'
import type { Identity } from '../people/identity.ts'
import { isoTime, type Clock } from '../ports/clock.ts'
import type { PresentColleague } from '../ports/store/colleagues.ts'
import type { Store } from '../ports/store/store.ts'

/** Who was seen is written in batches, this often (ms) */
const WRITE_EVERY = 1_000
/** Somebody who is here is noted again after this time (ms); the store keeps minutes */
const NOTED_FOR = 60_000
/** People whose last note is remembered */
const MAX_NOTED = 10_000

export interface ColleaguesOptions {
  /** When all credentials of this member of staff were revoked last (ms since 1970); undefined: never */
  revokedAt: (id: string) => number | undefined
  store: Pick<Store, 'saveColleagues'>
  clock: Clock
  onError: (error: unknown) => void
  /** It writes when `write` is called, and starts no timer. Default: false */
  onDemand?: boolean
}

type Seen = Pick<Identity, 'id' | 'name'>

/** Records who is here with the role of staff, so that chats can be assigned to them. What is lost when a process dies comes with their next request. */
export class Colleagues {
  readonly #options: ColleaguesOptions
  /** By id */
  readonly #waiting = new Map<string, PresentColleague>()
  readonly #noted = new Map<string, { name: string | null; at: number }>()
  #cancel: (() => void) | undefined
  #closed = false

  constructor(options: ColleaguesOptions) {
    this.#options = options
  }

  /** The same, which notes every member of staff that it identifies */
  noting(authenticate: Authenticate): Authenticate {
    return async (request, address) => {
      const caller = await authenticate(request, address)
      if (caller.identity.role === 'admin') this.#saw(caller.identity)
      return caller
    }
  }

  /** Writes who was seen; undefined: nobody was. Never rejects */
  write(): Promise<void> | undefined {
    return this.#waiting.size === 0 ? undefined : this.#flush()
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#flush()
  }

  #saw({ id, name }: Seen): void {
    const { clock, onDemand, revokedAt } = this.#options
    const now = clock.now()
    const before = this.#noted.get(id)
    const revoked = revokedAt(id) ?? -Infinity
    const isNoted = before?.name === name && now < before.at + NOTED_FOR && before.at >= revoked
    if (this.#closed || isNoted) return
    if (this.#noted.size >= MAX_NOTED) this.#noted.clear()
    this.#noted.set(id, { name, at: now })
    this.#waiting.set(id, { id, name, returned: now < revoked + NOTED_FOR })
    if (!onDemand) this.#cancel ??= clock.after(WRITE_EVERY, () => void this.#flush())
  }

  async #flush(): Promise<void> {
    this.#cancel?.()
    this.#cancel = undefined
    const seen = [...this.#waiting.values()]
    this.#waiting.clear()
    if (seen.length === 0) return
    const { store, clock, onError } = this.#options
    try {
      await store.saveColleagues(seen, isoTime(clock.now()))
    } catch (error) {
      // They are noted again at their next request
      for (const { id } of seen) this.#noted.delete(id)
      onError(error)
    }
  }
}

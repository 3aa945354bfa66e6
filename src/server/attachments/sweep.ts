// Deletes the contents of files that are gone: uploads that nobody sent or that broke off, and those of erased chats.
import type { Blobs } from '../ports/blobs.ts'
import { isoTime, type Clock } from '../ports/clock.ts'
import type { Store } from '../ports/store/store.ts'
import type { TimeLimit } from '../work/time-limit.ts'

/** How often a node looks (ms), and at how many files */
const SWEEP_EVERY = 60_000
const SWEEP_AT_ONCE = 100

export interface AttachmentSweepOptions {
  store: Pick<Store, 'goneAttachments' | 'forgetAttachments'>
  blobs: Blobs
  clock: Clock
  onError: (error: unknown) => void
  /** It sweeps when it is called, and starts no timer. Default: false */
  onDemand?: boolean
}

export class AttachmentSweep {
  readonly #options: AttachmentSweepOptions
  #isFailing = false
  #sweeping: Promise<unknown> = Promise.resolve()
  #cancel: (() => void) | undefined
  #closed = false

  constructor(options: AttachmentSweepOptions) {
    this.#options = options
    if (!options.onDemand) this.#schedule()
  }

  /** @returns how many contents were deleted. Never rejects */
  runDue(limit: TimeLimit): Promise<number> {
    return this.#turn(() => limit.leftToBegin > 0)
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#cancel?.()
    await this.#sweeping
  }

  #schedule(): void {
    this.#cancel = this.#options.clock.after(SWEEP_EVERY, () => {
      this.#sweeping = this.#turn(() => !this.#closed).finally(() => {
        if (!this.#closed) this.#schedule()
      })
    })
  }

  async #turn(goesOn: () => boolean): Promise<number> {
    try {
      const deleted = await sweepAttachments(this.#options, goesOn)
      this.#isFailing = false
      return deleted
    } catch (error) {
      // Report an outage once
      if (!this.#isFailing) this.#options.onError(error)
      this.#isFailing = true
      return 0
    }
  }
}

/**
 * Deletes all that is gone now. Any number of nodes may do it at once.
 * @returns how many contents were deleted
 * @throws StoreUnavailable, and what `blobs` threw first: another sweep tries those again
 */
export async function sweepAttachments(
  { store, blobs, clock }: Pick<AttachmentSweepOptions, 'store' | 'blobs' | 'clock'>,
  goesOn: () => boolean = () => true,
): Promise<number> {
  let deleted = 0
  let failed: PromiseRejectedResult | undefined
  while (goesOn()) {
    const ids = await store.goneAttachments(isoTime(clock.now()), SWEEP_AT_ONCE)
    const deletions = await Promise.allSettled(ids.map(async (id) => blobs.delete(id)))
    // One that cannot be deleted keeps no other here
    const done = ids.filter((_, at) => deletions[at]?.status === 'fulfilled')
    await store.forgetAttachments(done)
    deleted += done.length
    failed ??= deletions.find((one) => one.status === 'rejected')
    if (ids.length < SWEEP_AT_ONCE || done.length === 0) break
  }
  if (failed) throw failed.reason
  return deleted
}

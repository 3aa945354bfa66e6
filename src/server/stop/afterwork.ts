/**
 * What requests began and no answer waits for. Where a process may end with its answer, the runtime is told to wait for it: see
 * `Peer.waitUntil`.
 */
export class Afterwork {
  readonly #underWay = new Set<Promise<void>>()

  get isIdle(): boolean {
    return this.#underWay.size === 0
  }

  /** @param work reports its failure itself */
  add(work: Promise<unknown>): void {
    const end = (): void => void this.#underWay.delete(ending)
    const ending: Promise<void> = work.then(end, end)
    this.#underWay.add(ending)
  }

  /** What is under way now, to compare with later */
  mark(): ReadonlySet<Promise<void>> {
    return new Set(this.#underWay)
  }

  /** What was added after the mark, and is under way */
  since(mark: ReadonlySet<Promise<void>>): Promise<void>[] {
    return [...this.#underWay].filter((work) => !mark.has(work))
  }

  /** Resolves when nothing is under way, also of what was added meanwhile */
  async settled(): Promise<void> {
    while (!this.isIdle) await Promise.all(this.#underWay)
  }
}

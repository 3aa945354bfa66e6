import type { Looking } from '../../../protocol/events.ts'

/** More than anybody reads */
const MAX_TOLD = 20

interface Look {
  looking: Looking
  /** How long it is valid (ms since 1970) */
  until: number
  /** They said it to this node */
  isHere: boolean
}

/** Who of staff looks at one chat, and writes in it. Nothing of it is stored: who looks repeats it, and what nobody repeats runs out */
export class Looks {
  /** By their ids */
  readonly #looks = new Map<string, Look>()

  get isEmpty(): boolean {
    return this.#looks.size === 0
  }

  /** Those who said it to this node */
  get here(): Looking[] {
    return [...this.#looks.values()].filter(({ isHere }) => isHere).map(({ looking }) => looking)
  }

  /** As it is told to clients */
  get told(): Looking[] {
    return [...this.#looks.values()].slice(0, MAX_TOLD).map(({ looking }) => looking)
  }

  /** @returns what changed of what is told: that somebody is there, or only what they do */
  set(look: Look): 'newcomer' | 'changed' | 'same' {
    const { id, name, writing } = look.looking
    const before = this.#looks.get(id)?.looking
    this.#looks.set(id, look)
    if (!before) return 'newcomer'
    return before.name === name && before.writing === writing ? 'same' : 'changed'
  }

  /** Somebody has gone from this node, or from another. @returns whether they were there */
  drop(id: string, isHere: boolean): boolean {
    return this.#looks.get(id)?.isHere === isHere && this.#looks.delete(id)
  }

  /** Forgets what nobody has repeated in time. @returns whether there was any */
  expire(now: number): boolean {
    let isChanged = false
    for (const [id, { until }] of this.#looks) if (until <= now) isChanged = this.#looks.delete(id)
    return isChanged
  }
}

/** A message by its id, which begins with the time at which it was made (UUIDv7), and its chat */
export interface Place {
  id: string
  chat_id: string
}

/** Before, and after, every message */
export const START = '00000000-0000-0000-0000-000000000000'
export const END = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

const timeOf = (id: string): number => parseInt(id.replace('-', '').slice(0, 12), 16)

/** The first id that begins with these digits, at most eight */
export const firstOf = (digits: string): string => digits + START.slice(digits.length)

/** A page of chats in the making, by their newest matches, and how far back was looked for them. */
export class FoundChats {
  readonly #limit: number
  readonly #newest = new Map<string, Place>()
  /** Everything from here on has been looked at */
  at: string

  constructor(before: string, limit: number) {
    this.at = before
    this.#limit = limit
  }

  /** Matches, newest first: all that there are from `to` on */
  add(places: Place[], to: string): void {
    for (const place of places) {
      this.at = place.id
      if (!this.#newest.has(place.chat_id)) this.#newest.set(place.chat_id, place)
      if (this.missing === 0) return
    }
    this.at = to
  }

  get missing(): number {
    return this.#limit - this.#newest.size
  }
  get isDone(): boolean {
    return this.missing === 0 || this.at === START
  }
  get found(): Place[] {
    return [...this.#newest.values()]
  }
  get next(): string | null {
    return this.at === START ? null : this.at
  }
  /** When it stopped before it was done */
  get searchedTo(): string | null {
    return this.isDone ? null : new Date(timeOf(this.at)).toISOString()
  }
}

/** A message that matches, by its id, which begins with its time (UUIDv7), and its chat */
export interface MatchPosition {
  id: string
  chat_id: string
}

/** Before, and after, every message */
export const START = '00000000-0000-0000-0000-000000000000'
export const END = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

const timeOf = (id: string): number => parseInt(id.replace('-', '').slice(0, 12), 16)

/** The first id that begins with these digits, at most eight */
export const firstOf = (digits: string): string => digits + START.slice(digits.length)

/** A page of chats that is being filled, by their newest matches, and how far back the search has come */
export class FoundChats {
  readonly #limit: number
  readonly #newest = new Map<string, MatchPosition>()
  /** Everything newer than this id has been searched */
  at: string

  constructor(before: string, limit: number) {
    this.at = before
    this.#limit = limit
  }

  /** @param matches newest first: all that there are from `to` on */
  add(matches: MatchPosition[], to: string): void {
    for (const match of matches) {
      this.at = match.id
      if (!this.#newest.has(match.chat_id)) this.#newest.set(match.chat_id, match)
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
  get found(): MatchPosition[] {
    return [...this.#newest.values()]
  }
  get next(): string | null {
    return this.at === START ? null : this.at
  }
  /** ISO 8601; where the search stopped before the page was full */
  get searchedTo(): string | null {
    return this.isDone ? null : new Date(timeOf(this.at)).toISOString()
  }
}

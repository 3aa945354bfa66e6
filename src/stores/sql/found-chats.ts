/** A page of chats that is being filled, by their newest matches, and how far back the search has come */
export class FoundChats<Position, Match extends { chat_id: string }> {
  readonly #limit: number
  readonly #start: Position
  readonly #positionOf: (match: Match) => Position
  readonly #newest = new Map<string, Match>()
  /** Everything newer than this has been searched */
  at: Position

  /** @param range `start` is a position before every message's */
  constructor(range: { before: Position; start: Position }, limit: number, positionOf: (match: Match) => Position) {
    this.at = range.before
    this.#start = range.start
    this.#limit = limit
    this.#positionOf = positionOf
  }

  /** @param matches newest first: all that there are from `to` on */
  add(matches: Match[], to: Position): void {
    for (const match of matches) {
      this.at = this.#positionOf(match)
      if (!this.#newest.has(match.chat_id)) this.#newest.set(match.chat_id, match)
      if (this.missing === 0) return
    }
    this.at = to
  }

  get missing(): number {
    return this.#limit - this.#newest.size
  }
  /** Nothing is left to search */
  get isAtStart(): boolean {
    return this.at === this.#start
  }
  get isDone(): boolean {
    return this.missing === 0 || this.isAtStart
  }
  get found(): Match[] {
    return [...this.#newest.values()]
  }
}

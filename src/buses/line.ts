// What a bus needs of a driver: one connection, from its opening to its end. Whoever lost one opens another, so no driver has to
// reconnect, and none gets to keep what it could not send.

export interface Line {
  /** Resolves once hints are received */
  open(): Promise<void>
  /** Resolves once the server has taken them */
  send(hints: readonly string[]): Promise<unknown>
  /** Sends a hint that comes back only where those of other nodes would; without, any that is sent does */
  prove?(hint: string): Promise<unknown>
  /** Resolves once the server has answered to everything that was said before */
  ping(): Promise<unknown>
  /** Lets go of it at once, whatever it is doing, `open` included */
  drop(): void
}

export interface LineEvents {
  receive(hint: string): void
  /** It is no more, or no good any more */
  lost(error: Error): void
}

export type MakeLine = (events: LineEvents) => Line

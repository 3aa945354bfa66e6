// What a bus needs of a driver: one connection, from its opening to its end. A bus that loses its link opens another, so a driver never
// reconnects and never keeps hints that it could not send.

export interface BusLink {
  /** Resolves once hints are received */
  open(): Promise<void>
  /** Resolves once the server has accepted them */
  send(hints: readonly string[]): Promise<unknown>
  /** Sends a hint that comes back only if those of other nodes do. Leave it out when that is true of every hint that is sent */
  prove?(hint: string): Promise<unknown>
  /** Resolves once the server has answered everything that was sent before */
  ping(): Promise<unknown>
  /** Closes it at once, also while it opens */
  drop(): void
}

export interface LinkEvents {
  receive(hint: string): void
  /** The connection ended or does not work any more */
  lost(error: Error): void
}

export type MakeLink = (events: LinkEvents) => BusLink

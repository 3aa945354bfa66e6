/** How a database answers a ping */
export interface Pulse {
  /** As stored now. When it differs from the store's `epoch`, the database was restored to an earlier state since the store was opened. */
  epoch: string
  /** By the database's own clock */
  time: string
}

export interface StoreOperations {
  /** Names the database incarnation, as it was when the store was opened: positions in a chat are valid within one epoch */
  readonly epoch: string
  /** Brings the schema up to date; safe to repeat. A store is handed out after its first run. */
  migrate(): Promise<void>
  /**
   * Waits for the transactions under way. Every other method rejects with StoreUnavailable from now on, and so may what else was
   * under way. A connection or pool that the host handed in stays open. Safe to repeat.
   */
  close(): Promise<void>
  /** Reads something small that is stored; rejects unless the database answers */
  ping(): Promise<Pulse>
  /**
   * For use after the database was restored to an earlier state: older positions are no longer valid, and waiting mails are
   * skipped, since they may have been sent after that state. Restart the servers afterwards.
   * @returns the new epoch
   */
  renewEpoch(): Promise<string>
}

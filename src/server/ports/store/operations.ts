/** A database's answer to a ping */
export interface Pulse {
  /** The stored epoch. If it differs from the store's `epoch`, the database was restored since the store was opened. */
  epoch: string
  /** The time of the database's clock */
  time: string
}

export interface StoreOperations {
  /** The epoch when the store was opened. A restored database gets a new one: positions in a chat are valid within one epoch */
  readonly epoch: string
  /** Updates the schema; safe to repeat. The functions that open a store have already called it. */
  migrate(): Promise<void>
  /**
   * Waits for running transactions. From now on all other methods reject with StoreUnavailable, and so may other running calls. A
   * connection or pool of the host stays open. Safe to repeat.
   */
  close(): Promise<void>
  /** Reads a small stored value; rejects if the database does not answer */
  ping(): Promise<Pulse>
  /**
   * Call it after the database was restored to an earlier state: it invalidates older positions, and skips waiting mails, which may
   * have been sent after that state. Restart the servers afterwards.
   * @returns the new epoch
   */
  renewEpoch(): Promise<string>
}

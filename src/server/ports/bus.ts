/**
 * Carries short hints between the nodes of one installation. It may lose, duplicate, delay and reorder them, and be unavailable for
 * a time: a hint says that the database has something new, or something whose loss does no harm (who is typing).
 * An implementation only publishes and receives. `deskbell/testing` has the suite that it must pass.
 */
export interface Bus {
  /**
   * Sends a hint to all nodes; this node may receive it too. Neither waits nor throws: a hint that cannot be sent now is lost.
   * @param hint at most `MAX_HINT` bytes of UTF-8, without NUL
   */
  publish(hint: string): void
  /**
   * Starts to receive, and resolves when it does. Call it once per bus. It reconnects by itself when the connection breaks, and also
   * after it rejected because it could not connect at first. Nothing is sent before it resolves or calls `resumed`.
   * @param receive called with each hint
   * @param resumed called when the bus receives again after an interruption, in which hints may have been lost
   * @param lost called once per interruption when the bus stops receiving, if the bus can notice it
   * @throws Error when it cannot connect, was called before, or the bus was closed
   */
  listen(receive: (hint: string) => void, resumed: () => void, lost?: (error: Error) => void): Promise<void>
  /** Sends what was published before, within half a second, and closes all connections. Safe to repeat. */
  close(): Promise<void>
}

/** Maximum bytes of a hint; PostgreSQL's NOTIFY carries less than 8,000 */
export const MAX_HINT = 7_500

/**
 * Carries short hints between the nodes of one installation. It may lose, double, delay and reorder them, and go away and come
 * back: a hint says that the database has something new, or something whose loss harms nobody (who is typing).
 * An implementation publishes and receives, and nothing else. `deskbell/testing` has the suite that it must pass.
 */
export interface Bus {
  /**
   * Sends a hint to all nodes; whether this one receives it too does not matter. It neither waits nor throws: a hint that cannot be
   * sent now is lost.
   * @param hint at most `MAX_HINT` bytes of UTF-8, without NUL
   */
  publish(hint: string): void
  /**
   * Starts to receive, once per bus, and resolves when it does. After the connection broke, it reconnects by itself; also after the
   * promise was rejected because it could not connect at the start. Nothing is sent before the promise resolved or `resumed` was called.
   * @param receive called with each hint
   * @param resumed called when the bus receives again after a time in which hints may have been lost
   * @param lost called once when the bus stops receiving, by buses that notice it
   * @throws Error when it cannot connect, was called before, or the bus was closed
   */
  listen(receive: (hint: string) => void, resumed: () => void, lost?: (error: Error) => void): Promise<void>
  /** Sends what was published before, within half a second, and leaves nothing open. Safe to repeat. */
  close(): Promise<void>
}

/** Bytes of a hint at most: PostgreSQL's NOTIFY carries less than 8,000 */
export const MAX_HINT = 7_500

/**
 * Carries short hints between the nodes of one installation. It may lose, double, delay and reorder them, and go away and come
 * back: a hint says that the database has something new, or something whose loss harms nobody (who is typing).
 * An implementation publishes and receives, and nothing else.
 */
export interface Bus {
  /**
   * Sends a hint to all nodes, this one perhaps included. Neither waits nor throws: what cannot be sent now is lost.
   * @param hint at most `MAX_HINT` bytes of UTF-8, without NUL
   */
  publish(hint: string): void
  /**
   * Starts to receive, once per bus; resolves when it does. It goes on trying by itself after the connection broke, and also
   * after it rejected with what is wrong at the start. Nothing is sent before it resolved, or `resumed` was called.
   * @param receive called with each hint
   * @param resumed called when it receives again after a time in which hints may have been lost
   * @param lost called when it no longer does, once until then, by those that can tell
   */
  listen(receive: (hint: string) => void, resumed: () => void, lost?: (error: Error) => void): Promise<void>
  close(): Promise<void>
}

/** Bytes; PostgreSQL's NOTIFY takes less than 8,000 */
export const MAX_HINT = 7_500

/** Where time comes from, so that tests can move it. */
export interface Clock {
  /** Milliseconds since 1970-01-01 UTC */
  now(): number
  /** Calls `task` once after `ms`; the returned function cancels it. Never keeps a process alive. */
  after(ms: number, task: () => void): () => void
}

export const isoTime = (ms: number): string => new Date(ms).toISOString()

/** One connection, borrowed from a pool. What an engine's driver has to be able to do, and no more. */
export interface Line {
  /** A statement with parameters */
  run(statement: string, parameters: readonly unknown[]): Promise<Result>
  /** A statement without, or several when the engine takes several */
  exec(statement: string): Promise<void>
  /** Back to the pool */
  release(): void
  /** Ends the connection: nobody knows what state it is in */
  destroy(): void
}

export interface Result {
  rows: unknown[]
  /** How many rows were written */
  changed: number
}

export interface Lines {
  borrow(): Promise<Line>
  close(): Promise<void>
}

/** How long a statement, or the wait for a connection, may take at most (ms). What lasts longer is a database that is away. */
export const PATIENCE = 10_000
/** How long a statement may wait for a lock (ms): less, so that it is the database that says so and the connection stays */
export const LOCK_PATIENCE = 5_000

export class TookTooLong extends Error {
  override readonly name = 'TookTooLong'
}

/** @param late gets what comes after all when nobody waits for it any more */
export async function within<T>(ms: number, work: Promise<T>, late?: (value: T) => void): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  let isOver = false
  const timeout = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      isOver = true
      reject(new TookTooLong(`The database did not answer within ${ms} ms`))
    }, ms)
  })
  work.then(
    (value) => isOver && late?.(value),
    () => undefined,
  )
  try {
    return await Promise.race([work, timeout])
  } finally {
    clearTimeout(timer)
  }
}

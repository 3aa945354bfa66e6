// What the state needs of the place where it runs. In the page, main.tsx hands in the browser's; tests hand in their own.

export interface Clock {
  /** Milliseconds since 1970-01-01 UTC */
  now(): number
  /** Calls `task` once after `ms`; the returned function cancels it */
  after(ms: number, task: () => void): () => void
}

export interface AddressBar {
  readonly pathname: string
  /** With its `?`, or empty */
  readonly search: string
  /** Adds an entry to the history and loads nothing */
  push(url: string): void
  /** Calls `listener` when the person goes back or forward; the returned function ends that */
  onTraverse(listener: () => void): () => void
}

export interface Visibility {
  readonly isVisible: boolean
  /** Calls `listener` after each change; the returned function ends that */
  onChange(listener: () => void): () => void
}

/** Calls `task` every `ms`, for the first time after `ms`; the returned function ends it */
export function every(clock: Clock, ms: number, task: () => void): () => void {
  let cancel = (): void => {}
  const wait = (): void => {
    cancel = clock.after(ms, () => {
      wait()
      task()
    })
  }
  wait()
  return () => cancel()
}

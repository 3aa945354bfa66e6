// What the state needs of the place where it runs. In the page, main.tsx hands in the browser's; tests hand in their own.
import type { ReadonlySignal } from '@preact/signals'

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

/** `default`: the person was not asked yet · `unsupported`: the browser has no notifications, or none on this page */
export type DesktopPermission = 'default' | 'granted' | 'denied' | 'unsupported'

/** A notification of the person's desktop */
export interface Notice {
  /** One that is shown takes the place of another one with the same key */
  key: string
  title: string
  body: string
  /** Without the desktop's own sound */
  silent: boolean
  clicked: () => void
  /** It is not there any more, for whatever reason */
  gone: () => void
}

/** The desktop around the browser */
export interface Desktop {
  readonly permission: ReadonlySignal<DesktopPermission>
  /** Asks the person. Browsers want it to follow a click. Never rejects */
  ask(): Promise<void>
  /** The returned function takes it away */
  show(notice: Notice): () => void
}

/** The tabs of this browser that show the dashboard */
export interface BrowserTabs {
  /** Says to the others whether somebody attends to this one */
  attend(isAttended: boolean): void
  /** Somebody attends to another one. Never rejects */
  attendedElsewhere(): Promise<boolean>
  /** Calls `listener` each time somebody comes to another one; the returned function ends that */
  onReturn(listener: () => void): () => void
  /** For each key, whether no tab got it within the last `ms`. This one then has it. Never rejects */
  claim(keys: readonly string[], ms: number): Promise<boolean[]>
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

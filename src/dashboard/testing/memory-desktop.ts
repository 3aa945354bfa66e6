// A desktop and the tabs of a browser, for tests.
import { signal } from '@preact/signals'
import type { BrowserTabs, Clock, Desktop, DesktopPermission, Notice } from '../state/environment.ts'

export class MemoryDesktop implements Desktop {
  readonly permission = signal<DesktopPermission>('default')
  /** What the person answers when they are asked */
  answer: DesktopPermission = 'granted'
  /** By their keys */
  readonly shown = new Map<string, Notice>()

  async ask(): Promise<void> {
    this.permission.value = this.answer
  }

  show(notice: Notice): () => void {
    this.shown.set(notice.key, notice)
    return () => {
      if (this.shown.get(notice.key) !== notice) return
      this.shown.delete(notice.key)
      notice.gone()
    }
  }
}

/** The tabs of one browser: each `tab()` is one of them */
export class MemoryTabs {
  readonly #clock: Pick<Clock, 'now'>
  readonly #attended = new Set<BrowserTabs>()
  readonly #listeners = new Map<BrowserTabs, Set<() => void>>()
  /** Until when each key is taken */
  readonly #claimed = new Map<string, number>()

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock
  }

  tab(): BrowserTabs {
    const listeners = new Set<() => void>()
    const tab: BrowserTabs = {
      attend: (isAttended) => {
        if (!isAttended) return void this.#attended.delete(tab)
        this.#attended.add(tab)
        for (const [other, told] of this.#listeners) if (other !== tab) for (const tell of told) tell()
      },
      attendedElsewhere: async () => this.#attended.size > Number(this.#attended.has(tab)),
      onReturn: (listener) => {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
      claim: async (keys, ms) => {
        const now = this.#clock.now()
        return keys.map((key) => {
          if ((this.#claimed.get(key) ?? Number.NEGATIVE_INFINITY) > now) return false
          this.#claimed.set(key, now + ms)
          return true
        })
      },
    }
    this.#listeners.set(tab, listeners)
    return tab
  }
}

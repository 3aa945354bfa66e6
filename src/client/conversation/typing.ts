// "… is typing", in both directions. It expires by itself, because a lost "stopped" must not leave it on the screen.

import { TYPING_ENDS, TYPING_REPEATS } from '../../protocol/timing.ts'

/** Sends that this side is typing: at once, every three seconds while it lasts, and once when it ends */
export class TypingSender {
  readonly #say: (typing: boolean) => void
  #last = 0
  #idle: ReturnType<typeof setTimeout> | undefined

  constructor(say: (typing: boolean) => void) {
    this.#say = say
  }

  set(typing: boolean): void {
    clearTimeout(this.#idle)
    if (!typing) {
      if (this.#last) this.#say(false)
      this.#last = 0
      return
    }
    if (Date.now() - this.#last >= TYPING_REPEATS) {
      this.#last = Date.now()
      this.#say(true)
    }
    this.#idle = setTimeout(() => this.set(false), TYPING_ENDS - 1_000)
  }

  close(): void {
    clearTimeout(this.#idle)
  }
}

/** Shows that the other side is typing */
export class TypingWatch {
  readonly #show: (typing: { name: string | null } | null) => void
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(show: (typing: { name: string | null } | null) => void) {
    this.#show = show
  }

  heard(typing: boolean, name: string | null): void {
    clearTimeout(this.#timer)
    if (typing) this.#timer = setTimeout(() => this.#show(null), TYPING_ENDS)
    this.#show(typing ? { name } : null)
  }

  close(): void {
    clearTimeout(this.#timer)
  }
}

import type { Looking } from '../../protocol/events.ts'
import { LOOK_REPEATS } from '../../protocol/timing.ts'

/** Somebody who has not pressed a key for this long (ms) does not write any more */
const WRITING_ENDS = 6_000

/** Lets colleagues know that this person looks at a chat, and what they write in it: at once, and again and again while it lasts */
export class LookSender {
  readonly #say: (writing: Looking['writing']) => void
  #writing: Looking['writing'] = null
  #repeat: ReturnType<typeof setInterval> | undefined
  #idle: ReturnType<typeof setTimeout> | undefined

  constructor(say: (writing: Looking['writing']) => void) {
    this.#say = say
  }

  /** Whether they attend to the chat. When they stop, what was said runs out */
  attend(isThere: boolean): void {
    if (isThere === (this.#repeat !== undefined)) return
    clearInterval(this.#repeat)
    this.#repeat = isThere ? setInterval(() => this.again(), LOOK_REPEATS) : undefined
    this.again()
  }

  /** They write, or have stopped */
  write(writing: Looking['writing']): void {
    clearTimeout(this.#idle)
    if (writing !== null) this.#idle = setTimeout(() => this.write(null), WRITING_ENDS)
    if (writing === this.#writing) return
    this.#writing = writing
    this.again()
  }

  /** Says it now, as after a reconnect */
  again(): void {
    if (this.#repeat !== undefined) this.#say(this.#writing)
  }

  close(): void {
    clearInterval(this.#repeat)
    clearTimeout(this.#idle)
    this.#repeat = undefined
    this.#writing = null
  }
}

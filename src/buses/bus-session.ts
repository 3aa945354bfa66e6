// The life of one link: it is opened, proven, watched, and ended.
import { within } from './deadline.ts'
import type { BusLink, MakeLink } from './link.ts'
import { Outgoing } from './outgoing.ts'

/** Milliseconds until a link must be open and proven */
const OPENING = 5_000
/** Milliseconds between pings, and for an answer: a silent server is noticed after ten seconds */
const PING_EVERY = 5_000
const ANSWER = 5_000
/** Hints that begin like this are probes, and are not handed on */
const PROBE = 'deskbell:probe:'

export class BusSession {
  /** Resolves, with the reason, when the link has ended */
  readonly ended: Promise<Error>
  readonly #link: BusLink
  readonly #outgoing: Outgoing
  readonly #probe = PROBE + crypto.randomUUID()
  readonly #proven = Promise.withResolvers<void>()
  readonly #end: (error: Error) => void
  #over = false
  #lacking = 'it did not answer in time'
  #timer: NodeJS.Timeout | undefined

  constructor(make: MakeLink, receive: (hint: string) => void) {
    const { promise, resolve } = Promise.withResolvers<Error>()
    this.ended = promise
    this.#end = resolve
    this.#link = make({
      receive: (hint) => {
        if (this.#over) return
        if (!hint.startsWith(PROBE)) receive(hint)
        else if (hint === this.#probe) this.#proven.resolve()
      },
      lost: (error) => this.end(error),
    })
    this.#outgoing = new Outgoing(
      (hints) => this.#link.send(hints),
      (error) => this.end(error),
    )
  }

  /** Resolves once it both sends and receives. A session that could not begin has ended. */
  async begin(): Promise<void> {
    const broken = this.ended.then((error) => Promise.reject(error))
    try {
      await within(OPENING, Promise.race([this.#open(), broken]), () => this.#lacking)
    } catch (error) {
      this.end(error as Error)
      throw error
    }
    this.#watch()
  }

  publish(hint: string): void {
    this.#outgoing.add(hint)
  }

  /** Resolves once what was published has been sent */
  async idle(): Promise<void> {
    await Promise.race([this.#outgoing.idle(), this.ended])
  }

  end(error: Error): void {
    if (this.#over) return
    this.#over = true
    clearTimeout(this.#timer)
    this.#outgoing.stop()
    this.#link.drop()
    this.#end(error)
  }

  async #open(): Promise<void> {
    await this.#link.open()
    // That a server says yes to a subscription does not mean that hints arrive: a connection pooler says so too, and a user may
    // have the right to listen alone
    await (this.#link.prove?.(this.#probe) ?? this.#link.send([this.#probe]))
    this.#lacking = 'it accepts hints but does not deliver them'
    await this.#proven.promise
  }

  #watch(): void {
    this.#timer = setTimeout(async () => {
      try {
        await within(ANSWER, Promise.race([this.#link.ping(), this.ended]), () => 'it went silent')
        if (!this.#over) this.#watch()
      } catch (error) {
        this.end(error as Error)
      }
    }, PING_EVERY)
  }
}

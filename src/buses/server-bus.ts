// A bus that a server carries. It is the same for every kind of server; only the links differ.
import { MAX_HINT, type Bus } from '../server/ports/bus.ts'
import { within } from './deadline.ts'
import type { MakeLink } from './link.ts'
import { BusSession } from './bus-session.ts'

/** Milliseconds between tries: doubled up to a ceiling, and shortened by up to half at random, so that nodes do not all return at once */
const FIRST_TRY = 100
const LAST_TRY = 5_000
/** Milliseconds that `close` waits for the last hints to leave */
export const FAREWELL = 500

export class ServerBus implements Bus {
  readonly #name: string
  readonly #make: MakeLink
  #session: BusSession | undefined
  /** Whether `session` has begun */
  #up = false
  #listening = false
  #closed = false
  #wake = (): void => undefined

  /** @param name the server, for error messages: no password in it */
  constructor(name: string, make: MakeLink) {
    this.#name = name
    this.#make = make
  }

  publish(hint: string): void {
    // A hint that no server accepts would break the link for all others
    if (this.#up && Buffer.byteLength(hint) <= MAX_HINT && !hint.includes('\0')) this.#session?.publish(hint)
  }

  async listen(receive: (hint: string) => void, resumed: () => void, lost?: (error: Error) => void): Promise<void> {
    if (this.#listening) throw new Error('A bus listens once')
    this.#listening = true
    try {
      await this.#connect(receive)
    } catch (error) {
      throw new Error(`The bus ${this.#name} cannot be used: ${reason(error)}`, { cause: error })
    } finally {
      void this.#stay(receive, resumed, lost)
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#wake()
    if (this.#up && this.#session) await within(FAREWELL, this.#session.idle(), () => 'too slow').catch(ignore)
    this.#session?.end(new Error('it was closed'))
  }

  async #connect(receive: (hint: string) => void): Promise<void> {
    if (this.#closed) throw new Error('it was closed')
    this.#session = new BusSession(this.#make, receive)
    await this.#session.begin()
    this.#up = true
  }

  async #stay(
    receive: (hint: string) => void,
    resumed: () => void,
    lost: ((error: Error) => void) | undefined,
  ): Promise<void> {
    for (;;) {
      const error = await this.#session?.ended
      this.#up = false
      if (error && !this.#closed) lost?.(error)
      if (!(await this.#return(receive))) return
      resumed()
    }
  }

  /** Tries for as long as it takes. @returns false when the bus was closed meanwhile */
  async #return(receive: (hint: string) => void): Promise<boolean> {
    for (let wait = FIRST_TRY; !this.#closed; wait = Math.min(LAST_TRY, wait * 2)) {
      await this.#pause(wait * (0.5 + Math.random() / 2))
      try {
        await this.#connect(receive)
        return true
      } catch {
        // The first failure was reported; the next ones are no news
      }
    }
    return false
  }

  async #pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setTimeout(() => resolve(), ms)
    this.#wake = resolve
    if (this.#closed) resolve()
    await promise
    clearTimeout(timer)
  }
}

const ignore = (): void => undefined

/** A host name with two addresses fails with an AggregateError that has no message of its own */
function reason(error: unknown): string {
  if (error instanceof AggregateError && !error.message) return reason(error.errors[0])
  return error instanceof Error ? error.message || error.name : String(error)
}

import type { Clock } from '../ports/clock.ts'

/** The host's function took too long */
export class AssistantTimeout extends Error {
  override name = 'AssistantTimeout'
}

export interface CallLimits {
  clock: Clock
  /** Milliseconds at most, from now to `end` */
  ms: number
  /** Aborted when nobody needs the result any more */
  signal: AbortSignal
}

/** A call of the host's function, which may hang, throw at once or ignore its signal. Whoever makes one calls `end` */
export class LimitedCall {
  readonly #controller = new AbortController()
  readonly #over = Promise.withResolvers<never>()
  readonly #release: () => void

  constructor({ clock, ms, signal }: CallLimits) {
    const stop = (reason: unknown): void => {
      this.#controller.abort(reason)
      this.#over.reject(reason)
    }
    const onAbort = (): void => stop(signal.reason)
    const cancel = clock.after(ms, () => stop(new AssistantTimeout(`The assistant took more than ${ms} ms`)))
    this.#release = () => {
      cancel()
      signal.removeEventListener('abort', onAbort)
    }
    // It may happen while nothing is awaited
    this.#over.promise.catch(() => undefined)
    if (signal.aborted) onAbort()
    else signal.addEventListener('abort', onAbort, { once: true })
  }

  /** For the host's function */
  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** @throws AssistantTimeout; the reason of the signal; what `work` throws */
  within<T>(work: () => T | Promise<T>): Promise<T> {
    const result = (async () => work())()
    // What comes after the end is nobody's
    result.catch(() => undefined)
    return Promise.race([this.#over.promise, result])
  }

  end(): void {
    this.#release()
    this.#controller.abort()
  }
}

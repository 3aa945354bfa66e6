// A channel's events over plain HTTP, for networks that let no WebSocket through. Loaded only when it is needed.
// It uses `fetch`, because EventSource cannot send a token.
import type { History } from '../../protocol/cable.ts'
import { LOOK_AT_STREAM, STREAM_RETURNS, STREAM_SILENCE } from '../../protocol/timing.ts'
import type { Stream, StreamModule, StreamOptions } from './stream.ts'

export const openStream: StreamModule['openStream'] = (options) => new EventStream(options)

class EventStream implements Stream {
  readonly #options: StreamOptions
  readonly #watch = setInterval(() => this.#check(), LOOK_AT_STREAM)
  #abort: AbortController | null = null
  #retry: ReturnType<typeof setTimeout> | undefined
  #grace: ReturnType<typeof setTimeout> | undefined
  #lastByte = 0
  #live = false
  #refused = false
  /** Seconds over which the server asks everybody to come back */
  #within: number | undefined
  #closed = false

  constructor(options: StreamOptions) {
    this.#options = options
    void this.#run()
  }

  get live(): boolean {
    return this.#live
  }

  nudge(): void {
    if (this.#abort) this.#check()
    else void this.#run()
  }

  cut(): void {
    clearTimeout(this.#retry)
    this.#abort?.abort()
    this.#abort = null
    this.#set(false)
  }

  close(): void {
    this.#closed = true
    clearInterval(this.#watch)
    this.cut()
  }

  async #run(): Promise<void> {
    clearTimeout(this.#retry)
    if (this.#closed || isHidden()) return
    const abort = (this.#abort = new AbortController())
    this.#lastByte = Date.now()
    try {
      await this.#read(abort.signal)
    } catch {
      // However it ended, it starts again below.
    }
    if (abort !== this.#abort) return
    this.#abort = null
    // The grace time goes on while attempts fail: a network that ends long answers may end the next one before its first byte
    if (this.#live && !abort.signal.aborted) this.#grace ??= setTimeout(() => this.#set(false), STREAM_RETURNS)
    else this.#set(false)
    this.#retry = setTimeout(() => void this.#run(), this.#options.backoff.next(this.#within))
    this.#within = undefined
  }

  async #read(signal: AbortSignal): Promise<void> {
    const { cable, session, handlers } = this.#options
    const token = (this.#refused && (await session.freshToken())) || (await session.token())
    const cursor = lastEventId(handlers.cursor?.() ?? null)
    const response = await fetch(new URL(handlers.events, cable.replace(/^ws/, 'http')).href, {
      headers: {
        Accept: 'text/event-stream',
        ...session.headers(token),
        ...(cursor === null ? {} : { 'Last-Event-ID': cursor }),
      },
      credentials: token === null ? 'include' : 'omit',
      cache: 'no-store',
      signal,
    })
    session.answered(response)
    this.#refused = response.status === 401
    // The sign-in page of a network answers too, but is no stream
    const isStream = response.headers.get('Content-Type')?.startsWith('text/event-stream') ?? false
    if (!response.ok || !isStream || !response.body) return void response.body?.cancel()
    const reader = response.body.getReader()
    const decoder = new TextDecoder()
    let rest = ''
    for (;;) {
      const { done, value } = await reader.read()
      if (done || signal.aborted) return
      this.#lastByte = Date.now()
      this.#set(true)
      const blocks = (rest + decoder.decode(value, { stream: true })).split('\n\n')
      rest = blocks.pop() ?? ''
      for (const block of blocks) if (!signal.aborted) this.#receive(block)
    }
  }

  #receive(block: string): void {
    const data = field(block, 'data')
    if (data === '') return
    const event: unknown = JSON.parse(data)
    const type = field(block, 'event')
    const { handlers } = this.#options
    if (type === 'reject_history') handlers.historyRejected?.()
    else if (type === 'disconnect') {
      const { reconnect, retry_after } = event as { reconnect: boolean; retry_after?: number }
      this.#refused = reconnect === false
      this.#within = retry_after
    } else handlers.message(event)
  }

  #check(): void {
    // A browser opens few connections to one server, and hidden tabs must not use them up: they poll instead
    if (isHidden()) this.cut()
    // Nothing came for too long: the connection is dead, or a proxy buffers the stream. The clock may have been set back since
    else if (Math.abs(Date.now() - this.#lastByte) > STREAM_SILENCE) this.#abort?.abort()
  }

  #set(live: boolean): void {
    clearTimeout(this.#grace)
    this.#grace = undefined
    if (live) this.#options.backoff.reset()
    if (live === this.#live) return
    this.#live = live
    this.#options.changed(false)
    if (live) this.#options.handlers.connected?.()
  }
}

/** One field of an event; `data` may take several lines */
const field = (block: string, name: string): string =>
  block
    .split('\n')
    .filter((line) => line.startsWith(`${name}: `))
    .map((line) => line.slice(name.length + 2))
    .join('\n')

/** The cursor in the format of the `Last-Event-ID` header */
function lastEventId(history: History | null): string | null {
  const [stream, position] = Object.entries(history?.streams ?? {})[0] ?? []
  return stream && position ? `${position.offset}/${position.epoch}/${stream}` : null
}

const isHidden = (): boolean => typeof document !== 'undefined' && document.visibilityState === 'hidden'

// Hears from a hosted service that a channel has something new, and asks the server what it is. Services lose, repeat and
// reorder events, so each event is treated as a hint and no more.
import { LOOK_ANYWAY, POLL_EVERY, SERVICE_ANSWERS } from '../../protocol/timing.ts'
import type { RealtimeHint } from '../../protocol/publication.ts'
import type { ServedChannel } from '../connection/cable-frames.ts'
import type { Stream, StreamOptions } from '../connection/stream.ts'
import type { ActivityAction, ChatAction } from '../../protocol/events.ts'
import type { Join, JoinOptions, TellTyping } from './join.ts'
import type { Presence } from './members.ts'

export class ServiceStream implements Stream {
  readonly #options: StreamOptions
  readonly #served: ServedChannel
  readonly #join: Join
  readonly #forget: () => void
  /** Ends what was joined, or is about to be */
  #joining: AbortController | null = null
  #isJoined = false
  #tellTyping: TellTyping | undefined
  /** The server answered when it was last asked */
  #answers = false
  #live = false
  /** When events last arrived by themselves */
  #heard = Date.now()
  #isLooking = false
  #again = false
  #isClosed = false
  #retry: ReturnType<typeof setTimeout> | undefined
  #next: ReturnType<typeof setTimeout> | undefined
  /** The server takes long to answer */
  #slow: ReturnType<typeof setTimeout> | undefined

  constructor(options: StreamOptions, served: ServedChannel, join: Join) {
    this.#options = options
    this.#served = served
    this.#join = join
    this.#forget = options.session.onChange(() => options.session.ended && this.#leave())
    void this.#enter()
  }

  get live(): boolean {
    return this.#live
  }

  get suffices(): boolean {
    return this.#live || Date.now() - this.#heard < SERVICE_ANSWERS
  }

  perform(action: ChatAction | ActivityAction): boolean {
    return action.action === 'typing' && this.#isJoined && (this.#tellTyping?.(action.typing) ?? false)
  }

  nudge(): void {
    if (this.#joining) void this.#look()
    else void this.#enter()
  }

  cut(): void {
    this.#answers = false
    this.#show()
  }

  close(): void {
    this.#isClosed = true
    clearTimeout(this.#slow)
    this.#forget()
    this.#leave()
  }

  async #enter(): Promise<void> {
    clearTimeout(this.#retry)
    if (this.#isClosed || this.#joining) return
    const joining = (this.#joining = new AbortController())
    const { signal } = joining
    const { listening, api, chatId } = this.#served
    // An official client may go on calling for a channel that was left
    const whileIn =
      <Args extends unknown[]>(act: (...args: Args) => void) =>
      (...args: Args): void => {
        if (!signal.aborted) act(...args)
      }
    const refused = whileIn(() => {
      this.#leave()
      this.#retry = setTimeout(() => void this.#enter(), this.#options.backoff.next())
    })
    try {
      const tellTyping = await this.#join({
        listening,
        signal,
        owner: api,
        // A signature is for one channel; a token covers all that the person may hear, so all channels share it
        authorize: (request) => api.json('POST', 'realtime/auth', request ? { chat_id: chatId, ...request } : {}),
        joined: whileIn(() => this.#set(true)),
        lost: whileIn(() => this.#set(false)),
        refused,
        hinted: whileIn((hint) => this.#hinted(hint)),
        typing: whileIn((typing) => this.#typing(typing)),
        present: whileIn((presence) => this.#present(presence)),
      })
      if (!signal.aborted) this.#tellTyping = tellTyping
    } catch {
      refused()
    }
  }

  #leave(): void {
    clearTimeout(this.#retry)
    this.#joining?.abort()
    this.#joining = null
    this.#isJoined = false
    this.#tellTyping = undefined
    clearTimeout(this.#next)
    this.#show()
  }

  #set(isJoined: boolean): void {
    this.#isJoined = isJoined
    // What happened before that was not heard. If the service is gone, the server may still answer
    void this.#look()
  }

  #hinted({ seq, state }: Partial<RealtimeHint>): void {
    const [position] = Object.values(this.#options.handlers.cursor?.()?.streams ?? {})
    // Often the message is here already: this side sent it, or the service repeated the hint
    const isHere = position !== undefined && seq !== undefined && seq <= position.offset
    if (!isHere || state) void this.#look()
  }

  #typing({ sender_type, typing }: Parameters<JoinOptions['typing']>[0]): void {
    this.#options.handlers.message({ type: 'typing', sender_type, name: null, typing })
  }

  #present(presence: Presence): void {
    this.#options.handlers.message({ type: 'presence', ...presence })
  }

  async #look(): Promise<void> {
    this.#again = true
    if (this.#isLooking) return
    this.#isLooking = true
    clearTimeout(this.#next)
    while (this.#again && !this.#isClosed) {
      this.#again = false
      this.#slow = setTimeout(() => this.#found(false), POLL_EVERY)
      const answers = await this.#served.look()
      clearTimeout(this.#slow)
      this.#found(answers)
    }
    this.#isLooking = false
    if (this.#isJoined) this.#next = setTimeout(() => void this.#look(), this.#answers ? LOOK_ANYWAY : POLL_EVERY)
  }

  #found(answers: boolean): void {
    this.#answers = answers
    this.#show()
  }

  #show(): void {
    const live = this.#isJoined && this.#answers
    if (live) this.#options.backoff.reset()
    if (live === this.#live) return
    this.#live = live
    this.#heard = Date.now()
    if (this.#isClosed) return
    this.#options.changed(this.#answers)
    if (live) this.#options.handlers.connected?.()
    else if (!this.#answers) this.#options.lost()
  }
}

// Keeps a conversation up to date over REST: loads it, fills gaps, and polls while events do not arrive by themselves.
import { POLL_EVERY } from '../../protocol/timing.ts'
import type { MessagePage } from '../../protocol/types.ts'
import { toApiError } from '../api-error.ts'
import { onAttention } from '../connection/attention.ts'
import type { Cable } from '../connection/cable.ts'
import type { Session } from '../connection/session.ts'
import type { ChatEndpoint, OpenedChat } from './chat-endpoint.ts'
import type { ConversationStore } from './conversation-store.ts'
import { CATCH_UP_PAGE, CATCH_UP_PAGES, OLDER_PAGE, PATIENCE } from './sync-limits.ts'

export interface SyncOptions {
  store: ConversationStore
  endpoint: ChatEndpoint
  cable: Cable
  session: Session
  /** Events arrive by themselves, or are about to */
  live: () => boolean | undefined
  /** @param asked the last seq that was held when the request was sent */
  loaded: (chat: OpenedChat, asked: number) => void
  arrived: (page: MessagePage) => void
  /** Sends again what did not get through */
  flush: () => Promise<void>
}

export class Sync {
  readonly #options: SyncOptions
  readonly #store: ConversationStore
  /** Empty while it is stopped */
  #undo: (() => void)[] = []
  #loading: Promise<boolean> | null = null
  #catching: Promise<boolean> | null = null
  /** The request that was under way at the last tick */
  #waited: Promise<boolean> | undefined
  /** The newest page has to be loaded again, which has not worked yet */
  #outdated = false
  /** Ticks from one failed try to the next, and those that have passed */
  #patience = 1
  #ticks = 0
  /** Another load was asked for while a request was under way, whose answer may be too old for it */
  #again = false

  constructor(options: SyncOptions) {
    this.#options = options
    this.#store = options.store
  }

  start(): void {
    if (this.#undo[0]) return
    const tick = setInterval(() => void this.#maintain(), POLL_EVERY)
    this.#undo = [
      () => clearInterval(tick),
      onAttention(() => void this.#wake()),
      this.#options.cable.onStatus(() => this.#showConnection()),
    ]
    this.#showConnection()
  }

  stop(): void {
    for (const undo of this.#undo.splice(0)) undo()
  }

  /** Loads the newest page; resolves to whether it came. A failed load is repeated until it works. */
  load(): Promise<boolean> {
    this.#outdated = this.#again = true
    this.#loading ??= this.#loadOnce().finally(() => (this.#loading = null))
    return this.#loading
  }

  /** Loads everything after the last message here. Resolves to whether the server answered; never rejects */
  catchUp(): Promise<boolean> {
    this.#catching ??= this.#catchUpOnce().finally(() => (this.#catching = null))
    return this.#catching
  }

  /** As `catchUp`, but what is under way may be too old */
  async look(): Promise<boolean> {
    await this.#catching
    return this.catchUp()
  }

  async loadOlder(): Promise<void> {
    const store = this.#store
    const first = store.state.messages[0]
    if (!first || !store.state.has_more || store.state.loading_older) return
    store.patch({ loading_older: true })
    try {
      const page = await this.#options.endpoint.page({ before: first.seq, limit: OLDER_PAGE })
      // A reload may have replaced the list meanwhile.
      const fits = page.epoch === store.epoch && store.state.messages[0] === first
      const older = page.messages.filter((message) => message.seq < first.seq)
      if (fits) store.prepend(older, page.has_more)
    } catch {
      // `has_more` is still set, so scrolling there again asks again.
    } finally {
      store.patch({ loading_older: false })
    }
  }

  async #loadOnce(): Promise<boolean> {
    try {
      do {
        this.#again = false
        const { last } = this.#store
        const chat = await this.#options.endpoint.open()
        this.#outdated = this.#again
        if (this.#undo[0]) this.#options.loaded(chat, last)
        this.#showConnection()
      } while (this.#again && this.#undo[0])
      return true
    } catch (caught) {
      const error = toApiError(caught)
      // What is on the screen stays there, unless the chat is gone; only an empty conversation has to say that it could not load.
      const isGone = error.code === 'not_found'
      this.#store.patch(this.#store.epoch === null || isGone ? { status: 'error', error } : { error })
      this.#showConnection()
      return false
    }
  }

  async #catchUpOnce(): Promise<boolean> {
    const store = this.#store
    let answered = false
    try {
      let page: MessagePage
      let pages = 0
      do {
        page = await this.#options.endpoint.page({ after: store.last, limit: CATCH_UP_PAGE })
        if (page.epoch !== store.epoch || pages++ === CATCH_UP_PAGES) return await this.load()
        this.#options.arrived(page)
        // A frame that came while the page was loading may be newer than the page.
      } while (page.has_more || (page.messages.length > 0 && store.behind))
      answered = true
    } catch {
      // The next tick tries again.
    }
    this.#options.cable.restAnswered(answered)
    this.#showConnection()
    return answered
  }

  /** Every few seconds, tries again what did not get through, for as long as it takes */
  async #maintain(): Promise<void> {
    const { epoch, state, behind } = this.#store
    // The request of a tick ago has no answer yet: the connection may be dead, and the request would only end much later
    if (this.#catching === this.#waited) this.#options.cable.restAnswered(false)
    if (this.#options.session.ended || (epoch === null && state.error)) {
      // The host is asked for a token each time, and many pages may be signed out at once
      if (++this.#ticks < this.#patience) return
      this.#ticks = 0
      this.#patience = Math.min(2 * this.#patience, PATIENCE)
    } else this.#patience = 1
    if (epoch === null) return state.error?.transient ? void (await this.load()) : undefined
    if (this.#outdated) await this.load()
    else if (behind || !this.#options.live()) await (this.#waited = this.catchUp())
    else this.#showConnection()
    await this.#options.flush()
  }

  async #wake(): Promise<void> {
    this.#patience = 1
    if (this.#store.epoch === null || this.#outdated) return void (await this.load())
    // Events show that the socket lives, but another tab may have changed the cookie since it was opened
    if (this.#options.cable.fresh && !this.#options.session.byCookie) return
    await this.catchUp()
    await this.#options.flush()
  }

  #showConnection(): void {
    const { status } = this.#options.cable
    const { epoch, behind, state } = this.#store
    // A working connection is not enough: while something is known to be missing, people do not see "connected".
    const missing = epoch !== null && (this.#outdated || behind)
    const connection = status === 'connected' && missing ? 'reconnecting' : status
    if (connection !== state.connection) this.#store.patch({ connection })
  }
}

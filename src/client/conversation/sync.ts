// Keeps a conversation in step with the server over REST: loads it, fills its gaps, and polls while no socket is there to tell.
import type { MessagePage } from '../../protocol/types.ts'
import { toApiError } from '../api-error.ts'
import { onAttention } from '../connection/attention.ts'
import type { Cable } from '../connection/cable.ts'
import type { ChatEndpoint, OpenedChat } from './chat-endpoint.ts'
import type { ConversationStore } from './conversation-store.ts'

export interface SyncOptions {
  store: ConversationStore
  endpoint: ChatEndpoint
  cable: Cable
  /** The channel is subscribed: what happens comes by itself */
  live: () => boolean
  /** @param asked the last seq that was held when it was asked for */
  loaded: (chat: OpenedChat, asked: number) => void
  arrived: (page: MessagePage) => void
  /** A good moment to send again what did not get through */
  flush: () => Promise<void>
}

const TICK = 5_000
const OLDER_PAGE = 50
const CATCH_UP_PAGE = 200
/** Further behind than this, the newest page replaces what is held */
const CATCH_UP_PAGES = 5

export class Sync {
  readonly #options: SyncOptions
  readonly #store: ConversationStore
  #stop: (() => void) | null = null
  #loading: Promise<boolean> | null = null
  #catching: Promise<void> | null = null
  /** What was on its way at the last tick */
  #waited: Promise<void> | undefined
  /** The newest page has to be loaded anew, and that has not worked yet */
  #outdated = false
  /** Asked for while an earlier request was under way, whose answer may be older than the reason to ask */
  #again = false

  constructor(options: SyncOptions) {
    this.#options = options
    this.#store = options.store
  }

  start(): void {
    if (this.#stop) return
    const tick = setInterval(() => void this.#maintain(), TICK)
    const undo = [onAttention(() => void this.#wake()), this.#options.cable.onStatus(() => this.#showConnection())]
    this.#stop = () => {
      clearInterval(tick)
      for (const step of undo) step()
    }
    this.#showConnection()
  }

  stop(): void {
    this.#stop?.()
    this.#stop = null
  }

  /** The newest page; resolves to whether it came. What did not is asked for again until it does */
  load(): Promise<boolean> {
    this.#outdated = this.#again = true
    this.#loading ??= this.#loadOnce().finally(() => (this.#loading = null))
    return this.#loading
  }

  /** Everything after what we have; never rejects */
  catchUp(): Promise<void> {
    this.#catching ??= this.#catchUpOnce().finally(() => (this.#catching = null))
    return this.#catching
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
      // Still marked `has_more`: scrolling there again asks again.
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
        if (this.#stop) this.#options.loaded(chat, last)
        this.#showConnection()
      } while (this.#again && this.#stop)
      return true
    } catch (caught) {
      const error = toApiError(caught)
      // What is already on the screen stays there; only an empty panel has to say that it could not load.
      this.#store.patch(this.#store.epoch === null ? { status: 'error', error } : { error })
      this.#showConnection()
      return false
    }
  }

  async #catchUpOnce(): Promise<void> {
    const store = this.#store
    try {
      let page: MessagePage
      let pages = 0
      do {
        page = await this.#options.endpoint.page({ after: store.last, limit: CATCH_UP_PAGE })
        if (page.epoch !== store.epoch || pages++ === CATCH_UP_PAGES) return void (await this.load())
        this.#options.arrived(page)
        // A frame that came while the page was on its way may be newer than the page.
      } while (page.has_more || (page.messages.length > 0 && store.behind))
      this.#options.cable.asked(true)
    } catch {
      this.#options.cable.asked(false)
    }
    this.#showConnection()
  }

  /** Every few seconds: whatever did not get through is tried again, for as long as it takes */
  async #maintain(): Promise<void> {
    const { epoch, state, behind } = this.#store
    // What was asked a tick ago has no answer yet: the line may be dead, and the request would only end much later
    if (this.#catching === this.#waited) this.#options.cable.asked(false)
    if (epoch === null) {
      if (state.error?.transient && state.error.status !== 401) await this.load()
      return
    }
    if (this.#outdated) await this.load()
    else if (behind || !this.#options.live()) await (this.#waited = this.catchUp())
    else this.#showConnection()
    await this.#options.flush()
  }

  async #wake(): Promise<void> {
    if (this.#store.epoch === null || this.#outdated) return void (await this.load())
    if (this.#options.cable.fresh) return
    await this.catchUp()
    await this.#options.flush()
  }

  #showConnection(): void {
    const { status } = this.#options.cable
    const { epoch, behind, state } = this.#store
    // A line that works is not all: while something is known to be missing, it is not "connected" for the reader.
    const missing = epoch !== null && (this.#outdated || behind)
    const connection = status === 'connected' && missing ? 'reconnecting' : status
    if (connection !== state.connection) this.#store.patch({ connection })
  }
}

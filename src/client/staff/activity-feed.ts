// What only staff see of one chat, live: its activity, and notes that are on their way. It stands beside a Conversation, whose answers
// bring its newest page.
import { ACTIVITY_CHANNEL, activityStream, type History } from '../../protocol/cable.ts'
import type { ActivityPage, ActivitySlice, SupportActivity, SupportNote } from '../../protocol/activity.ts'
import type { ActivityAction, ActivityChannelMessage, Looking } from '../../protocol/events.ts'
import { isEmpty } from '../../protocol/message.ts'
import { personTag } from '../../protocol/person.ts'
import { POLL_EVERY } from '../../protocol/timing.ts'
import { ApiError } from '../api-error.ts'
import { queryString, type Api } from '../api.ts'
import { onAttention } from '../connection/attention.ts'
import type { Cable } from '../connection/cable.ts'
import type { Subscription } from '../connection/cable-frames.ts'
import { MessageSender } from '../conversation/message-sender.ts'
import { Outbox, type PendingMessage } from '../conversation/outbox.ts'
import type { KeyValue } from '../storage.ts'
import { LookSender } from './look-sender.ts'

const OLDER_PAGE = 100
const CATCH_UP_PAGE = 200

export interface ActivityState {
  /** In order of `seq`, without gaps, each once */
  activities: readonly SupportActivity[]
  /** Own notes that the server has not confirmed, oldest first */
  pending: readonly PendingMessage[]
  /** There is more before the first one here */
  has_more: boolean
  loading_older: boolean
  /** Who else of staff looks at the chat, as far as it is heard live */
  looking: readonly Looking[]
}

export interface ActivityFeedOptions {
  api: Api
  cable: Cable
  chatId: string
  /** Where notes that were not sent are kept when the tab is closed; localStorage unless given */
  storage?: KeyValue
}

export class ActivityFeed {
  readonly #api: Api
  readonly #cable: Cable
  readonly #chatId: string
  readonly #path: string
  readonly #outbox: Outbox
  readonly #sender: MessageSender<SupportNote>
  readonly #lookSender = new LookSender((writing) => this.#tellLook(writing))
  readonly #listeners = new Set<() => void>()
  #state: ActivityState = { activities: [], pending: [], has_more: false, loading_older: false, looking: [] }
  /** null until loaded */
  #epoch: string | null = null
  /** The highest seq heard of. While it is beyond the last one here, REST has to fill the gap */
  #ahead = 0
  #catching: Promise<void> | null = null
  #subscription: Subscription | null = null
  #takesLooks = true
  #undo: (() => void)[] = []
  #isTogether = false
  #isChanged = false

  constructor({ api, cable, chatId, storage }: ActivityFeedOptions) {
    this.#api = api
    this.#cable = cable
    this.#chatId = chatId
    this.#path = `admin/chats/${encodeURIComponent(chatId)}`
    this.#outbox = new Outbox(storage)
    this.#sender = new MessageSender<SupportNote>({
      outbox: this.#outbox,
      // Notes go by POST alone
      perform: () => false,
      post: ({ content, client_id }) =>
        this.#epoch === null || !this.#undo[0]
          ? null
          : this.#api.json('POST', `${this.#path}/notes`, { content, client_id }),
      stored: (note) => this.#arrived([note]),
      changed: () => this.#patch({ pending: this.#outbox.items }),
    })
  }

  /** An immutable snapshot; a new object after every change */
  get state(): ActivityState {
    return this.#state
  }

  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  open(): void {
    if (this.#undo.length > 0) return
    const tick = setInterval(() => void this.#maintain(), POLL_EVERY)
    this.#undo = [
      () => clearInterval(tick),
      onAttention(() => void this.#wake()),
      this.#api.session.onChange(() => this.#sessionChanged()),
    ]
    this.#sessionChanged()
  }

  /** Takes the newest page, as it came with the chat */
  load({ activities, has_more }: ActivitySlice, epoch: string): void {
    if (this.#undo.length === 0) return
    const isSame = epoch === this.#epoch
    const held = isSame ? this.#state.activities : []
    if (!isSame) this.#ahead = 0
    this.#epoch = epoch
    // A page may be older than what is held: more came live while it was on its way
    const joins = held.length > 0 && (activities[0]?.seq ?? 0) <= lastOf(held) + 1
    this.#together(() => {
      if (!joins) this.#patch({ activities, has_more })
      this.#arrived(activities)
    })
    this.#goLive()
    void this.#sender.flush()
  }

  /** Stops everything but keeps the state */
  close(): void {
    this.#sender.close()
    this.#lookSender.close()
    for (const undo of this.#undo.splice(0)) undo()
    this.#subscription?.unsubscribe()
    this.#subscription = null
  }

  /** @returns false when it was not taken, because it has no text, or the chat is not loaded */
  write(content: string): boolean {
    const text = content.toWellFormed().replaceAll('\0', '').trim()
    if (isEmpty({ content: text }) || this.#epoch === null) return false
    this.#sender.send({ content: text })
    return true
  }
  retry(clientId: string): void {
    this.#sender.retry(clientId)
  }
  discard(clientId: string): void {
    this.#sender.confirm(clientId)
  }

  /** Whether somebody attends to the chat, which colleagues in it see */
  attend(isThere: boolean): void {
    this.#lookSender.attend(isThere)
  }
  /** What somebody writes in it at the moment, which they see too; null: nothing */
  writes(writing: Looking['writing']): void {
    this.#lookSender.write(writing)
  }

  /** Loads older activity until it reaches back to a time (ISO 8601). Never rejects: when that fails, `has_more` stays true */
  async reachBack(time: string): Promise<void> {
    if (this.#state.loading_older) return
    this.#patch({ loading_older: true })
    try {
      for (;;) {
        const first = this.#state.activities[0]
        if (!first || !this.#state.has_more || first.created_at <= time) return
        const page = await this.#page({ before: first.seq, limit: OLDER_PAGE })
        // A restored database, or a page that replaced what was held
        if (page.epoch !== this.#epoch || this.#state.activities[0] !== first) return
        this.#patch({ activities: [...page.activities, ...this.#state.activities], has_more: page.has_more })
      }
    } catch {
      // The next time that it is asked for
    } finally {
      this.#patch({ loading_older: false })
    }
  }

  /** Asks for what is new, unless it comes by itself. Never rejects */
  async refresh(): Promise<void> {
    if (this.#epoch !== null && this.#subscription?.live !== true) await this.#catchUp()
  }

  #page(range: { after: number; limit: number } | { before: number; limit: number }): Promise<ActivityPage> {
    return this.#api.json('GET', `${this.#path}/activity${queryString({ ...range })}`)
  }

  #sessionChanged(): void {
    const { base, session } = this.#api
    if (session.replaced) return this.close()
    // Not the key of replies: what was written as a note can only go out as a note
    if (session.person !== null) this.#outbox.bind(`deskbell:notes:${base}:${session.person}:${this.#chatId}`)
    this.#patch({ pending: this.#outbox.items })
  }

  #goLive(): void {
    const stream = activityStream(this.#chatId)
    this.#subscription ??= this.#cable.subscribe(
      { channel: ACTIVITY_CHANNEL, chat_id: this.#chatId },
      {
        events: `${this.#path}/activity/events`,
        cursor: (): History | null =>
          this.#epoch === null ? null : { streams: { [stream]: { offset: this.#last, epoch: this.#epoch } } },
        message: (message) => this.#heard(message as ActivityChannelMessage),
        connected: () => {
          this.#lookSender.again()
          void this.#sender.flush()
        },
        // While nothing is heard, nobody says who has gone
        disconnected: () => this.#patch({ looking: [] }),
        historyRejected: () => void this.#catchUp().then(() => this.#subscription?.resubscribe()),
      },
    )
  }

  #heard(message: ActivityChannelMessage): void {
    if (message.type === 'new_activity') return this.#arrived([message.activity])
    const { person } = this.#api.session
    this.#patch({ looking: message.staff.filter(({ id }) => personTag('admin', id) !== person) })
  }

  #tellLook(writing: Looking['writing']): void {
    // Before it is loaded, its connection says so
    if (this.#subscription === null || this.#api.session.ended) return
    const action: ActivityAction = { action: 'look', writing }
    if (this.#subscription.perform(action) || !this.#takesLooks) return
    this.#api.request('POST', `${this.#path}/look`, { writing }).catch((error: unknown) => {
      // A server that holds no connections has nobody to tell
      if (error instanceof ApiError && error.status === 404) this.#takesLooks = false
    })
  }

  get #last(): number {
    return lastOf(this.#state.activities)
  }

  /** Appends what follows the last one here, and notes gaps */
  #arrived(incoming: readonly SupportActivity[]): void {
    let last = this.#last
    const fresh: SupportActivity[] = []
    for (const activity of incoming) {
      if (activity.seq === last + 1) {
        fresh.push(activity)
        last = activity.seq
      } else if (activity.seq > last + 1) this.#ahead = Math.max(this.#ahead, activity.seq)
    }
    this.#together(() => {
      if (fresh.length > 0) this.#patch({ activities: [...this.#state.activities, ...fresh] })
      this.#confirm(incoming.filter(({ seq }) => seq <= last))
    })
    if (this.#ahead > last) void this.#catchUp()
  }

  #confirm(stored: readonly SupportActivity[]): void {
    for (const { client_id } of stored) if (client_id !== null) this.#sender.confirm(client_id)
  }

  #catchUp(): Promise<void> {
    this.#catching ??= this.#catchUpOnce().finally(() => (this.#catching = null))
    return this.#catching
  }

  async #catchUpOnce(): Promise<void> {
    try {
      for (let has_more = true; has_more && this.#undo.length > 0;) {
        const page = await this.#page({ after: this.#epoch === null ? 0 : this.#last, limit: CATCH_UP_PAGE })
        if (page.epoch !== this.#epoch) {
          // The newest ones of the restored database
          const newest = await this.#page({ before: Number.MAX_SAFE_INTEGER, limit: OLDER_PAGE })
          return this.load(newest, newest.epoch)
        }
        this.#arrived(page.activities)
        has_more = page.has_more
      }
    } catch {
      // The next tick tries again
    }
  }

  /** Every few seconds, tries again what did not get through */
  async #maintain(): Promise<void> {
    if (this.#epoch === null || this.#api.session.ended) return
    if (this.#ahead > this.#last || this.#subscription?.live !== true) await this.#catchUp()
    const stored = new Set(this.#state.activities.map(({ client_id }) => client_id))
    if (this.#outbox.adopt(stored)) this.#patch({ pending: this.#outbox.items })
    await this.#sender.flush()
  }

  async #wake(): Promise<void> {
    if (this.#epoch === null || this.#cable.fresh) return
    await this.#catchUp()
    await this.#sender.flush()
  }

  #patch(change: Partial<ActivityState>): void {
    this.#state = { ...this.#state, ...change }
    if (this.#isTogether) this.#isChanged = true
    else for (const listener of this.#listeners) listener()
  }

  /** Listeners see what `work` changes as one change, so that no note is shown as both stored and pending */
  #together(work: () => void): void {
    if (this.#isTogether) return work()
    this.#isTogether = true
    work()
    this.#isTogether = false
    if (!this.#isChanged) return
    this.#isChanged = false
    this.#patch({})
  }
}

const lastOf = (activities: readonly SupportActivity[]): number => activities.at(-1)?.seq ?? 0

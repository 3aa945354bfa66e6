// Tells staff whose dashboard is closed of messages that wait. Nobody waits for it: not the sender, and not the next message. The node that
// committed a message tells of it, so that several nodes tell once; what is lost with that node, the e-mail to staff makes good.
import type { PushMessage } from '../../protocol/push.ts'
import { plainText } from '../../protocol/formatting/plain-text.ts'
import { messagePreview } from '../../protocol/preview.ts'
import type { SupportMessage } from '../../protocol/types.ts'
import { isVisitor } from '../../protocol/visitor.ts'
import type { ServerCatalogue } from '../catalogue.ts'
import type { ChatEvent } from '../events/chat-event.ts'
import type { Identity } from '../people/identity.ts'
import type { Clock } from '../ports/clock.ts'
import type { PostPush } from '../ports/push-post.ts'
import type { ChatRecord } from '../ports/store/chats.ts'
import type { PushSubscriptionRecord } from '../ports/store/push.ts'
import type { Store } from '../ports/store/store.ts'
import type { Afterwork } from '../stop/afterwork.ts'
import { atMost } from '../stop/at-most.ts'
import { DELIVERIES } from '../stop/budget.ts'
import { sendPush, type Push, type PushOutcome } from './send-push.ts'
import type { Subscriptions } from './subscriptions.ts'

/** How long a push waits after its message (ms): a message that staff have on the screen is viewed by then, and a burst becomes one push */
export const PUSH_AFTER = 2_000
/** Looks for pushes that are due have this much time between them (ms): a timer for each message would wake the server up once more for it */
const LOOKS_APART = 500
/** Chats told of at the same time, and browsers of one chat */
const CHATS_AT_ONCE = 10
const BROWSERS_AT_ONCE = 10
/** Chats that wait. Beyond, the one that waits longest is dropped */
const MOST_WAITING = 1_000
/** Tries of one push, and the pause between them (ms) unless the service wishes another one, up to the longest */
const TRIES = 3
const PAUSE = 5_000
const LONGEST_PAUSE = 60_000
const SWEEP_EVERY = 3_600_000

export interface PushesOptions {
  store: Pick<Store, 'findChats'>
  subscriptions: Pick<Subscriptions, 'keys' | 'list' | 'removeAll' | 'sweep'>
  post: PostPush
  clock: Clock
  words: Pick<ServerCatalogue, 'staffMail'>
  /** Who of staff has the desk open, on any node: their page tells them */
  online: () => ReadonlySet<string>
  /** Somebody of staff has the chat on the screen */
  isOnScreen: (chatId: string) => boolean
  /** The credentials by which somebody subscribed are good no more */
  isRevoked: (identity: Identity) => boolean
  onError: (error: unknown) => void
  /** It sends at once, tries once, and starts no timer. Default: false */
  onDemand?: boolean
  afterwork: Pick<Afterwork, 'add'>
}

/** The newest message of a chat that is to be told of */
interface Job {
  message: Readonly<SupportMessage>
  /** Browsers that have not taken it yet, by id; undefined: it was not tried */
  left?: ReadonlySet<string>
  tries: number
}

export class Pushes {
  readonly #options: PushesOptions
  /** By chat, with when they are due (ms since 1970) */
  readonly #later = new Map<string, { job: Job; at: number }>()
  readonly #due = new Map<string, Job>()
  /** By chat */
  readonly #underWay = new Map<string, Promise<void>>()
  readonly #stop = new AbortController()
  #cancelSweep: (() => void) | undefined
  #cancelLook: (() => void) | undefined
  /** When the next look is, and the last one was */
  #lookAt = Infinity
  #lookedAt = -Infinity
  #isClosing = false

  constructor(options: PushesOptions) {
    this.#options = options
    if (!options.onDemand) this.#sweepLater()
  }

  receive(events: readonly ChatEvent[]): void {
    if (this.#isClosing) return
    for (const event of events)
      if (event.type === 'message' && event.message.sender_type === 'user') this.#wrote(event.chat.id, event.message)
    if (!this.#options.onDemand) return
    this.#run()
    this.#options.afterwork.add(this.#settled())
  }

  /** Removes the browsers that have expired. Never rejects */
  async sweep(): Promise<void> {
    await this.#options.subscriptions.sweep().catch(this.#options.onError)
  }

  /** Sends what waits, and waits a limited time for what is on its way. Call it when no message comes any more */
  async close(): Promise<void> {
    this.#isClosing = true
    this.#cancelSweep?.()
    this.#cancelLook?.()
    for (const [chatId, { job }] of this.#later) {
      // The service wished to be left alone for longer
      if (job.tries === 0) this.#due.set(chatId, job)
    }
    this.#later.clear()
    this.#run()
    await atMost(DELIVERIES, this.#options.clock, this.#settled())
    this.#stop.abort()
  }

  #wrote(chatId: string, message: Readonly<SupportMessage>): void {
    const waiting = this.#later.get(chatId)
    if (waiting?.job.tries === 0) waiting.job.message = message
    else if (this.#options.onDemand) this.#due.set(chatId, { message, tries: 0 })
    else this.#wait(chatId, { message, tries: 0 }, PUSH_AFTER)
  }

  #wait(chatId: string, job: Job, ms: number): void {
    const at = this.#options.clock.now() + ms
    this.#later.set(chatId, { job, at })
    this.#lookBy(at)
    if (this.#later.size + this.#due.size <= MOST_WAITING) return
    const [oldest] = this.#later.keys()
    if (oldest !== undefined) this.#later.delete(oldest)
  }

  #lookBy(at: number): void {
    if (at >= this.#lookAt) return
    const { clock } = this.#options
    const now = clock.now()
    // After the clock was set back, the last look is in the future and says nothing
    const earliest = this.#lookedAt <= now ? this.#lookedAt + LOOKS_APART : now
    this.#cancelLook?.()
    this.#lookAt = Math.max(at, earliest)
    this.#cancelLook = clock.after(this.#lookAt - now, () => this.#look())
  }

  #look(): void {
    const now = this.#options.clock.now()
    this.#lookAt = Infinity
    this.#lookedAt = now
    let next = Infinity
    for (const [chatId, { job, at }] of this.#later) {
      // One that is further away was noted before the clock was set back
      if (at > now && at <= now + LONGEST_PAUSE) {
        next = Math.min(next, at)
        continue
      }
      this.#later.delete(chatId)
      this.#due.set(chatId, job)
    }
    if (next < Infinity) this.#lookBy(next)
    this.#run()
  }

  #run(): void {
    for (const [chatId, job] of this.#due) {
      if (this.#underWay.size >= CHATS_AT_ONCE) return
      if (this.#underWay.has(chatId)) continue
      this.#due.delete(chatId)
      const telling = this.#tell(chatId, job)
        .catch(this.#options.onError)
        .then(() => {
          this.#underWay.delete(chatId)
          this.#run()
        })
      this.#underWay.set(chatId, telling)
    }
  }

  async #settled(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay.values())
  }

  async #tell(chatId: string, job: Job): Promise<void> {
    const { store, subscriptions, onError } = this.#options
    const all = await subscriptions.list()
    if (all.length === 0) return
    const [chat] = await store.findChats([chatId])
    if (!chat || !this.#waits(chat, job.message)) return
    const browsers = await this.#wanted(chat, all)
    const tried = job.left ? browsers.filter(({ id }) => job.left?.has(id)) : browsers
    if (tried.length === 0) return
    const outcomes = await this.#send(tried, this.#pushAbout(chat, job.message))
    await subscriptions.removeAll(tried.filter((_, i) => outcomes[i]?.kind === 'gone').map(({ id }) => id))
    for (const outcome of outcomes) if (outcome.kind === 'refused') onError(new Error(outcome.reason))
    this.#again(chatId, job, tried, outcomes)
  }

  #waits(chat: ChatRecord, { seq }: Pick<SupportMessage, 'seq'>): boolean {
    return chat.archived_at === null && chat.admin_viewed_seq < seq && !this.#options.isOnScreen(chat.id)
  }

  /** The assignee's browsers; everybody's where nobody has the chat or no screen can tell the assignee. Never of those who have the desk open */
  async #wanted(
    { assignee_id }: Pick<ChatRecord, 'assignee_id'>,
    all: readonly PushSubscriptionRecord[],
  ): Promise<PushSubscriptionRecord[]> {
    const { online, isRevoked, subscriptions } = this.#options
    const revoked = new Set(all.filter((one) => isRevoked(credentialsOf(one))).map(({ id }) => id))
    await subscriptions.removeAll([...revoked])
    const here = online()
    const good = all.filter(({ id }) => !revoked.has(id))
    const own = good.filter(({ staff_id }) => staff_id === assignee_id)
    const isTheirs = assignee_id !== null && (own.length > 0 || here.has(assignee_id))
    return (isTheirs ? own : good).filter(({ staff_id }) => !here.has(staff_id))
  }

  #pushAbout(chat: ChatRecord, message: Readonly<SupportMessage>): Push {
    const said: PushMessage = {
      title: this.#nameOf(chat),
      body: plainText(messagePreview(message)),
      chat_id: chat.id,
    }
    return { payload: new TextEncoder().encode(JSON.stringify(said)), topic: chat.id.replaceAll('-', '') }
  }

  #nameOf({ user_id, user_name, user_email }: ChatRecord): string {
    const { staffMail } = this.#options.words
    if (user_name !== null) return user_name
    if (user_email === '') return staffMail.somebody
    return isVisitor(user_id) ? staffMail.unverified(user_email) : user_email
  }

  async #send(browsers: readonly PushSubscriptionRecord[], push: Push): Promise<PushOutcome[]> {
    const { subscriptions, post, clock } = this.#options
    const options = { keys: await subscriptions.keys(), post, clock, signal: this.#stop.signal }
    const outcomes: PushOutcome[] = []
    for (let i = 0; i < browsers.length; i += BROWSERS_AT_ONCE) {
      const some = browsers.slice(i, i + BROWSERS_AT_ONCE)
      outcomes.push(...(await Promise.all(some.map((browser) => sendPush(browser, push, options)))))
    }
    return outcomes
  }

  #again(
    chatId: string,
    { message, tries }: Job,
    browsers: readonly PushSubscriptionRecord[],
    outcomes: readonly PushOutcome[],
  ): void {
    const { onError, onDemand } = this.#options
    const left = new Set(browsers.filter((_, i) => outcomes[i]?.kind === 'again').map(({ id }) => id))
    if (left.size === 0) return
    const later = outcomes.filter((outcome) => outcome.kind === 'again')
    if (tries + 1 >= TRIES || onDemand || this.#isClosing) {
      for (const reason of new Set(later.map((one) => one.reason))) onError(new Error(reason))
      return
    }
    // A newer message of the chat stands in for this one
    if (this.#later.has(chatId) || this.#due.has(chatId)) return
    const wished = Math.max(0, ...later.map(({ retryAfter = PAUSE }) => retryAfter))
    this.#wait(chatId, { message, left, tries: tries + 1 }, Math.min(wished, LONGEST_PAUSE))
  }

  #sweepLater(): void {
    this.#cancelSweep = this.#options.clock.after(SWEEP_EVERY, () => {
      void this.sweep()
      this.#sweepLater()
    })
  }
}

/** A subscription is worth what its owner's credentials were worth when it was renewed */
const credentialsOf = ({ staff_id, session_id, renewed_at }: PushSubscriptionRecord): Identity => ({
  id: staff_id,
  role: 'admin',
  email: '',
  name: null,
  expiresAt: null,
  issuedAt: Date.parse(renewed_at),
  sessionId: session_id,
})

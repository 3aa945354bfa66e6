// The only write path. Messages that arrive during a commit are written together by the next one (group commit).
import { DeskbellError } from '../../protocol/errors.ts'
import type { SenderType, SupportMessage } from '../../protocol/types.ts'
import type { ChatEvent, EventChat } from '../events/chat-event.ts'
import type { ChatEvents } from '../events/chat-events.ts'
import type { MailDelay } from '../notifications/mail-delay.ts'
import { sideOf, type Identity } from '../people/identity.ts'
import { isoTime, nextTurn, type Clock } from '../ports/clock.ts'
import type { Observer } from '../ports/observer.ts'
import type { AppendOutcome, NewMessage } from '../ports/store/messages.ts'
import type { OpenTime } from '../ports/store/numbers.ts'
import type { Store } from '../ports/store/store.ts'
import type { Outbox } from '../ports/store/outbox.ts'
import { newMessageId } from './message-id.ts'

export interface Appended {
  message: SupportMessage
  /** The message was stored before, under the same client_id */
  repeated: boolean
}

interface Waiting {
  chat: EventChat
  message: NewMessage
  resolve: (appended: Appended) => void
  reject: (error: unknown) => void
}

/** Messages, and their characters, that may wait for a slow database. Beyond that, senders get `unavailable` */
const MAX_WAITING = 20_000
const MAX_WAITING_CHARACTERS = 16_000_000
/** Messages, and their characters, in one transaction: databases limit the size of a statement, MariaDB to 16 MB by default */
const MAX_BATCH = 1_000
const MAX_BATCH_CHARACTERS = 1_000_000

export interface AppendOptions {
  store: Store
  clock: Clock
  /** To the e-mail about a message of this side; null: there is none */
  notifyAfter: Record<SenderType, MailDelay | null>
  /** From a user's message to the assistant's look at it (ms); null: there is none that answers */
  answerAfter: number | null
  onError: (error: unknown) => void
  observer: Observer | undefined
  events: ChatEvents
  outbox: Outbox | undefined
  openTime: OpenTime | undefined
}

/** A message that a person sends. `clientId` is what the sender calls it; null: it has no such id */
export interface OutgoingMessage {
  sender: Identity
  chat: EventChat
  content: string
  clientId: string | null
  /** A member of staff takes the chat by it when nobody has it. Default: false */
  takesChat?: boolean
  /** Files that the sender uploaded to this chat. Default: none */
  attachmentIds?: readonly string[] | undefined
  /** A machine wrote it in the name of staff. Default: false */
  automated?: boolean | undefined
  /** As in `NewMessage`. Default: it is stored in any case */
  answersSeq?: number
  /** As in `NewMessage`. Default: false */
  handsOver?: boolean
}

export class MessageWriter {
  readonly #options: AppendOptions
  #waiting: Waiting[] = []
  /** Characters in the messages that wait or are being written */
  #characters = 0
  #writing = 0
  #running: Promise<void> | undefined
  #closed = false

  constructor(options: AppendOptions) {
    this.#options = options
  }

  /**
   * Resolves once the message is durable. The caller has checked the content, and that `sender` may send to `chat`.
   * @throws DeskbellError `blocked`; `conflict`, also where what it answers was overtaken; `attachment_gone`, `not_found`, `unavailable`
   */
  append(outgoing: OutgoingMessage): Promise<Appended> {
    const {
      sender,
      chat,
      content,
      clientId,
      attachmentIds = [],
      takesChat,
      automated,
      answersSeq,
      handsOver,
    } = outgoing
    const isFull = this.#waiting.length >= MAX_WAITING || this.#characters >= MAX_WAITING_CHARACTERS
    if (this.#closed || isFull) throw new DeskbellError('unavailable', undefined, 1)
    const now = this.#options.clock.now()
    const notifyAfter = this.#options.notifyAfter[sideOf(sender)]
    const { answerAfter } = this.#options
    const message: NewMessage = {
      id: newMessageId(),
      chat_id: chat.id,
      content,
      sender_type: sideOf(sender),
      sender_id: sender.id,
      sender_name: sender.name,
      client_id: clientId,
      attachment_ids: attachmentIds,
      created_at: isoTime(now),
      notify_at: notifyAfter === null ? null : isoTime(now + notifyAfter(now)),
      ...(takesChat && { takes_chat: true }),
      ...(answerAfter !== null && sideOf(sender) === 'user' && { answer_at: isoTime(now + answerAfter) }),
      ...(automated && { automated }),
      ...(answersSeq !== undefined && { answers_seq: answersSeq }),
      ...(handsOver && { hands_over: handsOver }),
    }
    return new Promise((resolve, reject) => {
      this.#waiting.push({ chat, message, resolve, reject })
      this.#characters += content.length
      this.#running ??= this.#run()
    })
  }

  /** Messages that are not durable yet */
  get waiting(): number {
    return this.#waiting.length + this.#writing
  }

  /** Refuses new messages, and writes those that wait */
  async close(): Promise<void> {
    this.#closed = true
    await this.#running
  }

  async #run(): Promise<void> {
    // Wait until all sockets that are readable in this turn of the loop were read: their messages join the batch
    await nextTurn()
    try {
      while (this.#waiting.length > 0) await this.#writeNext()
    } finally {
      this.#running = undefined
    }
  }

  async #writeNext(): Promise<void> {
    const batch = this.#waiting.splice(0, this.#batchSize())
    this.#writing = batch.length
    try {
      this.#settle(batch, await this.#commit(batch.map((w) => w.message)))
    } catch (error) {
      // The database is unavailable or full. Clients repeat the message under the same client_id
      for (const { reject } of batch) reject(new DeskbellError('unavailable', undefined, 1))
      this.#options.onError(error)
    } finally {
      for (const { message } of batch) this.#characters -= message.content.length
      this.#writing = 0
    }
  }

  #batchSize(): number {
    const most = Math.min(this.#waiting.length, MAX_BATCH)
    let characters = 0
    for (let size = 0; size < most; size++) {
      characters += this.#waiting[size]?.message.content.length ?? 0
      if (characters > MAX_BATCH_CHARACTERS) return size
    }
    return most
  }

  async #commit(batch: NewMessage[]): Promise<AppendOutcome[]> {
    const { store, observer, outbox, openTime } = this.#options
    if (!observer?.committed) return store.appendMessages(batch, outbox, openTime)
    const began = performance.now()
    let failed = true
    try {
      const outcomes = await store.appendMessages(batch, outbox, openTime)
      failed = false
      return outcomes
    } finally {
      observer.committed({ messages: batch.length, ms: performance.now() - began, failed })
    }
  }

  #settle(batch: Waiting[], outcomes: AppendOutcome[]): void {
    const events: ChatEvent[] = []
    outcomes.forEach((outcome, i) => {
      const chat = batch[i]?.chat
      if (outcome.kind !== 'stored' || !chat) return
      events.push({ type: 'message', chat, message: outcome.message })
      const { message, unarchived, taken, handed_over } = outcome
      if (unarchived) {
        events.push({ type: 'unarchived', chat, at: message.created_at })
        events.push({ type: 'activity', chat, activity: unarchived })
      }
      if (taken) events.push({ type: 'activity', chat, activity: taken })
      if (handed_over) events.push({ type: 'activity', chat, activity: handed_over })
    })
    this.#options.events.emit(events)
    outcomes.forEach((outcome, i) => {
      const { resolve, reject } = batch[i] ?? {}
      if (outcome.kind === 'stored') resolve?.({ message: outcome.message, repeated: false })
      else if (outcome.kind === 'repeated') resolve?.({ message: outcome.message, repeated: true })
      else reject?.(new DeskbellError(REFUSED[outcome.kind]))
    })
  }
}

/** Why a message was not stored */
const REFUSED = {
  blocked: 'blocked',
  conflict: 'conflict',
  overtaken: 'conflict',
  no_attachment: 'attachment_gone',
  no_chat: 'not_found',
} as const

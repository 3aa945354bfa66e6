// Who listens to what, and the way out of every event: encoded once per distinct frame, written to every listener.
import { chatStream } from '../../protocol/cable.ts'
import type { AdminNotificationMessage, ChatChannelMessage } from '../../protocol/events.ts'
import type { SupportMessage } from '../../protocol/types.ts'
import type { Stored } from '../messages/append.ts'
import type { Clock } from '../ports/clock.ts'
import { Frame } from '../ports/socket.ts'
import type { Store } from '../ports/store.ts'
import type { Subscription } from './subscription.ts'

export const ADMIN_STREAM = 'admin'

/** Rows of the list that changed are told at most this often (ms): a busy chat costs one row, not one per message */
const ROWS_EVERY = 200

export class Hub {
  readonly #store: Store
  readonly #clock: Clock
  readonly #streams = new Map<string, Set<Subscription>>()
  /** By stream, what was told last of who is there */
  readonly #toldPresence = new Map<string, string>()
  readonly #changedRows = new Set<string>()
  #rowsDue: (() => void) | undefined

  constructor(store: Store, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  join(subscription: Subscription): void {
    let listeners = this.#streams.get(subscription.stream)
    if (!listeners) this.#streams.set(subscription.stream, (listeners = new Set()))
    listeners.add(subscription)
    this.#announcePresence(subscription, subscription)
  }

  leave(subscription: Subscription): void {
    const listeners = this.#streams.get(subscription.stream)
    if (!listeners?.delete(subscription)) return
    if (listeners.size > 0) return this.#announcePresence(subscription)
    this.#streams.delete(subscription.stream)
    this.#toldPresence.delete(subscription.stream)
  }

  /** After a commit: tells the chat and the staff, in commit order */
  deliver(batch: Stored[]): void {
    for (const { chat, message, unarchived } of batch) {
      const json = JSON.stringify(message)
      const listeners = this.#streams.get(chatStream(chat.id))
      if (listeners) this.#send(listeners, `{"type":"new_message","message":${json}}`, message)
      if (unarchived) this.toChat(chat.id, { type: 'chat_updated', archived: false })
      const staff = this.#streams.get(ADMIN_STREAM)
      if (!staff) continue
      if (message.sender_type === 'user') {
        const email = JSON.stringify(chat.user_email)
        this.#send(staff, `{"type":"new_user_message","chat_id":"${chat.id}","user_email":${email},"message":${json}}`)
      }
      this.rowChanged(chat.id)
    }
  }

  toChat(chatId: string, event: ChatChannelMessage, except?: Subscription): void {
    const listeners = this.#streams.get(chatStream(chatId))
    if (listeners) this.#send(listeners, JSON.stringify(event), undefined, except)
  }

  /** The row of the admins' list is read again and sent to them, soon */
  rowChanged(chatId: string): void {
    if (!this.#streams.has(ADMIN_STREAM)) return
    this.#changedRows.add(chatId)
    this.#rowsDue ??= this.#clock.after(ROWS_EVERY, () => {
      this.#rowsDue = undefined
      void this.#sendRows()
    })
  }

  presence(chatId: string): { user_online: boolean; admins_online: number } {
    const listeners = [...(this.#streams.get(chatStream(chatId)) ?? [])]
    const admins = new Set(listeners.filter((s) => s.identity.role === 'admin').map((s) => s.identity.id))
    return { user_online: listeners.some((s) => s.identity.role === 'user'), admins_online: admins.size }
  }

  close(): void {
    this.#rowsDue?.()
  }

  async #sendRows(): Promise<void> {
    const ids = [...this.#changedRows]
    this.#changedRows.clear()
    const rows = await this.#store.listItems(ids).catch(() => undefined)
    // The database is away: ask again
    if (!rows) return ids.forEach((id) => this.rowChanged(id))
    for (const chat of rows) {
      const staff = this.#streams.get(ADMIN_STREAM)
      const event: AdminNotificationMessage = { type: 'chat_updated', chat }
      if (staff && chat.message_count > 0) this.#send(staff, JSON.stringify(event))
    }
  }

  /** Presence interests the other side alone, so a person by themselves causes no frame */
  #announcePresence({ stream, identity }: Subscription, newcomer?: Subscription): void {
    if (stream === ADMIN_STREAM) return
    const listeners = this.#streams.get(stream) ?? new Set<Subscription>()
    const others = [...listeners].some((s) => s.identity.role !== identity.role)
    if (!others) return
    const json = JSON.stringify({ type: 'presence', ...this.presence(stream.slice('chat:'.length)) })
    // Somebody's thousandth connection changes nothing, and must not cost a frame to each of the others
    if (json !== this.#toldPresence.get(stream)) this.#send(listeners, json)
    else if (newcomer) this.#send(new Set([newcomer]), json)
    this.#toldPresence.set(stream, json)
  }

  #send(listeners: Set<Subscription>, json: string, message?: SupportMessage, except?: Subscription): void {
    // Listeners that want the same bytes share one frame
    const frames = new Map<string, Frame>()
    for (const listener of listeners) {
      if (listener === except) continue
      const key = listener.frameKey
      let frame = frames.get(key)
      if (!frame) frames.set(key, (frame = new Frame(listener.wrap(json, message))))
      listener.push(frame, message?.seq)
    }
  }
}

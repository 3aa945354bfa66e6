import type { AdminNotificationMessage } from '../../protocol/events.ts'
import type { SupportChatListItem } from '../../protocol/types.ts'
import type { Stored } from '../messages/append.ts'
import type { Clock } from '../ports/clock.ts'
import type { Store } from '../ports/store.ts'
import { fanOut } from './fan-out.ts'
import type { Subscription } from './subscription.ts'

/** The stream of AdminNotificationChannel */
export const STAFF_STREAM = 'admin'

/** Rows of the list that changed are told at most this often (ms): a busy chat costs one row, not one per message */
const ROWS_EVERY = 200
/** Rows at the top of either list that are compared where notes of other nodes may have been lost */
const TOP = 50

/** What all staff hear on this node: every message of a user, and every row of the list that changes. */
export class StaffStream {
  readonly #store: Store
  readonly #clock: Clock
  readonly #listeners = new Set<Subscription>()
  readonly #changedRows = new Set<string>()
  /** The top of the lists as it was last told, by chat; only with several nodes */
  #told = new Map<string, string>()
  #rowsDue: (() => void) | undefined

  constructor(store: Store, clock: Clock) {
    this.#store = store
    this.#clock = clock
  }

  join(subscription: Subscription): void {
    this.#listeners.add(subscription)
  }

  leave(subscription: Subscription): void {
    this.#listeners.delete(subscription)
  }

  /** @param message as JSON */
  newUserMessage({ id, user_email }: Pick<Stored['chat'], 'id' | 'user_email'>, message: string): void {
    if (this.#listeners.size === 0) return
    const email = JSON.stringify(user_email)
    fanOut(this.#listeners, `{"type":"new_user_message","chat_id":"${id}","user_email":${email},"message":${message}}`)
  }

  /** The row of the list is read again and told, soon */
  rowChanged(chatId: string): void {
    if (this.#listeners.size === 0) return
    this.#changedRows.add(chatId)
    this.#rowsDue ??= this.#clock.after(ROWS_EVERY, () => {
      this.#rowsDue = undefined
      void this.#tellRows()
    })
  }

  /** Another node committed these messages of a chat; never rejects */
  async committedElsewhere(chatId: string, from: number, to: number): Promise<void> {
    if (this.#listeners.size === 0) return
    this.rowChanged(chatId)
    try {
      const [chat] = await this.#store.findChats([chatId])
      const { messages } = await this.#store.messages(chatId, { after: from - 1, limit: to - from + 1 })
      for (const message of messages)
        if (chat && message.sender_type === 'user') this.newUserMessage(chat, JSON.stringify(message))
    } catch {
      // The database is away; the row tells it later
    }
  }

  /** Rows of which no note came; never rejects */
  async compare(): Promise<void> {
    if (this.#listeners.size === 0) return
    try {
      const lists = await Promise.all([true, false].map((archived) => this.#store.listChats({ archived, limit: TOP })))
      const told = new Map(lists.flat().map((chat) => [chat.id, JSON.stringify(chat)]))
      for (const [id, row] of told) if (this.#told.get(id) !== row) this.rowChanged(id)
      this.#told = told
    } catch {
      // The next look finds it
    }
  }

  close(): void {
    this.#rowsDue?.()
  }

  async #tellRows(): Promise<void> {
    const ids = [...this.#changedRows]
    this.#changedRows.clear()
    let rows: SupportChatListItem[]
    try {
      rows = await this.#store.listItems(ids)
    } catch {
      // The database is away: ask again
      return ids.forEach((id) => this.rowChanged(id))
    }
    for (const chat of rows) {
      if (this.#told.has(chat.id)) this.#told.set(chat.id, JSON.stringify(chat))
      const event: AdminNotificationMessage = { type: 'chat_updated', chat }
      if (chat.message_count > 0) fanOut(this.#listeners, JSON.stringify(event))
    }
  }
}

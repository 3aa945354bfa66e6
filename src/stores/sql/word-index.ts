import type { RawBuilder, Transaction } from 'kysely'
import type { SupportMessage } from '../../protocol/types.ts'
import type { Tables } from './tables.ts'

export type PlacedInChat = Pick<SupportMessage, 'id' | 'seq' | 'content'> & { chat_id: string }

/** The words of messages, for a search. Of engines whose own index cannot serve it */
export interface WordIndex {
  /** Statements that index new messages, in the order of their `seq` in each chat, before their chats' counters move on */
  appended(messages: PlacedInChat[]): RawBuilder<unknown>[]
  /** Forgets the oldest messages of a chat, before they are deleted; whether or not this process searches */
  eraseOldest(trx: Transaction<Tables>, chatId: string, count: number): Promise<void>
}

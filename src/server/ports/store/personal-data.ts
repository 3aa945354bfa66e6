import type { MailBlock, SupportUser } from '../../../protocol/types.ts'
import type { SupportRating } from '../../../protocol/ratings.ts'
import type { MailDelivery } from '../mail-events.ts'

/** What is stored about a user, except the messages of their chat, which `messages` reads. Times are ISO 8601 */
export interface PersonalData {
  user: SupportUser & { unsubscribed_at: string | null }
  /** Null: they have no chat */
  chat: PersonalChat | null
  /** Why their address gets no e-mails; null: it does */
  mail_block: MailBlock | null
  /** Oldest first */
  mails: PersonalMail[]
}

export interface PersonalChat {
  id: string
  created_at: string
  message_count: number
  /** The user has read staff's messages up to this seq; null in `_at`: never */
  user_read_seq: number
  user_read_at: string | null
  /** Staff has viewed the user's messages up to this seq; null in `_at`: never */
  admin_viewed_seq: number
  admin_viewed_at: string | null
  /** How the user rated the help last; null: they did not */
  rating: SupportRating | null
  /** Since when staff take in nothing more of the user; null: they do */
  blocked_at: string | null
}

/** An e-mail that was sent, about the replies `after_seq` < seq <= `up_to_seq` */
export interface PersonalMail {
  /** `uncertain`: the provider's answer is not known */
  state: 'sent' | 'uncertain'
  at: string
  address: string
  after_seq: number
  up_to_seq: number
  /** What the mail service told of it; null: nothing */
  delivery: MailDelivery | null
}

/** What was erased */
export interface Erasure {
  /** Null: they had no chat */
  chat_id: string | null
  messages: number
}

/** Which users are erased alone: those whose chat was archived before this time, and still is; those in whose chat nothing was ever done */
export type ErasedOnly = { archivedBefore: string } | { untouched: true }

export interface PersonalDataStore {
  /** Undefined: no such user */
  personalData(userId: string): Promise<PersonalData | undefined>
  /**
   * Erases a user, their chat with all its messages, the index of these, and their mails and webhooks, also those that wait. Unlike every other method,
   * it is not atomic: a long chat goes in several transactions, the oldest messages first and the user last, so that others can work
   * meanwhile. If it fails in the middle, call it again. What the user sends meanwhile is erased too; a message for a chat that is
   * gone has the outcome `no_chat`.
   * @param only checked under the chat's lock in each transaction; where it is not fulfilled any more, what is left stays
   *   `archivedBefore` asks for a chat, `untouched` does not
   * @returns undefined: no such user, or `only` was not fulfilled
   */
  erasePerson(userId: string, only?: ErasedOnly): Promise<Erasure | undefined>
}

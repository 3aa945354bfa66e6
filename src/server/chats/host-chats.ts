// The chats as the host's own code reaches them: `deskbell.chats`.
import type { SupportNote } from '../../protocol/activity.ts'
import type { MessagePage, SupportChatListItem, SupportMessage } from '../../protocol/types.ts'
import type { GivenAttributes } from '../people/identity.ts'
import type { ChatPage } from './chat-page.ts'

/** The host's id of a person. A whole number counts as its digits: 42 and '42' are the same person */
export type PersonId = string | number

/** A member of staff, or a bot that writes as one */
export interface StaffAuthor {
  id: PersonId
  /** Shown to the user beside the message; null or none: they see no name */
  name?: string | null | undefined
}

/** Who does it: the user of the chat, or a member of staff */
export type Author = 'user' | StaffAuthor

export interface NewChat {
  id: PersonId
  /** Where replies that stay unread are mailed to; null: nowhere. Default: what is known */
  email?: string | null | undefined
  /** Shown to staff. Default: what is known */
  name?: string | null | undefined
  /** As in `HostUser`. Default: what is known */
  attributes?: GivenAttributes | null | undefined
}

/** A file that your code attaches. What it is, its content says */
export interface FileToSend {
  /** Such as `invoice.pdf` */
  name: string
  /** `openAsBlob` of `node:fs` makes one of a file that is not read into memory */
  content: Blob | Uint8Array<ArrayBuffer>
}

export interface MessageToSend {
  userId: PersonId
  /** Plain text, 1 to 10,000 characters. May be left out beside files */
  content?: string | undefined
  /** At most 10. They need the option `attachments` of `createDeskbell`, whose `maxBytes` holds for them too */
  attachments?: FileToSend[] | undefined
  as: Author
  /** A machine wrote it in the name of staff: people see that, and no person has the chat by it. Default: false */
  automated?: boolean | undefined
  /**
   * Your name for this message: letters, digits, `_ . : -`, at most 64. A message that is sent twice with it, in the same chat by the
   * same author, is stored once; so a job that may run again can send it again
   */
  clientId?: string | undefined
}

export interface SentMessage {
  chat_id: string
  message: SupportMessage
  /** It was stored before, under the same `clientId` */
  repeated: boolean
}

/** Names the chat by its user or by its id, by exactly one of the two */
export interface NoteToWrite {
  userId?: PersonId | undefined
  chatId?: string | undefined
  /** A member of staff, or a bot */
  as: StaffAuthor
  /** Plain text, 1 to 10,000 characters */
  content: string
  /** As in `MessageToSend` */
  clientId?: string | undefined
}

export interface StoredNote {
  chat_id: string
  note: SupportNote
  /** It was stored before, under the same `clientId` */
  repeated: boolean
}

export interface Assignment {
  userId: PersonId
  /** The member of staff who is to have the chat; they need not have been here. Null: nobody */
  to: StaffAuthor | null
}

export interface TagsToChange {
  userId: PersonId
  /** Each at most 40 characters, stored in lower case. Default: none */
  add?: string[] | undefined
  /** Default: none */
  remove?: string[] | undefined
}

export interface ChatsQuery {
  /** Default: false */
  archived?: boolean | undefined
  /** The start of an e-mail address; the list is then ordered by address */
  email?: string | undefined
  /** 1 to 200. Default: 50 */
  limit?: number | undefined
  /** `next` of the page before */
  cursor?: string | undefined
}

/** At most one of `after`, `before` and `since`; none: the newest messages */
export interface MessagesQuery {
  userId: PersonId
  /** Those with a higher seq */
  after?: number | undefined
  /** Those with a lower seq */
  before?: number | undefined
  /** Those that were created later, ISO 8601 with a time zone */
  since?: string | undefined
  /** 1 to 1,000. Default: 50 */
  limit?: number | undefined
}

export interface ReadUpTo {
  userId: PersonId
  /** The user has read what staff wrote, or staff has viewed what the user wrote */
  as: Author
  /** Default: everything that is there now */
  upToSeq?: number | undefined
}

/**
 * The chats, for your own code: a greeting after the sign-up, a bot, a contact form. A user has one chat, so it is named by the id of the
 * user. Your code is trusted: it is asked for no credentials and not limited by `rateLimit`. What it does reaches everybody who has the
 * chat open, by the same ways as what people do. With `serverless`, a method also waits for what it began, such as a publication and webhooks,
 * for 2 s at most.
 *
 * Every method rejects with a DeskbellError whose `code` says why: `invalid_request` (its message names the field), `not_found` (no user
 * with this id was ever here, or they were erased: `open` a chat for them), `unavailable` (the database cannot do it now, or the
 * server stops: try again).
 */
export interface Chats {
  /**
   * Finds a user's chat, or makes it for somebody who has never been here. E-mail address, name and attributes are stored where you give them.
   * @example await deskbell.chats.open({ id: user.id, email: user.email, name: user.name })
   */
  open(user: NewChat): Promise<SupportChatListItem>
  /**
   * Sends a message, as a member of staff or as the user. When it resolves, the message is stored. A message of staff that stays
   * unread leads to the e-mail; one of the user takes the chat out of the archive.
   * @throws DeskbellError also `blank`, `too_long`; `empty_file`, `file_too_large`, `image_too_large`, `too_many_files` (more than 20 are
   *   under way for this author); `conflict`: the `clientId` was used for another message; `blocked`: it is of a user who is
   * @example
   * const anna = { id: 'anna', name: 'Anna' }
   * await deskbell.chats.send({ userId: user.id, as: anna, content: 'Welcome! Ask us anything.', clientId: 'welcome' })
   */
  send(message: MessageToSend): Promise<SentMessage>
  /**
   * Writes a note, which only staff see. When it resolves, the note is stored.
   * @throws DeskbellError also `blank`, `too_long`; `conflict`: the `clientId` was used for another note
   * @example
   * const billing = { id: 'billing', name: 'Billing' }
   * await deskbell.chats.note({ userId: user.id, as: billing, content: 'Paid by bank transfer', clientId: `paid-${invoice.id}` })
   */
  note(note: NoteToWrite): Promise<StoredNote>
  /** @returns undefined: the user has no chat */
  get(userId: PersonId): Promise<SupportChatListItem | undefined>
  /** Chats with at least one message, the one with the newest message first */
  list(query?: ChatsQuery): Promise<ChatPage>
  /** A page of a chat's messages, oldest first, with its read marks */
  messages(query: MessagesQuery): Promise<MessagePage>
  /** @returns the seq up to which that side has read */
  markRead(mark: ReadUpTo): Promise<number>
  /** @returns false: it was in the archive already */
  archive(userId: PersonId): Promise<boolean>
  /** @returns false: it was not in the archive */
  unarchive(userId: PersonId): Promise<boolean>
  /**
   * Gives the chat to a member of staff, or to nobody. Staff see the change in the chat's activity, without a name.
   * @returns false: they had it already
   * @example await deskbell.chats.assign({ userId: user.id, to: { id: 'anna', name: 'Anna' } })
   */
  assign(assignment: Assignment): Promise<boolean>
  /**
   * Adds tags to the chat and removes others, whatever staff change at the same time.
   * @returns all tags that the chat has now
   * @throws DeskbellError also `too_many_tags`: more than 20
   * @example await deskbell.chats.tag({ userId: user.id, add: ['trial'], remove: ['paying'] })
   */
  tag(change: TagsToChange): Promise<string[]>
  /** Takes in nothing more that the user sends. They can read on. @returns false: they were blocked already */
  block(userId: PersonId): Promise<boolean>
  /** @returns false: they were not blocked */
  unblock(userId: PersonId): Promise<boolean>
}

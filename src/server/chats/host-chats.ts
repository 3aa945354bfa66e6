// The chats as the host's own code reaches them: `deskbell.chats`.
import { z } from 'zod'
import { DeskbellError } from '../../protocol/errors.ts'
import { MAX_LIST_SIZE, MAX_PAGE_SIZE, PAGE_SIZE } from '../../protocol/limits.ts'
import type { MessagePage, SupportChatListItem, SupportMessage } from '../../protocol/types.ts'
import type { Core } from '../core.ts'
import { clientIdSchema, isCleanText, parse, messageRange, seqSchema, timeSchema } from '../http/input.ts'
import { markRead } from '../messages/mark-read.ts'
import { readPage } from '../messages/read-page.ts'
import { sendMessage } from '../messages/send.ts'
import { detailsOf, nameOf } from '../people/details.ts'
import { WAIT_FOR_HOST } from '../people/host-users.ts'
import { personId, type GivenAttributes, type Identity } from '../people/identity.ts'
import type { OnUnusable } from '../people/unusable-details.ts'
import { isoTime } from '../ports/clock.ts'
import type { ChatRecord } from '../ports/store/chats.ts'
import { StoreUnavailable } from '../ports/store/store-unavailable.ts'
import type { Gate } from '../stop/gate.ts'
import { setArchived } from './archive.ts'
import { listPage, type ChatPage } from './list.ts'
import { openFirst } from './open.ts'

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

export interface MessageToSend {
  userId: PersonId
  /** Plain text, 1 to 10,000 characters */
  content: string
  as: Author
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
 * chat open, by the same ways as what people do.
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
   * @throws DeskbellError also `blank`, `too_long`; `conflict`: the `clientId` was used for another message
   * @example
   * const anna = { id: 'anna', name: 'Anna' }
   * await deskbell.chats.send({ userId: user.id, as: anna, content: 'Welcome! Ask us anything.', clientId: 'welcome' })
   */
  send(message: MessageToSend): Promise<SentMessage>
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
}

const details = { email: z.unknown().optional(), name: z.unknown().optional() }
const author = z.union([z.literal('user'), z.strictObject({ id: personId, name: details.name })], {
  error: "must be 'user', or a member of staff such as { id: 'anna', name: 'Anna' }",
})
const limit = (max: number) => z.int().min(1).max(max).default(PAGE_SIZE)

const newChat = z.strictObject({ id: personId, ...details, attributes: z.unknown().optional() })
const messageToSend = z.strictObject({ userId: personId, content: z.string(), as: author, clientId: clientIdSchema })
const chatsQuery = z.strictObject({
  archived: z.boolean().default(false),
  email: z.string().max(320).refine(isCleanText, 'must be valid Unicode without NUL').optional(),
  limit: limit(MAX_LIST_SIZE),
  cursor: z.string().max(1000).optional(),
})
const messagesQuery = z.strictObject({
  userId: personId,
  after: seqSchema.optional(),
  before: seqSchema.optional(),
  since: timeSchema.optional(),
  limit: limit(MAX_PAGE_SIZE),
})
const readUpTo = z.strictObject({ userId: personId, as: author, upToSeq: seqSchema.optional() })

interface HostChatsOptions {
  /** Counts what is under way, and refuses new work once the server stops */
  requests: Gate
  onUnusable: OnUnusable
  /** Called with the ids of users whose details have changed */
  onDescribed: (userIds: string[]) => void
}

export function hostChats(core: Core, { requests, onUnusable, onDescribed }: HostChatsOptions): Chats {
  const { store } = core
  const unlimited: Core = { ...core, rateLimit: null }

  /** @throws DeskbellError `not_found` */
  async function chatOf(userId: string): Promise<ChatRecord> {
    const chat = await store.findChatOf(userId)
    if (!chat) throw new DeskbellError('not_found', `No user ${JSON.stringify(userId)} has a chat: open one for them`)
    return chat
  }

  async function item({ id, user_id }: ChatRecord): Promise<SupportChatListItem> {
    const [row] = await store.listItems([id])
    if (!row) throw new DeskbellError('not_found', `The user ${JSON.stringify(user_id)} was just erased`)
    return row
  }

  async function open(input: NewChat): Promise<SupportChatListItem> {
    const given = parse(newChat, input)
    const { id } = given
    const { email, name, attributes } = detailsOf(given, { role: 'user', id }, onUnusable)
    const [stored, chat] = await Promise.all([store.findPerson(id), store.findChatOf(id)])
    const person = {
      id,
      email: given.email === undefined ? (stored?.email ?? '') : email,
      name: given.name === undefined ? (stored?.name ?? null) : name,
      attributes,
    }
    if (!chat) {
      const [described = person] = (await core.hostUsers?.described([person], WAIT_FOR_HOST)) ?? []
      return item(await openFirst(core, described))
    }
    // Nobody was here, so the time of the last visit stays
    const changed = await store.describePeople([person], isoTime(core.clock.now()))
    if (changed.length > 0) onDescribed(changed)
    return item(chat)
  }

  async function send(input: MessageToSend): Promise<SentMessage> {
    const { userId, content, as, clientId } = parse(messageToSend, input)
    const chat = await chatOf(userId)
    const sender = identityOf(as, chat)
    const sent = await sendMessage(unlimited, { sender, chat, content, clientId: clientId ?? null })
    return { chat_id: chat.id, ...sent }
  }

  async function get(userId: PersonId): Promise<SupportChatListItem | undefined> {
    const chat = await store.findChatOf(parse(personId, userId))
    return chat && (await store.listItems([chat.id]))[0]
  }

  async function messages(input: MessagesQuery): Promise<MessagePage> {
    const { userId, ...range } = parse(messagesQuery, input)
    return readPage(store, await chatOf(userId), messageRange(range))
  }

  async function mark(input: ReadUpTo): Promise<number> {
    const { userId, as, upToSeq } = parse(readUpTo, input)
    const chat = await chatOf(userId)
    return markRead(core, { reader: identityOf(as, chat), chat, upTo: upToSeq })
  }

  const move = async (userId: PersonId, archived: boolean): Promise<boolean> =>
    setArchived(core, await chatOf(parse(personId, userId)), archived)

  /** One kind of error, whatever the part that refuses */
  async function run<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await requests.run(work)
    } catch (error) {
      throw error instanceof StoreUnavailable ? new DeskbellError('unavailable', undefined, 1) : error
    }
  }

  return {
    open: (user) => run(() => open(user)),
    send: (message) => run(() => send(message)),
    get: (userId) => run(() => get(userId)),
    list: (query = {}) => run(async () => listPage(core, parse(chatsQuery, query))),
    messages: (query) => run(() => messages(query)),
    markRead: (input) => run(() => mark(input)),
    archive: (userId) => run(() => move(userId, true)),
    unarchive: (userId) => run(() => move(userId, false)),
  }
}

function identityOf(as: z.infer<typeof author>, { user_id, user_email, user_name }: ChatRecord): Identity {
  return as === 'user'
    ? { id: user_id, role: 'user', email: user_email, name: user_name, expiresAt: null }
    : { id: as.id, role: 'admin', email: '', name: nameOf(as.name), expiresAt: null }
}

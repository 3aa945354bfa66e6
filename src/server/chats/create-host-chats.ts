// Does for the host's own code what `Chats` promises.
import { z } from 'zod'
import { DeskbellError } from '../../protocol/errors.ts'
import { MAX_FILES, MAX_LIST_SIZE, MAX_PAGE_SIZE, PAGE_SIZE } from '../../protocol/limits.ts'
import type { MessagePage, SupportChatListItem } from '../../protocol/types.ts'
import { hostFiles } from '../attachments/host-files.ts'
import type { Uploads } from '../attachments/uploads.ts'
import { writeNote } from '../activity/note.ts'
import type { Core } from '../core.ts'
import { clientIdSchema, isCleanText, parse, messageRange, seqSchema, timeSchema } from '../http/input.ts'
import { checkContent } from '../messages/check-content.ts'
import { markRead } from '../messages/mark-read.ts'
import { readPage } from '../messages/read-page.ts'
import { sendMessage } from '../messages/send.ts'
import { detailsOf, nameOf } from '../people/details.ts'
import { WAIT_FOR_HOST } from '../people/host-users.ts'
import { personId, type Identity } from '../people/identity.ts'
import { refuseBlocked } from '../people/policy.ts'
import type { OnUnusable } from '../people/unusable-details.ts'
import { isoTime } from '../ports/clock.ts'
import type { ChatRecord } from '../ports/store/chats.ts'
import { StoreUnavailable } from '../ports/store/store-unavailable.ts'
import type { Gate } from '../stop/gate.ts'
import type { Unfinished } from '../stop/unfinished.ts'
import { setAssignee } from '../assignment/set-assignee.ts'
import { setBlocked } from '../blocking/block.ts'
import { changed, changeTags } from '../tags/change-tags.ts'
import { tagList } from '../tags/schemas.ts'
import { setArchived } from './archive.ts'
import type {
  Assignment,
  Chats,
  MessagesQuery,
  MessageToSend,
  NewChat,
  NoteToWrite,
  PersonId,
  ReadUpTo,
  SentMessage,
  StoredNote,
  TagsToChange,
} from './host-chats.ts'
import { listPage } from './list.ts'
import { openFirst } from './open.ts'

const details = { email: z.unknown().optional(), name: z.unknown().optional() }
const staff = z.strictObject({ id: personId, name: details.name })
const author = z.union([z.literal('user'), staff], {
  error: "must be 'user', or a member of staff such as { id: 'anna', name: 'Anna' }",
})
const limit = (max: number) => z.int().min(1).max(max).default(PAGE_SIZE)

const newChat = z.strictObject({ id: personId, ...details, attributes: z.unknown().optional() })
const fileToSend = z.strictObject({
  name: z.string(),
  content: z.union([z.instanceof(Blob), z.instanceof(Uint8Array)], { error: 'must be a Blob or a Uint8Array' }),
})
const messageToSend = z
  .strictObject({
    userId: personId,
    content: z.string().optional(),
    attachments: z.array(fileToSend).max(MAX_FILES).default([]),
    as: author,
    automated: z.boolean().optional(),
    clientId: clientIdSchema,
  })
  .refine(({ content, attachments }) => content !== undefined || attachments.length > 0, {
    path: ['content'],
    message: 'a text, or files',
  })
  .refine(({ as, automated }) => !(automated && as === 'user'), {
    path: ['automated'],
    message: 'a user writes by themselves',
  })
const noteToWrite = z
  .strictObject({
    userId: personId.optional(),
    chatId: z.string().optional(),
    as: staff,
    content: z.string(),
    clientId: clientIdSchema,
  })
  .refine(({ userId, chatId }) => (userId === undefined) !== (chatId === undefined), {
    path: ['userId'],
    message: 'name the chat by either userId or chatId',
  })
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
const assignment = z.strictObject({ userId: personId, to: staff.nullable() })
const tagsToChange = z.strictObject({ userId: personId, add: tagList.default([]), remove: tagList.default([]) })
const readUpTo = z.strictObject({ userId: personId, as: author, upToSeq: seqSchema.optional() })

interface HostChatsOptions {
  /** Counts what is under way, and refuses new work once the server stops */
  requests: Gate
  unfinished: Pick<Unfinished, 'with'>
  /** Null: messages carry no files */
  uploads: Uploads | null
  onUnusable: OnUnusable
  /** Called with the ids of users whose details have changed */
  onDescribed: (userIds: string[]) => void
}

export function createHostChats(
  core: Core,
  { requests, unfinished, uploads, onUnusable, onDescribed }: HostChatsOptions,
): Chats {
  const { store } = core
  // What a host's code sends may be a bot's, which takes no chat from anybody
  const unlimited: Core = { ...core, rateLimit: null, assignOnReply: false }

  /** @throws DeskbellError `not_found` */
  async function chatOf(userId: string): Promise<ChatRecord> {
    const chat = await store.findChatOf(userId)
    if (!chat) throw new DeskbellError('not_found', `No user ${JSON.stringify(userId)} has a chat: open one for them`)
    return chat
  }

  /** @throws DeskbellError `not_found` */
  async function chatWith(id: string): Promise<ChatRecord> {
    const chat = await store.findChat(id.toLowerCase())
    if (!chat) throw new DeskbellError('not_found', `There is no chat ${JSON.stringify(id)}`)
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
    const { userId, content = '', attachments, as, automated, clientId = null } = parse(messageToSend, input)
    const chat = await chatOf(userId)
    const sender = identityOf(as, chat)
    // What cannot be sent leaves no files behind
    if (content !== '' || attachments.length === 0) checkContent(content)
    if (attachments.length > 0) refuseBlocked(sender, chat)
    const attachmentIds = await hostFiles(attachments, { uploads, sender, chat, clientId })
    const sent = await sendMessage(unlimited, { sender, chat, content, clientId, attachmentIds, automated })
    return { chat_id: chat.id, ...sent }
  }

  async function note(input: NoteToWrite): Promise<StoredNote> {
    const { userId, chatId, as, content, clientId } = parse(noteToWrite, input)
    const chat = userId === undefined ? await chatWith(chatId ?? '') : await chatOf(userId)
    const writer = identityOf(as, chat)
    const written = await writeNote(unlimited, { writer, chat, content, clientId: clientId ?? null })
    return { chat_id: chat.id, ...written }
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

  async function assign(input: Assignment): Promise<boolean> {
    const { userId, to } = parse(assignment, input)
    const assignee = to && { id: to.id, name: nameOf(to.name) }
    return setAssignee(core, await chatOf(userId), { assignee, actor: null, at: isoTime(core.clock.now()) })
  }

  async function tag(input: TagsToChange): Promise<string[]> {
    const { userId, ...change } = parse(tagsToChange, input)
    return (await changeTags(core, await chatOf(userId), (tags) => changed(tags, change), null)).tags
  }

  const block = async (userId: PersonId, blocked: boolean): Promise<boolean> =>
    setBlocked(core, await chatOf(parse(personId, userId)), blocked, null)

  /** One kind of error, whatever the part that refuses */
  async function run<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await requests.run(() => unfinished.with(work))
    } catch (error) {
      throw error instanceof StoreUnavailable ? new DeskbellError('unavailable', undefined, 1) : error
    }
  }

  return {
    open: (user) => run(() => open(user)),
    send: (message) => run(() => send(message)),
    note: (input) => run(() => note(input)),
    get: (userId) => run(() => get(userId)),
    list: (query = {}) => run(async () => listPage(core, parse(chatsQuery, query))),
    messages: (query) => run(() => messages(query)),
    markRead: (input) => run(() => mark(input)),
    archive: (userId) => run(() => move(userId, true)),
    unarchive: (userId) => run(() => move(userId, false)),
    assign: (input) => run(() => assign(input)),
    tag: (input) => run(() => tag(input)),
    block: (userId) => run(() => block(userId, true)),
    unblock: (userId) => run(() => block(userId, false)),
  }
}

function identityOf(as: z.infer<typeof author>, { user_id, user_email, user_name }: ChatRecord): Identity {
  return as === 'user'
    ? { id: user_id, role: 'user', email: user_email, name: user_name, expiresAt: null }
    : { id: as.id, role: 'admin', email: '', name: nameOf(as.name), expiresAt: null }
}

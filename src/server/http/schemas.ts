// What the REST API answers, as schemas for the OpenAPI document. They say the same as the types of src/protocol, field by field:
// the compiler proves it below, and a test compares the descriptions with the comments there.
import { z } from 'zod'
import { ERRORS, type ErrorCode, type Problem } from '../../protocol/errors.ts'
import type {
  AdminSupportChat,
  ArchivedChat,
  FoundMessage,
  FoundPage,
  MailBlock,
  MessagePage,
  OwnUnread,
  MarkedRead,
  MergedVisitor,
  SupportChat,
  SupportChatListItem,
  SupportMessage,
  SupportUser,
  UnblockedMail,
  UnreadCount,
  Webhook,
  WebhookPage,
} from '../../protocol/types.ts'

const uuid = z.string().meta({ format: 'uuid' })
const time = z.string().meta({ format: 'date-time' })
const count = z.int().min(0)
const side = z.enum(['user', 'admin'])

export const supportMessage = z.object({
  id: uuid.describe('UUIDv7, made by the server'),
  seq: count.describe('Position in its chat: 1..n without gaps, in commit order'),
  content: z.string().describe('Plain text, 1 to 10,000 characters'),
  sender_type: side,
  sender_name: z.string().nullable().describe('Name of the person who sent it, when known'),
  client_id: z.string().nullable().describe("The id that the sender's client gave it; null without one"),
  read_at: time.nullable().describe('When the other side read it, ISO 8601; null while unread'),
  created_at: time.describe('ISO 8601; never earlier than that of the previous message'),
})

export const supportChat = z.object({
  id: uuid,
  messages: z.array(supportMessage).describe('The newest page, oldest first'),
  has_more: z.boolean().describe('Older messages exist before the first one here'),
  epoch: z
    .string()
    .describe('Changes when the database is restored: a position (`seq`) is valid only within one epoch'),
  unread_count: count.describe('Admin messages that the user has not read, in the whole chat'),
})

export const ownUnread = z.object({
  chat_id: uuid.nullable().describe('Null: the user has no chat yet'),
  unread_count: count.describe('Admin messages that the user has not read'),
  newest_unread: supportMessage.nullable().describe('The newest of them'),
})

export const markedRead = z.object({
  up_to_seq: count.describe('The caller has read what the other side sent, up to this seq'),
})

export const messagePage = z.object({
  messages: z.array(supportMessage),
  has_more: z.boolean(),
  epoch: z.string(),
  user_read_seq: count.describe('The user has read admin messages up to this seq'),
  user_read_at: time.nullable(),
  admin_viewed_seq: count.describe('Staff has read user messages up to this seq'),
  admin_viewed_at: time.nullable(),
  archived: z.boolean(),
})

export const supportChatListItem = z.object({
  id: uuid,
  user_id: z.string(),
  user_email: z.string(),
  user_name: z.string().nullable(),
  last_message_at: time.nullable(),
  last_message_preview: z.string().nullable().describe('At most 100 characters'),
  last_message_sender: side.nullable(),
  message_count: count,
  unread: z.boolean().describe('The user sent a message after staff last viewed the chat'),
  archived: z.boolean(),
})

const supportUser = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string().nullable(),
  first_seen_at: time.describe('ISO 8601'),
  last_seen_at: time.describe('ISO 8601; accurate to the minute'),
  page_url: z.string().nullable().describe('The page on which the person last used the chat, http(s) only'),
  attributes: z
    .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
    .describe('What the host says about the person, such as their plan, in the order to show it'),
})

const mailBlock = z
  .object({
    kind: z
      .enum(['bounced', 'complained', 'suppressed'])
      .describe(
        'A mail came back for good, was reported as spam, or was held back by the mail service because of one of these',
      ),
    at: time.describe('ISO 8601'),
    reason: z.string().nullable().describe('What the mail service said'),
  })
  .describe('Why no e-mails go to an address any more')

export const unblockedMail = z.object({ id: uuid, mail_block: z.null() })

export const adminSupportChat = z.object({
  id: uuid,
  user_id: z.string(),
  user_email: z.string(),
  archived: z.boolean(),
  messages: z.array(supportMessage),
  has_more: z.boolean(),
  epoch: z.string(),
  user: supportUser,
  mail_block: mailBlock.nullable().describe("Why the user's address gets no e-mails; null: it does"),
  user_online: z.boolean(),
  user_read_seq: count.describe('The user has read admin messages up to this seq'),
})

export const mergedVisitor = z.object({
  merged: z.boolean().describe('False: there was nothing to merge, or it was merged before'),
})

export const archivedChat = z.object({ id: uuid, archived: z.boolean() })

export const unreadCount = z.object({
  unread_chats: count.describe('Active chats with something unread, at most 1,000'),
})

const foundMessage = z.object({
  chat_id: uuid,
  user_id: z.string(),
  user_email: z.string(),
  user_name: z.string().nullable(),
  archived: z.boolean(),
  message: supportMessage.describe('The newest matching message'),
})

export const foundPage = z.object({
  found: z.array(foundMessage),
  next: z.string().nullable().describe('Pass it as `cursor` to get older matches; null on the last page'),
  searched_to: time
    .nullable()
    .describe(
      'ISO 8601; how far back the search looked when it stopped before the page was full, because the words are too common. Request the next page to continue from there. Null when it did not stop early.',
    ),
})

export const webhook = z.object({
  id: uuid.describe('The same in all attempts, in the header `webhook-id`'),
  url: z
    .string()
    .nullable()
    .describe('The URL to which it goes, without its query; null: the endpoint is not set any more'),
  event: z.enum(['message.created', 'chat.archived', 'chat.unarchived']),
  chat_id: uuid,
  user_email: z.string(),
  state: z.enum(['pending', 'sending', 'delivered', 'failed']),
  attempts: count.describe('How often it was sent in vain'),
  status: z.int().nullable().describe('The HTTP status of the last answer; null: there was none'),
  reason: z
    .enum(['status', 'redirect', 'timed_out', 'unknown_host', 'private_address', 'tls', 'unreachable'])
    .nullable()
    .describe('Why the last attempt failed; null: it did not'),
  due_at: time
    .nullable()
    .describe('When it is sent next, ISO 8601; null: it has ended, or waits for an earlier one of its chat'),
  created_at: time.describe('When it happened, ISO 8601'),
  updated_at: time.describe('When its state last changed, ISO 8601'),
})

export const webhookPage = z.object({
  webhooks: z.array(webhook).describe('Newest first'),
  next: z.string().nullable().describe('Pass it as `cursor` to get older ones; null on the last page'),
  endpoints: z.array(z.string()).describe('The URLs to which webhooks go, without their queries'),
})

const problem = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.enum(Object.keys(ERRORS) as ErrorCode[]),
  detail: z.string().exactOptional(),
})

/** By the names of their types, which are their names in the document too */
export const SCHEMAS = {
  SupportMessage: supportMessage,
  SupportChat: supportChat,
  OwnUnread: ownUnread,
  MarkedRead: markedRead,
  MessagePage: messagePage,
  SupportChatListItem: supportChatListItem,
  AdminSupportChat: adminSupportChat,
  SupportUser: supportUser,
  MailBlock: mailBlock,
  UnblockedMail: unblockedMail,
  MergedVisitor: mergedVisitor,
  ArchivedChat: archivedChat,
  UnreadCount: unreadCount,
  FoundMessage: foundMessage,
  FoundPage: foundPage,
  Webhook: webhook,
  WebhookPage: webhookPage,
  Problem: problem,
}

interface Types {
  SupportMessage: SupportMessage
  SupportChat: SupportChat
  OwnUnread: OwnUnread
  MarkedRead: MarkedRead
  MessagePage: MessagePage
  SupportChatListItem: SupportChatListItem
  AdminSupportChat: AdminSupportChat
  SupportUser: SupportUser
  MailBlock: MailBlock
  UnblockedMail: UnblockedMail
  MergedVisitor: MergedVisitor
  ArchivedChat: ArchivedChat
  UnreadCount: UnreadCount
  FoundMessage: FoundMessage
  FoundPage: FoundPage
  Webhook: Webhook
  WebhookPage: WebhookPage
  Problem: Problem
}

/** Identical, not merely assignable: a field that one of them lacks, or that may be left out of one, counts */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
type Differing = {
  [Name in keyof typeof SCHEMAS | keyof Types]: Name extends keyof typeof SCHEMAS & keyof Types
    ? Same<z.output<(typeof SCHEMAS)[Name]>, Types[Name]> extends true
      ? never
      : Name
    : Name
}[keyof typeof SCHEMAS | keyof Types]
type Proof<Names extends never> = Names
/** Does not compile where a schema and its type differ; the message names them */
export type SchemasEqualTypes = Proof<Differing>

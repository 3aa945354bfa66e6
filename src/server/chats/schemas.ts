// What the routes of this room answer, as schemas. Their types are in src/protocol
import { z } from 'zod'
import { activitySlice } from '../activity/schemas.ts'
import { deskAssistant } from '../assistant/schemas.ts'
import { assignee } from '../assignment/schemas.ts'
import { attachmentLimits } from '../attachments/schemas.ts'
import { uuid, time, count, side } from '../http/answer-fields.ts'
import { supportMessage } from '../messages/schemas.ts'
import { supportUser } from '../people/schemas.ts'
import { supportRating } from '../ratings/schemas.ts'
import { realtime } from '../realtime/publishing/schemas.ts'

const closedPeriod = z.object({
  from: time,
  until: time.describe('When they are back'),
})

export const supportChat = z.object({
  id: uuid,
  messages: z.array(supportMessage).describe('The newest page, oldest first'),
  has_more: z.boolean().describe('Older messages exist before the first one here'),
  epoch: z
    .string()
    .describe('Changes when the database is restored: a position (`seq`) is valid only within one epoch'),
  unread_count: count.describe('Admin messages that the user has not read, in the whole chat'),
  replies_by_email: z
    .boolean()
    .describe('Replies that the user does not read go to them by e-mail: they have an address, and want mails'),
  attachments: attachmentLimits.nullable().describe('Files that a message may carry; null: none'),
  closed: closedPeriod
    .nullable()
    .describe(
      'When nobody of staff answers: the time that has begun, or the next one. Null: the host has set no hours',
    ),
  realtime,
})

export const ownUnread = z.object({
  chat_id: uuid.nullable().describe('Null: the user has no chat yet'),
  unread_count: count.describe('Admin messages that the user has not read'),
  newest_unread: supportMessage.nullable().describe('The newest of them'),
})

export const staffSender = z
  .object({
    id: z.string().describe('As the host names them'),
    name: z.string().nullable().describe('As it was when they wrote; null: unknown'),
    automated: z
      .literal(true)
      .exactOptional()
      .describe('Not a person wrote, but a machine in the name of staff. Left out where a person did'),
  })
  .describe('Who of staff wrote a message')

export const supportChatListItem = z.object({
  id: uuid,
  user_id: z.string(),
  user_email: z.string(),
  user_name: z.string().nullable(),
  last_message_at: time.nullable(),
  last_message_preview: z.string().nullable().describe('At most 100 characters'),
  last_message_sender: side.nullable(),
  last_message_by: staffSender
    .nullable()
    .describe('Who of staff wrote the last message; null: the user did, or nobody'),
  message_count: count,
  unread: z.boolean().describe('The user sent a message after staff last viewed the chat'),
  archived: z.boolean(),
  assignee: assignee.nullable().describe('Null: nobody has it'),
  tags: z.array(z.string()).describe('In order of their characters'),
  rating: supportRating.nullable().describe('How the user rated the help last; null: they did not'),
  blocked_at: time.nullable().describe('Since when nothing of the user is taken in, ISO 8601; null: it is'),
  waiting_since: time
    .nullable()
    .describe('When the first message was written that nobody of staff has answered, ISO 8601; null: none waits'),
})

export const mailBlock = z
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

export const resubscribedUser = z.object({ id: uuid, unsubscribed_at: z.null() })

export const adminSupportChat = z.object({
  id: uuid,
  user_id: z.string(),
  user_email: z.string(),
  archived: z.boolean(),
  assignee: assignee.nullable().describe('Null: nobody has it'),
  tags: z.array(z.string()).describe('In order of their characters'),
  rating: supportRating.nullable().describe('How the user rated the help last; null: they did not'),
  blocked_at: time.nullable().describe('Since when nothing of the user is taken in, ISO 8601; null: it is'),
  messages: z.array(supportMessage),
  has_more: z.boolean(),
  epoch: z.string(),
  user: supportUser,
  mail_block: mailBlock.nullable().describe("Why the user's address gets no e-mails; null: it does"),
  unsubscribed_at: time
    .nullable()
    .describe('Since when the user wants no e-mails, ISO 8601; null: they did not unsubscribe'),
  user_online: z.boolean(),
  user_read_seq: count.describe('The user has read admin messages up to this seq'),
  activity: activitySlice.describe('The newest page of what only staff see, oldest first'),
  attachments: attachmentLimits.nullable().describe('Files that a message may carry; null: none'),
  realtime,
  assistant: deskAssistant.exactOptional().describe('Left out where there is none'),
})

export const archivedChat = z.object({ id: uuid, archived: z.boolean() })

export const unreadCount = z.object({
  unread_chats: count.describe('Active chats with something unread, at most 1,000'),
})

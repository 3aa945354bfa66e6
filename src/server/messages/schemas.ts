// What the routes of this room answer, as schemas. Their types are in src/protocol
import { z } from 'zod'
import { supportAttachment } from '../attachments/schemas.ts'
import { uuid, time, count, side } from '../http/answer-fields.ts'

export const supportMessage = z.object({
  id: uuid.describe('UUIDv7, made by the server'),
  seq: count.describe('Position in its chat: 1..n without gaps, in commit order'),
  content: z.string().describe('Plain text, at most 10,000 characters. Not empty, unless there are attachments'),
  sender_type: side,
  sender_name: z.string().nullable().describe('Name of the person who sent it, when known'),
  client_id: z.string().nullable().describe("The id that the sender's client gave it; null without one"),
  read_at: time.nullable().describe('When the other side read it, ISO 8601; null while unread'),
  created_at: time.describe('ISO 8601; never earlier than that of the previous message'),
  attachments: z.array(supportAttachment).describe('Files, in the order in which the sender named them'),
  automated: z
    .literal(true)
    .exactOptional()
    .describe('Not a person wrote it, but a machine in the name of staff. Left out where a person did'),
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

export const foundMessage = z.object({
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

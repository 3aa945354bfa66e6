// What the routes of this room answer, as schemas. Their types are in src/protocol
import { z } from 'zod'
import { count, time, uuid } from '../http/answer-fields.ts'

export const cannedReply = z.object({
  id: uuid,
  shortcut: z
    .string()
    .describe(
      'What staff type after a slash to find it: in lower case, without spaces and slashes, at most 40 characters. Unique',
    ),
  title: z.string().describe('At most 100 characters; may be empty'),
  body: z.string().describe('Plain text, 1 to 10,000 characters, with placeholders: `{{user.name}}`, `{{agent.name}}`'),
  updated_at: time.describe('ISO 8601'),
})

export const cannedReplies = z.object({
  replies: z.array(cannedReply).describe('In order of their shortcuts'),
  agent_name: z
    .string()
    .nullable()
    .describe('What `{{agent.name}}` stands for: the name of whoever asks; null: unknown'),
})

export const importedReplies = z.object({
  added: count,
  changed: count.describe('Their shortcuts were there, with another title or body'),
  unchanged: count.describe('They were there as they are'),
})

// What the routes of this room answer, as schemas. Their types are in src/protocol
import { z } from 'zod'
import { uuid, time, count } from '../http/answer-fields.ts'

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

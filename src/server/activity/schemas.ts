// What the routes of this room answer, as schemas. Their types are in src/protocol
import { z } from 'zod'
import { uuid, time, count } from '../http/answer-fields.ts'

const entry = {
  id: uuid.describe('UUIDv4, made by the server'),
  seq: count.describe('Position in the activity of its chat: 1..n without gaps, in commit order'),
  actor_id: z
    .string()
    .nullable()
    .describe("Who of staff did it, as the host names them; null: nobody of staff, or the host's own code"),
  actor_name: z.string().nullable(),
  client_id: z.string().nullable().describe('The id that the client of its writer gave it; null without one'),
  created_at: time.describe('ISO 8601; later than that of the activity before it'),
}

export const supportNote = z.object({
  ...entry,
  kind: z.literal('note'),
  body: z.object({ content: z.string().describe('Plain text, 1 to 10,000 characters') }),
})

export const supportActivity = z.discriminatedUnion('kind', [
  supportNote,
  z.object({
    ...entry,
    kind: z.literal('tagged'),
    body: z
      .object({ added: z.array(z.string()), removed: z.array(z.string()) })
      .describe('The tags that the chat got and lost, in order of their characters'),
  }),
  z.object({
    ...entry,
    kind: z.literal('rated'),
    body: z
      .object({ score: z.int().min(1).max(5), comment: z.string().nullable() })
      .describe('The user said how the help was: `score` from 1 to 5, and a comment or null'),
  }),
  z.object({
    ...entry,
    kind: z.literal('mail_sent'),
    body: z.object({ address: z.string() }).describe('An e-mail to the user about replies went to `address`'),
  }),
  z.object({
    ...entry,
    kind: z.literal('mail_failed'),
    body: z
      .object({
        address: z.string(),
        reason: z.string().nullable().describe('What the mail service or the mail server said'),
        uncertain: z.boolean().describe('It may have arrived all the same'),
      })
      .describe('An e-mail to the user about replies was not sent, and is not sent again'),
  }),
  z.object({
    ...entry,
    kind: z.literal('mail_bounced'),
    body: z
      .object({
        address: z.string(),
        delivery: z.enum(['bounced', 'complained', 'suppressed']),
        reason: z.string().nullable().describe('What the mail service said'),
      })
      .describe('An e-mail to the user came back, was reported as spam, or is held back by the mail service'),
  }),
  z.object({ ...entry, kind: z.literal('archived'), body: z.record(z.string(), z.never()) }),
  z.object({ ...entry, kind: z.literal('blocked'), body: z.record(z.string(), z.never()) }),
  z.object({ ...entry, kind: z.literal('unblocked'), body: z.record(z.string(), z.never()) }),
  z.object({
    ...entry,
    kind: z.literal('unarchived'),
    body: z.object({ by_message: z.boolean().describe('A message of the user did it, and no member of staff') }),
  }),
  z.object({
    ...entry,
    kind: z.literal('handed_over'),
    body: z
      .object({ by: z.enum(['user', 'assistant', 'limit']) })
      .describe(
        'The assistant answers no more, and a person of staff is to: the user asked for one, it said so itself, or it had answered too often',
      ),
  }),
  z.object({
    ...entry,
    kind: z.literal('assigned'),
    body: z.object({
      assignee_id: z.string().nullable().describe('Who has the chat now; null: nobody'),
      assignee_name: z.string().nullable(),
      by_reply: z.boolean().describe('They took it by a reply, when nobody had it'),
    }),
  }),
])

const slice = {
  activities: z.array(supportActivity),
  has_more: z.boolean().describe('There are more beyond the page, in the requested direction'),
}

export const activitySlice = z.object(slice)

export const activityPage = z.object({
  ...slice,
  epoch: z
    .string()
    .describe('Changes when the database is restored: a position (`seq`) is valid only within one epoch'),
})

// What the routes of this room answer, as schemas. Their types are in src/protocol
import { z } from 'zod'
import { count, uuid } from '../http/answer-fields.ts'

export const supportAttachment = z.object({
  id: uuid.describe('UUID, made by the server'),
  name: z.string().describe('The name that its sender gave it, without a path: at most 200 characters'),
  type: z
    .string()
    .describe(
      'A MIME type that was found in its content, such as `image/jpeg`; `application/octet-stream` when nobody knows it',
    ),
  size: count.describe('Bytes'),
  width: count
    .nullable()
    .describe('Pixels as they are shown, so after a rotation; null unless it is an image that browsers draw'),
  height: count.nullable().describe('See `width`'),
  url: z
    .string()
    .describe('Where it opens, relative to the mount point, for a day at least. Whoever has it opens the file'),
})

export const attachmentLimits = z.object({
  max_bytes: count.describe('Bytes of one file'),
  max_files: count.describe('Files of one message'),
})

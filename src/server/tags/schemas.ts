// What the routes of this room take and answer, as schemas. The types of their answers are in src/protocol
import { z } from 'zod'
import { MAX_TAG, MAX_TAGS, plainTag, TAG_PATTERN } from '../../protocol/tags.ts'
import { uuid } from '../http/answer-fields.ts'
import { isCleanText } from '../http/input.ts'

export const tagSchema = z
  .string()
  .min(1)
  .max(MAX_TAG)
  .regex(TAG_PATTERN, 'words with one space between them, without commas')
  .refine(isCleanText, 'must be valid Unicode without NUL')
  .transform(plainTag)

export const tagList = z.array(tagSchema).max(MAX_TAGS)

export const taggedChat = z.object({
  id: uuid,
  tags: z.array(z.string()).describe('All that it has now, in order of their characters'),
})

export const knownTags = z.object({
  tags: z.array(z.string()).describe('What is in use, in order of their characters; at most 500'),
})

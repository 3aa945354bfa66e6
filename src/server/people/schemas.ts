// What the routes of this room answer, as schemas. Their types are in src/protocol
import { z } from 'zod'
import { time, uuid } from '../http/answer-fields.ts'

export const supportUser = z.object({
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

export const visitorContact = z.object({
  email: z.string().describe('Empty: none'),
  name: z.string().nullable(),
})

export const mergedVisitor = z.object({
  merged: z.boolean().describe('False: there was nothing to merge, or it was merged before'),
})

export const foundPerson = z.object({
  id: z.string().describe('As the host names them'),
  email: z.string().describe('Empty: unknown'),
  name: z.string().nullable(),
  last_seen_at: time.describe('ISO 8601; accurate to the minute'),
  chat_id: uuid.nullable().describe('Null: they have no chat yet'),
})

export const foundPeople = z.object({
  people: z.array(foundPerson).describe('At most 20: by name first, then by address, then by another word of the name'),
})

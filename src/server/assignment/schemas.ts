// What the routes of this room answer, as schemas. Their types are in src/protocol
import { z } from 'zod'
import { uuid } from '../http/answer-fields.ts'

export const assignee = z
  .object({
    id: z.string().describe('As the host names them'),
    name: z.string().nullable().describe('As it was when the chat was assigned to them; null: unknown'),
  })
  .describe('Who of staff a chat is assigned to. Only staff see it')

export const assignedChat = z.object({ id: uuid, assignee: assignee.nullable() })

export const colleague = z.object({
  id: z.string(),
  name: z.string().nullable(),
  online: z.boolean().describe('They have the desk open'),
})

export const colleagues = z.object({
  staff: z.array(colleague).describe('By name; of more than 200, those who were here last'),
})

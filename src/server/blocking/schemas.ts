// What the routes of this room answer, as schemas. Their types are in src/protocol
import { z } from 'zod'
import { time, uuid } from '../http/answer-fields.ts'

export const blockedUser = z.object({
  id: z.string().describe("The user's, as the host names them"),
  chat_id: uuid,
  blocked_at: time.nullable().describe('ISO 8601; null: they are not blocked'),
})

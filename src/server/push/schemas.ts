// What the routes of this room answer, as schemas. Their types are in src/protocol
import { z } from 'zod'
import { time } from '../http/answer-fields.ts'

export const pushKey = z.object({
  public_key: z
    .string()
    .describe('What a browser subscribes with as `applicationServerKey`: base64url. It is one for the whole database'),
})

export const pushSubscribed = z.object({
  id: z.string().describe('Names the subscription where it is removed'),
  expires_at: time.describe('ISO 8601. It ends then, unless it is sent again before'),
})

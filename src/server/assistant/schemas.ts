// What the routes of this room answer, as schemas. Their types are in src/protocol
import { z } from 'zod'

export const chatAssistant = z.object({
  name: z.string().nullable().describe('As its messages show it'),
  active: z
    .boolean()
    .describe('It answers the next message. False: a person of staff does, until the chat has been in the archive'),
})

export const deskAssistant = chatAssistant.extend({ suggests: z.boolean().describe('It drafts replies') })

export const handedOver = z.object({
  handed_over: z.boolean().describe('Staff were told now, and not before'),
})

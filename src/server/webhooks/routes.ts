// The log of webhooks, for staff.
import { z } from 'zod'
import { DeskbellError } from '../../protocol/errors.ts'
import { MAX_LIST_SIZE, PAGE_SIZE } from '../../protocol/limits.ts'
import { decodeCursor, encodeCursor } from '../chats/list-cursor.ts'
import type { Core } from '../core.ts'
import { flagSchema, idSchema, limitSchema } from '../http/input.ts'
import { route } from '../http/route.ts'
import { webhook, webhookPage } from './schemas.ts'

const listQuery = z.object({
  failed: flagSchema.default(false).describe('Those that failed for good, instead of all'),
  limit: limitSchema(MAX_LIST_SIZE).default(PAGE_SIZE).describe('How many webhooks at most'),
  cursor: z.string().max(1000).optional().describe('`next` of the page before'),
})
const params = z.object({ id: idSchema.describe('The webhook') })

export function webhookRoutes({ webhooks }: Core) {
  return [
    route({
      method: 'GET',
      path: '/admin/webhooks',
      name: 'listWebhooks',
      action: 'manage_webhooks',
      summary: 'Lists the webhooks of the last seven days and what became of them, newest first',
      query: listQuery,
      answers: { 200: { json: webhookPage } },
    })(async ({ query: { failed, limit, cursor } }) => {
      const page = await webhooks.list({
        failed,
        limit: limit + 1,
        cursor: cursor === undefined ? undefined : decodeCursor(cursor),
      })
      const shown = page.webhooks.slice(0, limit)
      const last = shown.at(-1)
      const next = page.webhooks.length > limit && last ? encodeCursor({ key: last.created_at, id: last.id }) : null
      return { status: 200, body: { ...page, webhooks: shown, next } }
    }),
    route({
      method: 'POST',
      path: '/admin/webhooks/:id/send_again',
      name: 'sendWebhookAgain',
      action: 'manage_webhooks',
      summary: 'Sends a webhook again, or at once when it waits for its next attempt',
      params,
      answers: { 200: { json: webhook } },
      problems: ['not_found'],
    })(async ({ params: { id } }) => {
      const sent = await webhooks.sendAgain(id.toLowerCase())
      if (!sent) throw new DeskbellError('not_found', 'There is no such webhook')
      return { status: 200, body: sent }
    }),
  ]
}

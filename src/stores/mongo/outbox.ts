import type { Outbox } from '../../server/ports/store/outbox.ts'
import { placeWebhooks, queuesOf, type Happening } from '../rules/webhook.ts'
import type { ChatDoc } from './documents.ts'

/** In their chat, webhooks wait until they are in their collection, where the first of a queue becomes due */
export function addWebhooks(chat: ChatDoc, happenings: Happening[], outbox: Outbox): void {
  const { position } = chat
  const queues = queuesOf(happenings, outbox).map((key) => ({ ...key, last: position, isBusy: false }))
  for (const webhook of placeWebhooks(happenings, outbox, queues)) {
    chat.effects.webhooks.push(webhook)
    chat.position = Math.max(chat.position, webhook.position)
  }
}

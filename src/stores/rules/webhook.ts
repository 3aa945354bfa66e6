// What every engine writes to the outbox for what happened in a transaction. The webhooks of a chat to an endpoint are a queue.
import type { WebhookEventType } from '../../protocol/webhooks.ts'
import type { AppendOutcome, NewMessage } from '../../server/ports/store/messages.ts'
import type { Outbox } from '../../server/ports/store/outbox.ts'

/** Something that endpoints may be told of */
export interface Happening {
  chat_id: string
  event: WebhookEventType
  /** Of the message */
  seq: number | null
  at: string
  /** When it was written, by the clock of now: `at` is later where the clock of an earlier message was ahead */
  due: string
}

export interface QueueKey {
  chat_id: string
  endpoint: string
}

/** A queue before what happened now */
export interface Queue extends QueueKey {
  /** The position of its last webhook; 0: it has none */
  last: number
  /** One of its webhooks is due or being sent, and those that are added wait for it */
  isBusy: boolean
}

/** A row as it is inserted */
export interface NewWebhook extends QueueKey {
  id: string
  position: number
  event: WebhookEventType
  seq: number | null
  /** Null: it waits for an earlier one */
  due_at: string | null
  created_at: string
}

/** What happened in a batch of messages, in order */
export const happeningsOf = (batch: NewMessage[], outcomes: AppendOutcome[]): Happening[] =>
  outcomes.flatMap((outcome, i): Happening[] => {
    const sent = batch[i]
    if (outcome.kind !== 'stored' || sent === undefined) return []
    const { chat_id, created_at: due } = sent
    const { seq, created_at: at } = outcome.message
    const created: Happening = { chat_id, event: 'message.created', seq, at, due }
    return outcome.unarchived ? [created, { chat_id, event: 'chat.unarchived', seq: null, at, due }] : [created]
  })

export const archiving = (chat_id: string, archived: boolean, at: string): Happening => ({
  chat_id,
  event: archived ? 'chat.archived' : 'chat.unarchived',
  seq: null,
  at,
  due: at,
})

/** The queues that webhooks are added to, each once */
export function queuesOf(happenings: Happening[], outbox: Outbox): QueueKey[] {
  const keys = new Map<string, QueueKey>()
  for (const { chat_id, event } of happenings)
    for (const endpoint of outbox[event] ?? []) keys.set(nameOf({ chat_id, endpoint }), { chat_id, endpoint })
  return [...keys.values()]
}

/** @param queues those of `queuesOf`, as they were; each is moved on */
export function placeWebhooks(happenings: Happening[], outbox: Outbox, queues: Queue[]): NewWebhook[] {
  const byName = new Map(queues.map((queue) => [nameOf(queue), queue]))
  return happenings.flatMap(({ chat_id, event, seq, at, due }) =>
    (outbox[event] ?? []).flatMap((endpoint): NewWebhook[] => {
      const queue = byName.get(nameOf({ chat_id, endpoint }))
      if (!queue) return []
      const due_at = queue.isBusy ? null : due
      queue.isBusy = true
      const position = ++queue.last
      return [{ id: crypto.randomUUID(), endpoint, chat_id, position, event, seq, due_at, created_at: at }]
    }),
  )
}

const nameOf = ({ chat_id, endpoint }: QueueKey): string => `${chat_id} ${endpoint}`

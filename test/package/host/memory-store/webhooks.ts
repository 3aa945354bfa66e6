import type {
  ChatStore,
  DueWebhook,
  MessageStore,
  Outbox,
  WebhookEventType,
  WebhookRecord,
  WebhookStore,
} from 'deskbell/core'
import type { Tables, Webhook } from './tables.ts'

/** Writes the webhooks of what the other facets did */
export function told(
  tables: Tables,
  chats: ChatStore,
  messages: MessageStore,
): Pick<ChatStore & MessageStore, 'setArchived' | 'appendMessages'> {
  /** @param due when it was written; `created_at` may be later, where the clock of an earlier message was ahead */
  function write(
    what: { chat_id: string; event: WebhookEventType; seq: number | null; created_at: string },
    due: string,
    outbox: Outbox,
  ): void {
    const { chat_id, event, created_at } = what
    for (const endpoint of outbox[event] ?? []) {
      const due_at = isBusy(tables, { chat_id, endpoint }) ? null : due
      const kept = { ...what, id: crypto.randomUUID(), endpoint, due_at, updated_at: created_at }
      tables.webhooks.push({ ...kept, state: 'pending', claim: 0, attempts: 0, status: null, reason: null })
    }
  }
  return {
    async appendMessages(batch, outbox = {}, openTime) {
      const outcomes = await messages.appendMessages(batch, {}, openTime)
      outcomes.forEach((outcome, i) => {
        const sent = batch[i]
        if (outcome.kind !== 'stored' || sent === undefined) return
        const { chat_id, created_at: due } = sent
        const { seq, created_at } = outcome.message
        write({ chat_id, event: 'message.created', seq, created_at }, due, outbox)
        if (outcome.unarchived) write({ chat_id, event: 'chat.unarchived', seq: null, created_at }, due, outbox)
      })
      return outcomes
    },
    async setArchived(chatId, archived, at, { actor, outbox = {}, openTime } = {}) {
      const changed = await chats.setArchived(chatId, archived, at, { actor, openTime })
      const event = archived ? 'chat.archived' : 'chat.unarchived'
      if (changed) write({ chat_id: chatId, event, seq: null, created_at: at }, at, outbox)
      return changed
    },
  }
}

const isBusy = ({ webhooks }: Tables, { chat_id, endpoint }: Pick<Webhook, 'chat_id' | 'endpoint'>): boolean =>
  webhooks.some((one) => one.chat_id === chat_id && one.endpoint === endpoint && one.due_at !== null)

export function webhookFacet(tables: Tables): WebhookStore {
  const find = (id: string): Webhook | undefined => tables.open.webhooks.find((one) => one.id === id)
  const dueOf = (endpoint: string): Webhook[] =>
    tables.open.webhooks
      .filter((one) => one.endpoint === endpoint && one.due_at !== null)
      .toSorted((a, b) => ((a.due_at ?? '') < (b.due_at ?? '') ? -1 : 1))

  function emailOf({ chat_id }: Webhook): string {
    const userId = tables.chats.get(chat_id)?.user_id ?? ''
    return tables.people.get(userId)?.email ?? ''
  }
  function record(one: Webhook): WebhookRecord {
    const { seq: _, claim: __, ...kept } = one
    return { ...kept, user_email: emailOf(one) }
  }
  function dueWebhook(one: Webhook): DueWebhook {
    const { id, claim, event, created_at, attempts, chat_id, seq } = one
    const chat = tables.chats.get(chat_id)
    const message = seq === null ? null : { ...(chat?.messages[seq - 1]?.message ?? failed()) }
    const named = { id: chat_id, user_id: chat?.user_id ?? '', user_email: emailOf(one) }
    return { id, claim, event, created_at, attempts, chat: named, message }
  }

  function releaseNext({ chat_id, endpoint }: Webhook, at: string): void {
    if (isBusy(tables, { chat_id, endpoint })) return
    const ofQueue = tables.webhooks.filter((one) => one.chat_id === chat_id && one.endpoint === endpoint)
    const next = ofQueue.find(({ state }) => state === 'pending')
    if (next) next.due_at = at
  }

  return {
    async claimWebhooks({ endpoint, at, lease, limit }) {
      const claimed = dueOf(endpoint)
        .filter(({ due_at }) => (due_at ?? '') <= at)
        .slice(0, limit)
      for (const one of claimed) {
        const due_at = new Date(Date.parse(at) + lease).toISOString()
        Object.assign(one, { state: 'sending', claim: one.claim + 1, due_at, updated_at: at })
      }
      return claimed.map(dueWebhook)
    },

    async settleWebhook({ id, claim }, outcome, at) {
      const one = find(id)
      if (one?.claim !== claim || one.state !== 'sending') return false
      const { status } = outcome
      Object.assign(one, { status, reason: null, due_at: null, updated_at: at, state: outcome.state })
      if (outcome.state !== 'delivered') Object.assign(one, { reason: outcome.reason, attempts: one.attempts + 1 })
      if (outcome.state === 'retry') Object.assign(one, { state: 'pending', due_at: outcome.retry_at })
      releaseNext(one, at)
      return true
    },

    nextWebhook: async (endpoint) => dueOf(endpoint)[0]?.due_at ?? undefined,

    async listWebhooks({ limit, failed: onlyFailed = false, cursor }) {
      const key = ({ created_at, id }: { created_at: string; id: string }): string => created_at + id
      return tables.open.webhooks
        .filter((one) => !onlyFailed || one.state === 'failed')
        .toSorted((a, b) => (key(a) > key(b) ? -1 : 1))
        .filter((one) => !cursor || key(one) < cursor.key + cursor.id)
        .slice(0, limit)
        .map(record)
    },

    async sendWebhookAgain(id, at) {
      const one = find(id)
      if (one?.state === 'pending' && one.due_at !== null) one.due_at = at
      else if (one?.state === 'delivered' || one?.state === 'failed')
        Object.assign(one, { state: 'pending', due_at: at, attempts: 0, updated_at: at })
      return one && record(one)
    },

    async forgetWebhooks({ before, endpoints, limit }) {
      const old = tables.open.webhooks
        .filter(({ created_at }) => created_at < before)
        .filter(({ state, endpoint }) => state === 'delivered' || state === 'failed' || !endpoints.includes(endpoint))
        .slice(0, limit)
      for (const one of old) tables.webhooks.splice(tables.webhooks.indexOf(one), 1)
      for (const one of old) if (one.due_at !== null) releaseNext(one, before)
      return old.length
    },
  }
}

function failed(): never {
  throw new Error('The message is gone')
}

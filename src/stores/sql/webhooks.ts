import { sql, type Transaction } from 'kysely'
import type { SupportMessage } from '../../protocol/types.ts'
import { isoTime } from '../../server/ports/clock.ts'
import type { ListCursor } from '../../server/ports/store/chats.ts'
import type { DueWebhook, WebhookOutcome, WebhookRecord, WebhookStore } from '../../server/ports/store/webhooks.ts'
import { MESSAGE_COLUMNS_OF_M, messageOf, type MessageRow } from '../message-columns.ts'
import { isListCursor, isUuid } from '../rules/request-values.ts'
import type { SqlDatabase } from './database.ts'
import type { Tables } from './tables.ts'

type Trx = Transaction<Tables>

/** After all times that are stored, so that the first page is read like the others: MySQL scans an index without a condition */
const NEWEST: ListCursor = { key: '9999-12-31T23:59:59.999Z', id: 'ffffffff-ffff-ffff-ffff-ffffffffffff' }

type QueueMember = Pick<Tables['support_webhooks'], 'chat_id' | 'endpoint' | 'position'>

interface Place {
  chat_id: string
  seq: number
}

export function webhooks({ db, engine, transaction }: SqlDatabase): WebhookStore {
  const { time } = engine

  const due = (from: Pick<Trx, 'selectFrom'>, endpoint: string, at: string) =>
    from
      .selectFrom('support_webhooks')
      .select('id')
      .where('endpoint', '=', endpoint)
      .where('due_at', '<=', time(at))
      .orderBy('due_at')

  /** Runs `work` while nothing else is added to the webhook's queue, and no other of it ends; undefined when there is no such webhook */
  async function alone<T>(id: string, work: (trx: Trx, row: Tables['support_webhooks']) => Promise<T>) {
    if (!isUuid(id)) return undefined
    const known = await db.selectFrom('support_webhooks').select('chat_id').where('id', '=', id).executeTakeFirst()
    if (!known) return undefined
    return transaction(async (trx) => {
      await trx
        .selectFrom('support_chats')
        .select('id')
        .where('id', '=', known.chat_id)
        .modifyEnd(engine.lock)
        .execute()
      const row = await trx
        .selectFrom('support_webhooks')
        .selectAll()
        .where('id', '=', id)
        .modifyEnd(engine.lock)
        .executeTakeFirst()
      return row && work(trx, row)
    })
  }

  function fieldsOf(outcome: WebhookOutcome, attempts: number) {
    const { status } = outcome
    if (outcome.state === 'delivered') return { state: outcome.state, due_at: null, status, reason: null }
    const refused = { status, reason: outcome.reason, attempts: attempts + 1 }
    return outcome.state === 'failed'
      ? { ...refused, state: outcome.state, due_at: null }
      : { ...refused, state: 'pending' as const, due_at: time(outcome.retry_at) }
  }

  async function releaseNext(trx: Trx, { chat_id, endpoint, position }: QueueMember, at: string) {
    const queue = trx.selectFrom('support_webhooks').where('chat_id', '=', chat_id).where('endpoint', '=', endpoint)
    // Another of the queue may be due: one that is sent again
    const busy = await queue.select('id').where('due_at', 'is not', null).limit(1).executeTakeFirst()
    if (busy) return
    const next = await queue
      .select('id')
      .where('position', '>', position)
      .where('state', '=', 'pending')
      .orderBy('position')
      .limit(1)
      .executeTakeFirst()
    if (!next) return
    await trx
      .updateTable('support_webhooks')
      .set({ due_at: time(at) })
      .where('id', '=', next.id)
      .execute()
  }

  const rows = (from: Pick<Trx, 'selectFrom'>) =>
    from
      .selectFrom('support_webhooks')
      .select(['id', 'endpoint', 'event', 'chat_id', 'state', 'attempts', 'status', 'reason'])
      .select(['due_at', 'created_at', 'updated_at'])

  /** With the addresses of their users, which are looked up by the chats of this page alone */
  async function withUsers<Row extends { chat_id: string }>(from: Pick<Trx, 'selectFrom'>, found: Row[]) {
    if (found.length === 0) return []
    const ids = [...new Set(found.map(({ chat_id }) => chat_id))].map((id) => ({ id }))
    const users = await from
      .selectFrom('support_chats as c')
      .innerJoin('support_users as u', 'u.id', 'c.user_id')
      .select(['c.id', 'u.email'])
      .where('c.id', 'in', sql<string>`(select k.id from ${engine.rows<{ id: string }>('k', { id: 'uuid' }, ids)})`)
      .execute()
    const emails = new Map(users.map(({ id, email }) => [id, email]))
    return found.map((row) => ({ ...row, user_email: emails.get(row.chat_id) ?? '' }))
  }

  async function messagesAt(trx: Trx, places: Place[]): Promise<Map<string, SupportMessage>> {
    if (places.length === 0) return new Map()
    const wanted = engine.rows<Place>('k', { chat_id: 'uuid', seq: 'integer' }, places)
    const found = await sql<
      MessageRow & { chat_id: string }
    >`select m.chat_id, ${sql.raw(MESSAGE_COLUMNS_OF_M.join(', '))}
      from ${wanted} join ${sql.table('support_messages')} as m on m.chat_id = k.chat_id and m.seq = k.seq`.execute(trx)
    return new Map(found.rows.map(({ chat_id, ...row }) => [`${chat_id} ${row.seq}`, messageOf(row)]))
  }

  return {
    async claimWebhooks({ endpoint, at, lease, limit }) {
      // Mostly nothing is due, and that needs no transaction
      if (!(await due(db, endpoint, at).limit(1).executeTakeFirst())) return []
      return transaction(async (trx) => {
        // Nobody waits for what another sender is just claiming
        const found = await due(trx, endpoint, at)
          .limit(limit)
          .modifyEnd(sql`for update skip locked`)
          .execute()
        const ids = found.map(({ id }) => id)
        if (ids.length === 0) return []
        await trx
          .updateTable('support_webhooks')
          .set((e) => ({
            state: 'sending' as const,
            claim: e('claim', '+', 1),
            due_at: time(isoTime(Date.parse(at) + lease)),
            updated_at: time(at),
          }))
          .where('id', 'in', ids)
          .execute()
        const claimed = await trx
          .selectFrom('support_webhooks as w')
          .innerJoin('support_chats as c', 'c.id', 'w.chat_id')
          .innerJoin('support_users as u', 'u.id', 'c.user_id')
          .select(['w.id', 'w.claim', 'w.event', 'w.created_at', 'w.attempts', 'w.chat_id', 'w.seq'])
          .select(['c.user_id', 'u.email as user_email'])
          .where('w.id', 'in', ids)
          .orderBy('w.created_at')
          .execute()
        const messages = await messagesAt(
          trx,
          claimed.flatMap(({ chat_id, seq }) => (seq === null ? [] : { chat_id, seq })),
        )
        return claimed.flatMap(({ chat_id, user_id, user_email, seq, ...webhook }): DueWebhook[] => {
          const message = seq === null ? null : messages.get(`${chat_id} ${seq}`)
          // The message is just being erased, and with it the webhook
          if (message === undefined) return []
          return [{ ...webhook, chat: { id: chat_id, user_id, user_email }, message }]
        })
      })
    },

    async settleWebhook({ id, claim }, outcome, at) {
      const isSettled = await alone(id, async (trx, row) => {
        if (row.claim !== claim || row.state !== 'sending') return false
        await trx
          .updateTable('support_webhooks')
          .set({ ...fieldsOf(outcome, row.attempts), updated_at: time(at) })
          .where('id', '=', id)
          .execute()
        if (outcome.state !== 'retry') await releaseNext(trx, row, at)
        return true
      })
      return isSettled ?? false
    },

    async nextWebhook(endpoint) {
      const next = await db
        .selectFrom('support_webhooks')
        .select('due_at')
        .where('endpoint', '=', endpoint)
        .where('due_at', 'is not', null)
        .orderBy('due_at')
        .limit(1)
        .executeTakeFirst()
      return next?.due_at ?? undefined
    },

    async listWebhooks({ limit, failed = false, cursor = NEWEST }): Promise<WebhookRecord[]> {
      if (!isListCursor(cursor)) return []
      const at = time(cursor.key)
      const found = await rows(db)
        // The state is a literal, since a partial index serves only a query that states its condition
        .$if(failed, (all) => all.where('state', '=', sql.lit('failed')))
        // Means (created_at, id) < (…, …), for which not every engine uses an index
        .where('created_at', '<=', at)
        .where((e) => e.or([e('created_at', '<', at), e('id', '<', cursor.id)]))
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(sql.lit(limit))
        .execute()
      return withUsers(db, found)
    },

    async sendWebhookAgain(id, at) {
      return alone(id, async (trx, { state, due_at }) => {
        const change =
          state === 'pending' && due_at !== null
            ? { due_at: time(at) }
            : state === 'delivered' || state === 'failed'
              ? ({ state: 'pending', due_at: time(at), attempts: 0, updated_at: time(at) } as const)
              : undefined
        if (change) await trx.updateTable('support_webhooks').set(change).where('id', '=', id).execute()
        const [record] = await withUsers(trx, await rows(trx).where('id', '=', id).execute())
        return record
      })
    },

    async forgetWebhooks({ before, endpoints, limit }) {
      const old = await db
        .selectFrom('support_webhooks')
        .select(['id', 'chat_id', 'endpoint', 'position', 'due_at'])
        .where('created_at', '<', time(before))
        .where((e) =>
          e.or([
            e('state', 'in', ['delivered', 'failed']),
            endpoints.length === 0 ? sql<boolean>`1 = 1` : e('endpoint', 'not in', endpoints),
          ]),
        )
        .orderBy('created_at')
        .limit(limit)
        .execute()
      if (old.length === 0) return 0
      const ids = old.map(({ id }) => id)
      const heads = old.filter(({ due_at }) => due_at !== null)
      await transaction(async (trx) => {
        if (heads.length > 0)
          await trx
            .selectFrom('support_chats')
            .select('id')
            .where(
              'id',
              'in',
              heads.map(({ chat_id }) => chat_id),
            )
            .orderBy('id')
            .modifyEnd(engine.lock)
            .execute()
        await trx.deleteFrom('support_webhooks').where('id', 'in', ids).execute()
        // Whoever sends to the endpoint again begins with what is left
        for (const head of heads) await releaseNext(trx, head, before)
      })
      return ids.length
    },
  }
}

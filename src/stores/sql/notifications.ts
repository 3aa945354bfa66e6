// The notifications' way from due to ended. Each is decided in a transaction of its own, which holds its chat and no other: what
// happens to a chat happens one after the other, as on SQLite, and nobody waits for the chats of a whole round.
import { sql, type Transaction } from 'kysely'
import { isoTime } from '../../server/ports/clock.ts'
import type { ClaimQuery, DueNotification, NotificationClaim } from '../../server/ports/store/notifications.ts'
import { LOST, MAX_LOOKED_AT, obstacleOf, type NotificationRow, type Notifications } from '../notification-rules.ts'
import { isUuid } from '../request-values.ts'
import type { SqlDatabase } from './database.ts'
import type { Tables } from './tables.ts'

interface Row extends NotificationRow {
  last_seq: number
  user_read_seq: number
  notified_seq: number
}

type Trx = Transaction<Tables>
type Changes = Partial<Omit<Tables['support_notifications'], 'id' | 'chat_id' | 'created_at'>>

export function notifications({ db, engine, transaction }: SqlDatabase): Notifications {
  const { isOpen, openDueAt, time } = engine

  // The replies that came while a mail of their chat is on its way wait for what becomes of it
  const due = (from: Pick<Trx, 'selectFrom'>) =>
    from
      .selectFrom('support_notifications as n')
      .leftJoin('support_notifications as h', (join) => join.on(engine.holdsChat))
      .where(isOpen)
      .where((e) => e.or([e('n.state', '<>', sql.lit('pending')), e('h.id', 'is', null)]))

  const rowOf = (trx: Trx, id: string) =>
    trx
      .selectFrom('support_notifications as n')
      .innerJoin('support_chats as c', 'c.id', 'n.chat_id')
      .innerJoin('support_users as u', 'u.id', 'c.user_id')
      .select(['n.id', 'n.chat_id', 'n.state', 'n.after_seq', 'n.up_to_seq', 'n.claim', 'n.refusals'])
      .select(['u.id as user_id', 'u.email', 'u.name', 'u.page_url', 'u.unsubscribed_at'])
      .select(['c.archived_at', 'c.last_seq', 'c.user_read_seq', 'c.notified_seq'])
      .where('n.id', '=', id)

  /** Runs `work` while nothing else happens to the notification's chat; undefined when there is no such notification */
  async function alone<T>(id: string, work: (trx: Trx) => Promise<T>): Promise<T | undefined> {
    if (!isUuid(id)) return undefined
    const known = await db.selectFrom('support_notifications').select('chat_id').where('id', '=', id).executeTakeFirst()
    if (!known) return undefined
    return transaction(async (trx) => {
      await trx
        .selectFrom('support_chats')
        .select('id')
        .where('id', '=', known.chat_id)
        .modifyEnd(engine.lock)
        .execute()
      return work(trx)
    })
  }

  const holding = (trx: Trx, { id, claim }: NotificationClaim): Promise<Row | undefined> =>
    rowOf(trx, id)
      .where('n.claim', '=', claim)
      .where('n.state', 'in', ['claimed', 'sending', 'uncertain'])
      .executeTakeFirst()

  const change = (trx: Trx, { id }: Row, changes: Changes) =>
    trx.updateTable('support_notifications').set(changes).where('id', '=', id).execute()
  const end = (trx: Trx, row: Row, state: Row['state'], reason: string | null, at: string) =>
    change(trx, row, { state, reason, updated_at: time(at) })
  const setNotified = (trx: Trx, { chat_id }: Row, notified_seq: number) =>
    trx.updateTable('support_chats').set({ notified_seq }).where('id', '=', chat_id).execute()

  const pendingOf = ({ chat_id }: Row) => sql<boolean>`chat_id = ${chat_id} and state = 'pending'`
  const dropPending = (trx: Trx, row: Row) => trx.deleteFrom('support_notifications').where(pendingOf(row)).execute()

  /** When it is due again, together with what has come since */
  async function reopened(trx: Trx, row: Row, dueAt: string): Promise<Changes> {
    const newer = await trx
      .selectFrom('support_notifications')
      .select('due_at')
      .where(pendingOf(row))
      .executeTakeFirst()
    await dropPending(trx, row)
    return { state: 'pending', due_at: time(newer && newer.due_at < dueAt ? newer.due_at : dueAt) }
  }

  /** What is unread and was in no e-mail yet; the sides are literals for the sake of an index with a condition */
  const unreadOf = (trx: Trx, { chat_id, user_read_seq, notified_seq }: Row) =>
    trx
      .selectFrom('support_messages')
      .where('chat_id', '=', chat_id)
      .where('sender_type', '=', sql.lit('admin'))
      .where('read_at', 'is', null)
      .where('seq', '>', Math.max(user_read_seq, notified_seq))

  async function decide(trx: Trx, row: Row, { at, delay, lease }: ClaimQuery): Promise<DueNotification | undefined> {
    if (row.state === 'sending') {
      await end(trx, row, 'uncertain', LOST, at)
      return undefined
    }
    // A lost claim takes in what has come since: both are about all there is
    if (row.state === 'claimed') await dropPending(trx, row)
    const { n, oldest } = await unreadOf(trx, row)
      .select((e) => [e.fn.countAll<number>().as('n'), e.fn.min('created_at').as('oldest')])
      .executeTakeFirstOrThrow()
    const message = await unreadOf(trx, row)
      .select(['id', 'seq', 'content', 'sender_type', 'sender_name', 'client_id', 'read_at', 'created_at'])
      .orderBy('seq', 'desc')
      .limit(1)
      .executeTakeFirst()
    const obstacle = obstacleOf(row)
    if (obstacle !== null || !message || oldest === null) {
      // Decided for everything there is; `why` asks which replies that was
      await change(trx, row, {
        state: 'skipped',
        reason: obstacle ?? 'read',
        updated_at: time(at),
        after_seq: row.notified_seq,
        up_to_seq: row.last_seq,
      })
      return undefined
    }
    // What was answered first has been read since; the reply that is left gets its full time
    const age = isoTime(Date.parse(oldest) + delay)
    if (age > at) {
      await change(trx, row, { state: 'pending', due_at: time(age), refusals: 0, reason: null, updated_at: time(at) })
      return undefined
    }
    // A new reply gets as many tries as any other
    const claimed = { claim: row.claim + 1, refusals: row.up_to_seq < message.seq ? 0 : row.refusals }
    await change(trx, row, {
      ...claimed,
      state: 'claimed',
      due_at: time(isoTime(Date.parse(at) + lease)),
      up_to_seq: message.seq,
      after_seq: Math.max(row.user_read_seq, row.notified_seq),
      address: row.email,
      updated_at: time(at),
    })
    const { id, chat_id, user_id, email, name, page_url } = row
    return { id, chat_id, person: { id: user_id, email, name }, message, unread: n, page_url, ...claimed }
  }

  return {
    async claimNotifications(query) {
      const at = time(query.at)
      const candidates = await due(db)
        .select('n.id')
        .where(openDueAt, '<=', at)
        .orderBy(openDueAt)
        .limit(MAX_LOOKED_AT)
        .execute()
      const claimed: DueNotification[] = []
      for (const { id } of candidates) {
        if (claimed.length >= query.limit) break
        try {
          // Somebody else may have decided it meanwhile
          const one = await alone(id, async (trx) => {
            const isDue = await due(trx)
              .select('n.id')
              .where('n.id', '=', id)
              .where(openDueAt, '<=', at)
              .executeTakeFirst()
            const row = isDue && (await rowOf(trx, id).executeTakeFirst())
            return row ? decide(trx, row, query) : undefined
          })
          if (one) claimed.push(one)
        } catch (error) {
          // What is claimed is to be sent now, and not when its lease has run out
          if (claimed.length === 0) throw error
          break
        }
      }
      return claimed
    },

    async handOverNotification(holder, at, lease) {
      const isHandedOver = await alone(holder.id, async (trx) => {
        const row = await holding(trx, holder)
        if (row?.state !== 'claimed') return false
        const { replies, unread } = await trx
          .selectFrom('support_messages')
          .select((e) => [
            e.fn.countAll<number>().as('replies'),
            sql<number>`count(case when read_at is null then 1 end)`.as('unread'),
          ])
          .where('chat_id', '=', row.chat_id)
          .where('seq', '>', row.after_seq)
          .where('seq', '<=', row.up_to_seq)
          .where('sender_type', '=', 'admin')
          .executeTakeFirstOrThrow()
        const obstacle = obstacleOf(row) ?? (unread === 0 ? 'read' : null)
        if (obstacle !== null) {
          await end(trx, row, 'skipped', obstacle, at)
          return false
        }
        // The mail would tell of a reply that was read meanwhile: another is to be written
        if (unread < replies) {
          await change(trx, row, { ...(await reopened(trx, row, at)), updated_at: time(at) })
          return false
        }
        const until = time(isoTime(Date.parse(at) + lease))
        await change(trx, row, { state: 'sending', due_at: until, updated_at: time(at) })
        await setNotified(trx, row, row.up_to_seq)
        return true
      })
      return isHandedOver ?? false
    },

    async settleNotification(holder, outcome, at) {
      await alone(holder.id, async (trx) => {
        const row = await holding(trx, holder)
        // Of one that was given up as uncertain, only good news is still of use
        if (!row || (row.state === 'uncertain' && outcome.state !== 'sent')) return
        if (outcome.state === 'sent' || outcome.state === 'uncertain') {
          await end(trx, row, outcome.state, outcome.state === 'sent' ? null : outcome.reason, at)
          return
        }
        if (row.state === 'sending') await setNotified(trx, row, row.after_seq)
        const refused = { refusals: row.refusals + 1, reason: outcome.reason, updated_at: time(at) }
        if (outcome.state === 'retry') {
          await change(trx, row, { ...refused, ...(await reopened(trx, row, outcome.retry_at)) })
        } else {
          await change(trx, row, { ...refused, state: 'failed' })
        }
      })
    },

    async nextNotification() {
      const next = await due(db).select(openDueAt.as('due_at')).orderBy(openDueAt).limit(1).executeTakeFirst()
      return next?.due_at
    },
  }
}

// The delayed e-mail: reads rows and facts, and writes what rules/notification.ts decides. Each notification is decided in a transaction
// of its own, which locks its chat and no other: what happens to a chat happens in sequence, as on SQLite, and nobody waits for the
// chats of a whole round.
import { sql, type Transaction } from 'kysely'
import type { SupportActivity } from '../../protocol/activity.ts'
import type {
  ClaimedNotifications,
  ClaimQuery,
  NotificationKind,
  NotificationStore,
} from '../../server/ports/store/notifications.ts'
import { MESSAGE_COLUMNS, messageOf } from '../message-columns.ts'
import { queuesByKind, type NotificationQueue } from '../notification-queues.ts'
import { NOTIFICATION_KINDS } from '../rules/notification-kinds.ts'
import {
  decideClaim,
  decideHandover,
  decideOutcome,
  LOST,
  MAX_LOOKED_AT,
  turnAt,
  unmailedAfter,
  type NotificationChange,
  type NotificationRow,
  type MailedMessages,
  type Turn,
  type UnreadMessages,
} from '../rules/notification.ts'
import { placeMail } from '../rules/activity.ts'
import { mailEnd } from '../rules/mail-activity.ts'
import { isUuid } from '../rules/request-values.ts'
import { writeActivities } from './activity-writer.ts'
import type { SqlDatabase } from './database.ts'
import { notificationAccount } from './notification-account.ts'
import type { Tables } from './tables.ts'

type Trx = Transaction<Tables>

export function notifications(database: SqlDatabase): NotificationStore {
  return { ...notificationAccount(database), ...queuesByKind((kind) => queue(database, kind)) }
}

/** Staff's last reply after their mark; only what they have not viewed is looked through. Of the chat `c` */
const ANSWERED = sql<number | null>`(select r.seq from ${sql.table('support_messages')} r where r.chat_id = c.id
  and r.seq > c.admin_viewed_seq and r.sender_type = 'admin'
  and (r.automated is null or c.assistant_off_at is null) order by r.seq desc limit 1)`

/** The notifications of one kind */
function queue(database: SqlDatabase, kind: NotificationKind): NotificationQueue {
  const { db, engine, transaction } = database
  const { isOpen, openDueAt, time } = engine
  const { sender, notified } = NOTIFICATION_KINDS[kind]
  // Both tables have the same columns, and Kysely's types want one name
  const table = NOTIFICATION_KINDS[kind].table as 'support_notifications'

  // Messages that come while a mail of their chat is on its way wait until it is settled
  const due = (from: Pick<Trx, 'selectFrom'>) =>
    from
      .selectFrom(`${table} as n`)
      .leftJoin(`${table} as h`, (join) => join.on(engine.holdsChat))
      .where(isOpen)
      .where((e) => e.or([e('n.state', '<>', sql.lit('pending')), e('h.id', 'is', null)]))

  /** Those that a claim looks at */
  function lookedAt(from: Pick<Trx, 'selectFrom'>, { at, online }: ClaimQuery) {
    const all = due(from).select('n.id').where(openDueAt, '<=', time(at))
    if (online === undefined) return all
    const present = engine.rows<{ id: string }>(
      'p',
      { id: 'person' },
      online.map((id) => ({ id })),
    )
    return all
      .innerJoin('support_chats as c', 'c.id', 'n.chat_id')
      .where('c.assignee_id', 'is not', null)
      .where('c.assignee_id', 'not in', sql<string>`(select p.id from ${present})`)
  }

  async function rowOf(trx: Trx, id: string): Promise<NotificationRow | undefined> {
    const row = await trx
      .selectFrom(`${table} as n`)
      .innerJoin('support_chats as c', 'c.id', 'n.chat_id')
      .innerJoin('support_users as u', 'u.id', 'c.user_id')
      .leftJoin('support_mail_blocks as b', (join) =>
        join.onRef('b.address', '=', 'u.email').on('b.unblocked_at', 'is', null),
      )
      .leftJoin('support_typed_addresses as t', 't.address', 'u.email')
      .select([
        't.mail_id as typed_mail_id',
        't.mailed_at as typed_mailed_at',
        't.unsubscribed_at as typed_unsubscribed_at',
      ])
      .select(['n.id', 'n.chat_id', 'n.state', 'n.due_at', 'n.after_seq', 'n.up_to_seq', 'n.address', 'n.claim'])
      .select([
        'n.refusals',
        'n.reason',
        'u.id as user_id',
        'u.email',
        'u.name',
        'u.page_url',
        'u.unsubscribed_at',
        'b.kind as block',
      ])
      .select(['c.assignee_id', 'c.assignee_name'])
      .select(['c.archived_at', 'c.last_seq', 'c.user_read_seq', 'c.admin_viewed_seq', `c.${notified} as notified_seq`])
      .select((kind === 'reply' ? sql<null>`null` : ANSWERED).as('answered_seq'))
      .select((e) =>
        e
          .selectFrom(`${table} as p`)
          .select('p.due_at')
          .whereRef('p.chat_id', '=', 'n.chat_id')
          .where('p.state', '=', sql.lit('pending'))
          .as('pending_due_at'),
      )
      .where('n.id', '=', id)
      .executeTakeFirst()
    if (!row) return undefined
    const { user_read_seq, admin_viewed_seq, answered_seq, ...rest } = row
    const seen_seq = kind === 'reply' ? user_read_seq : Math.max(admin_viewed_seq, answered_seq ?? 0)
    return { ...rest, kind, seen_seq }
  }

  /** Runs `work` while nothing else happens to the notification's chat; undefined when there is no such notification */
  async function alone<T>(id: string, work: (trx: Trx) => Promise<T>): Promise<T | undefined> {
    if (!isUuid(id)) return undefined
    const known = await db.selectFrom(table).select('chat_id').where('id', '=', id).executeTakeFirst()
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

  async function unreadOf(trx: Trx, row: NotificationRow): Promise<UnreadMessages> {
    // The sender is a literal, since a partial index serves only a query that states its condition
    const unread = trx
      .selectFrom('support_messages')
      .where('chat_id', '=', row.chat_id)
      .where('sender_type', '=', sql.lit(sender))
      .where('read_at', 'is', null)
      .where('seq', '>', unmailedAfter(row))
    const counted = await unread
      .select((e) => [e.fn.countAll<number>().as('count'), e.fn.min('created_at').as('oldest')])
      .executeTakeFirstOrThrow()
    const newest = await unread.select(MESSAGE_COLUMNS).orderBy('seq', 'desc').limit(1).executeTakeFirst()
    return { ...counted, newest: newest && messageOf(newest) }
  }

  const toldOf = (trx: Trx, { chat_id, after_seq, up_to_seq, seen_seq }: NotificationRow): Promise<MailedMessages> =>
    trx
      .selectFrom('support_messages')
      .select((e) => [
        e.fn.countAll<number>().as('mailed'),
        sql<number>`count(case when seq > ${seen_seq} then 1 end)`.as('unread'),
      ])
      .where('chat_id', '=', chat_id)
      .where('seq', '>', after_seq)
      .where('seq', '<=', up_to_seq)
      .where('sender_type', '=', sender)
      .executeTakeFirstOrThrow()

  async function messageAt(trx: Trx, chatId: string, seq: number): Promise<string> {
    const query = trx.selectFrom('support_messages').select('id').where('chat_id', '=', chatId).where('seq', '=', seq)
    return (await query.executeTakeFirst())?.id ?? ''
  }

  /** @returns the activity of it */
  async function write(trx: Trx, row: NotificationRow, change: NotificationChange): Promise<SupportActivity | null> {
    const { id, chat_id } = row
    const { fields, replacesPending, notifiedSeq } = change
    if (replacesPending) {
      const pending = sql<boolean>`chat_id = ${chat_id} and state = 'pending'`
      await trx.deleteFrom(table).where(pending).execute()
    }
    await trx
      .updateTable(table)
      .set({ ...fields, due_at: time(fields.due_at), updated_at: time(fields.updated_at) })
      .where('id', '=', id)
      .execute()
    if (notifiedSeq !== undefined) {
      await trx
        .updateTable('support_chats')
        .set({ [notified]: notifiedSeq })
        .where('id', '=', chat_id)
        .execute()
    }
    const what = mailEnd(row, change)
    if (!what) return null
    const chat = await trx
      .selectFrom('support_chats')
      .select(['last_activity_seq', 'last_activity_at'])
      .where('id', '=', chat_id)
      .executeTakeFirstOrThrow()
    const activity = placeMail(chat, what, fields.updated_at)
    await writeActivities(trx, engine, [{ chat_id, activity }])
    return activity
  }

  /** Two chats may want it at once, so the row of the address decides. @returns false: it is not free */
  async function takeTurn(trx: Trx, { address, over }: Turn, mail_id: string, at: string): Promise<boolean> {
    await trx
      .insertInto('support_typed_addresses')
      .values({ address })
      .modifyEnd(engine.onConflictUpdate(['address'], (inserted) => sql`address = ${inserted('address')}`))
      .execute()
    const { numUpdatedRows } = await trx
      .updateTable('support_typed_addresses')
      .set({ mail_id, mailed_at: time(at) })
      .where('address', '=', address)
      .where((e) => e.or([e('mailed_at', 'is', null), e('mailed_at', '<=', time(over)), e('mail_id', '=', mail_id)]))
      .executeTakeFirst()
    return numUpdatedRows > 0
  }

  return {
    async claim(query) {
      const candidates = await lookedAt(db, query).orderBy(openDueAt).limit(MAX_LOOKED_AT).execute()
      const claimed: ClaimedNotifications = { due: [], lost: [] }
      for (const { id } of candidates) {
        if (claimed.due.length >= query.limit) break
        try {
          const one = await alone(id, async (trx) => {
            // Another worker may have decided it meanwhile
            const isDue = await lookedAt(trx, query).where('n.id', '=', id).executeTakeFirst()
            const row = isDue && (await rowOf(trx, id))
            if (!row) return undefined
            const decision = decideClaim(row, await unreadOf(trx, row), query)
            const activity = await write(trx, row, decision.change)
            const { chat_id, up_to_seq } = row
            const isLost = decision.change.fields.state === 'uncertain'
            const message_id = isLost && (await messageAt(trx, chat_id, up_to_seq))
            const lost = message_id !== false && { chat_id, message_id, reason: LOST, activity }
            return { due: decision.due, lost }
          })
          if (one?.due) claimed.due.push(one.due)
          if (one?.lost) claimed.lost.push(one.lost)
        } catch (error) {
          // What is claimed is to be sent now, and not when its lease has run out, and what is lost is told only once
          if (claimed.due.length + claimed.lost.length === 0) throw error
          break
        }
      }
      return claimed
    },

    async handOver(claim, at, lease) {
      const change = await alone(claim.id, async (trx) => {
        const row = await rowOf(trx, claim.id)
        let decided = row && decideHandover(row, claim, await toldOf(trx, row), at, lease)
        const turn = row && decided?.fields.state === 'sending' ? turnAt(row, at) : undefined
        if (turn && !(await takeTurn(trx, turn, claim.id, at))) decided = turn.otherwise
        if (row && decided) await write(trx, row, decided)
        return decided
      })
      return change?.fields.state === 'sending'
    },

    async settle(claim, outcome, at) {
      return alone(claim.id, async (trx) => {
        const row = await rowOf(trx, claim.id)
        const decided = row && decideOutcome(row, claim, outcome, at)
        return row && decided && { activity: await write(trx, row, decided) }
      })
    },

    async next() {
      const next = await due(db).select(openDueAt.as('due_at')).orderBy(openDueAt).limit(1).executeTakeFirst()
      return next?.due_at
    },
  }
}

import { sql, type Transaction } from 'kysely'
import { isoTime } from '../../server/ports/clock.ts'
import type { AnswerStore, DueAnswer } from '../../server/ports/store/answers.ts'
import { placeHandedOver } from '../rules/activity.ts'
import { canHandOver, isClaimable, stands, type AnswerRow } from '../rules/answer.ts'
import { NOTIFICATION_KINDS } from '../rules/notification-kinds.ts'
import { isUuid } from '../rules/request-values.ts'
import { writeActivities } from './activity-writer.ts'
import type { SqlDatabase } from './database.ts'
import type { Engine } from './engine.ts'
import { pendingNotifications } from './pending-notifications.ts'
import type { Tables } from './tables.ts'
import { writeOf, type Write } from './write.ts'

type Trx = Transaction<Tables>

export function answers({ db, engine, insist, transaction }: SqlDatabase): AnswerStore {
  const rows = (from: Pick<Trx, 'selectFrom'>) =>
    from.selectFrom('support_answers').select(['chat_id', 'seq', 'claim', 'due_at'])
  const chatOf = (from: Pick<Trx, 'selectFrom'>, chatId: string) =>
    from.selectFrom('support_chats').select(['last_seq', 'archived_at', 'assistant_off_at']).where('id', '=', chatId)

  /** The chat first, as every write to a chat does */
  const claimOne = (chatId: string, at: string, lease: number): Promise<DueAnswer | undefined> =>
    transaction(async (trx) => {
      const chat = await chatOf(trx, chatId).modifyEnd(engine.lock).executeTakeFirst()
      const row = await rows(trx).where('chat_id', '=', chatId).modifyEnd(engine.lock).executeTakeFirst()
      if (!row || row.due_at > at) return undefined
      if (!isClaimable(row, chat ?? null)) {
        await trx.deleteFrom('support_answers').where('chat_id', '=', chatId).execute()
        return undefined
      }
      const { seq, claim } = row
      await trx
        .updateTable('support_answers')
        .set({ claim: claim + 1, due_at: engine.time(isoTime(Date.parse(at) + lease)) })
        .where('chat_id', '=', chatId)
        .execute()
      return { chat_id: chatId, seq, claim: claim + 1 }
    })

  return {
    async claimAnswers({ at, lease, limit }) {
      const due = await rows(db).where('due_at', '<=', engine.time(at)).orderBy('due_at').limit(limit).execute()
      const claimed: DueAnswer[] = []
      for (const { chat_id } of due) {
        const one = await claimOne(chat_id, at, lease)
        if (one) claimed.push(one)
      }
      return claimed
    },
    async renewAnswer({ chat_id, seq, claim }, until) {
      const row = await rows(db).where('chat_id', '=', chat_id).executeTakeFirst()
      const chat = await chatOf(db, chat_id).executeTakeFirst()
      if (!row || !stands({ ...row, seq }, chat ?? null)) return false
      const { numUpdatedRows } = await insist(() =>
        db
          .updateTable('support_answers')
          .set({ due_at: engine.time(until) })
          .where('chat_id', '=', chat_id)
          .where('seq', '=', seq)
          .where('claim', '=', claim)
          .executeTakeFirst(),
      )
      // MySQL counts the rows that it changed, and none has this time already
      return numUpdatedRows > 0n
    },
    async forgetAnswer({ chat_id, seq, claim }) {
      await insist(() =>
        db
          .deleteFrom('support_answers')
          .where('chat_id', '=', chat_id)
          .where('seq', '=', seq)
          .where('claim', '=', claim)
          .execute(),
      )
    },
    nextAnswer: async () => (await rows(db).orderBy('due_at').limit(1).executeTakeFirst())?.due_at,
    async handOver(chatId, { by, at, notify_at }) {
      if (!isUuid(chatId)) return undefined
      return transaction(async (trx) => {
        const chat = await trx
          .selectFrom('support_chats')
          .select(['assistant_off_at', 'archived_at', 'waiting_since', 'last_activity_seq', 'last_activity_at'])
          .where('id', '=', chatId)
          .modifyEnd(engine.lock)
          .executeTakeFirst()
        if (!chat || !canHandOver(chat)) return undefined
        const now = engine.time(at)
        await trx
          .updateTable('support_chats')
          .set({ assistant_off_at: now, updated_at: now, ...(chat.waiting_since === null && { waiting_since: now }) })
          .where('id', '=', chatId)
          .execute()
        if (notify_at !== null) {
          const mail = { id: crypto.randomUUID(), chat_id: chatId, due_at: engine.time(notify_at), at: now }
          await engine.run(trx, pendingNotifications(engine, NOTIFICATION_KINDS.waiting.table, [mail]))
        }
        const activity = placeHandedOver(chat, { by, at })
        await writeActivities(trx, engine, [{ chat_id: chatId, activity }])
        return activity
      })
    },
  }
}

/** Asks for answers, in the transaction of the messages. @returns no statement where none is due */
export function requestAnswers(engine: Engine, due: AnswerRow[]): Write[] {
  if (due.length === 0) return []
  const kinds = { chat_id: 'uuid', seq: 'integer', claim: 'integer', due_at: 'time' } as const
  const rows = due.map((row) => ({ ...row, due_at: engine.time(row.due_at) }))
  const statement: Write['statement'] = (from) => {
    const changed = engine.onConflictUpdate(
      ['chat_id'],
      (put) => sql`seq = ${put('seq')}, claim = ${put('claim')}, due_at = ${put('due_at')}`,
    )
    return sql`insert into ${sql.table('support_answers')} (chat_id, seq, claim, due_at)
      select a.chat_id, a.seq, a.claim, a.due_at from ${from} ${changed}`
  }
  return [writeOf<AnswerRow>({ key: 'answers', name: 'a', kinds, rows, statement })]
}

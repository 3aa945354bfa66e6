import { isoTime } from '../../server/ports/clock.ts'
import type { AnswerStore, DueAnswer } from '../../server/ports/store/answers.ts'
import { placeHandedOver, type ActivityHead } from '../rules/activity.ts'
import { canHandOver, isClaimable, stands, type AnsweredChat, type AnswerRow } from '../rules/answer.ts'
import { NOTIFICATION_KINDS } from '../rules/notification-kinds.ts'
import { activityWriter } from './activity-writer.ts'
import type { Database } from './database.ts'

export function answers(db: Database): AnswerStore {
  const due = db.prepare<AnswerRow>(
    'SELECT chat_id, seq, claim, due_at FROM support_answers WHERE due_at <= ? ORDER BY due_at LIMIT ?',
  )
  const next = db.prepare<{ due_at: string }>('SELECT due_at FROM support_answers ORDER BY due_at LIMIT 1')
  const byChat = db.prepare<AnswerRow>('SELECT chat_id, seq, claim, due_at FROM support_answers WHERE chat_id = ?')
  const chatOf = db.prepare<NonNullable<AnsweredChat>>(
    'SELECT last_seq, archived_at, assistant_off_at FROM support_chats WHERE id = ?',
  )
  const hold = db.prepare('UPDATE support_answers SET claim = ?2, due_at = ?3 WHERE chat_id = ?1')
  const forget = db.prepare('DELETE FROM support_answers WHERE chat_id = ?1 AND seq = ?2 AND claim = ?3')
  const head = db.prepare<ActivityHead & { assistant_off_at: string | null; archived_at: string | null }>(
    'SELECT assistant_off_at, archived_at, last_activity_seq, last_activity_at FROM support_chats WHERE id = ?',
  )
  const giveAway = db.prepare(
    'UPDATE support_chats SET assistant_off_at = ?2, waiting_since = coalesce(waiting_since, ?2), updated_at = ?2 WHERE id = ?1',
  )
  const notify =
    db.prepare(`INSERT INTO ${NOTIFICATION_KINDS.waiting.table} (id, chat_id, state, due_at, created_at, updated_at)
    VALUES (?1, ?2, 'pending', ?3, ?4, ?4) ON CONFLICT (chat_id) WHERE state = 'pending' DO NOTHING`)
  const writeActivity = activityWriter(db)

  return {
    async claimAnswers({ at, lease, limit }) {
      // Mostly nothing is due, and that needs no write
      if (due.all(at, 1).length === 0) return []
      return db.transaction(() =>
        due.all(at, limit).flatMap((row): DueAnswer[] => {
          const { chat_id, seq, claim } = row
          if (!isClaimable(row, chatOf.get(chat_id) ?? null)) {
            forget.run(chat_id, seq, claim)
            return []
          }
          hold.run(chat_id, claim + 1, isoTime(Date.parse(at) + lease))
          return [{ chat_id, seq, claim: claim + 1 }]
        }),
      )
    },
    renewAnswer: ({ chat_id, seq, claim }, until) =>
      db.transaction(() => {
        const row = byChat.get(chat_id)
        if (row?.seq !== seq || row.claim !== claim || !stands(row, chatOf.get(chat_id) ?? null)) return false
        hold.run(chat_id, claim, until)
        return true
      }),
    forgetAnswer: ({ chat_id, seq, claim }) => db.transaction(() => void forget.run(chat_id, seq, claim)),
    nextAnswer: async () => next.get()?.due_at,
    handOver: (chatId, { by, at, notify_at }) =>
      db.transaction(() => {
        const chat = head.get(chatId)
        if (!chat || !canHandOver(chat)) return undefined
        giveAway.run(chatId, at)
        if (notify_at !== null) notify.run(crypto.randomUUID(), chatId, notify_at, at)
        const activity = placeHandedOver(chat, { by, at })
        writeActivity(chatId, activity)
        return activity
      }),
  }
}

/** @returns asks for answers; called in the transaction of the messages */
export function answerRequester(db: Database): (due: AnswerRow[]) => void {
  const ask = db.prepare(`INSERT INTO support_answers (chat_id, seq, claim, due_at) VALUES (?1, ?2, ?3, ?4)
    ON CONFLICT (chat_id) DO UPDATE SET seq = ?2, claim = ?3, due_at = ?4`)
  return (due) => {
    for (const { chat_id, seq, claim, due_at } of due) ask.run(chat_id, seq, claim, due_at)
  }
}

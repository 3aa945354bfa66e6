import { isoTime } from '../../server/ports/clock.ts'
import type { AnswerStore, DueAnswer } from '../../server/ports/store/answers.ts'
import { placeHandedOver } from '../rules/activity.ts'
import { canHandOver, isClaimable, stands } from '../rules/answer.ts'
import { addActivity, addPending } from './chat-document.ts'
import { changeChat, doWhatIsLeft } from './chat-writer.ts'
import type { MongoDatabase } from './database.ts'
import type { ChatDoc } from './documents.ts'

const isIt = (chat: ChatDoc, { seq, claim }: DueAnswer): boolean =>
  chat.answer !== null && chat.answer.seq === seq && chat.answer.claim === claim

export function answers(db: MongoDatabase): AnswerStore {
  const chats = db.collection('chats')

  const claim = (chatId: string, at: string, until: string): Promise<DueAnswer | undefined> =>
    changeChat<DueAnswer | undefined>(db, chatId, (chat) => {
      const row = chat.answer
      if (row === null || row.due_at > at) return { changed: false, result: undefined }
      if (!isClaimable({ ...row, chat_id: chat._id }, chat)) {
        chat.answer = null
        return { changed: true, result: undefined }
      }
      chat.answer = { ...row, claim: row.claim + 1, due_at: until }
      return { changed: true, result: { chat_id: chat._id, seq: row.seq, claim: row.claim + 1 } }
    })

  return {
    async claimAnswers({ at, lease, limit }) {
      await doWhatIsLeft(db)
      const due = chats.find({ 'answer.due_at': { $lte: at } }).project<{ _id: string }>({ _id: 1 })
      const claimed: DueAnswer[] = []
      for (const { _id } of await due.sort({ 'answer.due_at': 1 }).limit(limit).toArray()) {
        const answer = await claim(_id, at, isoTime(Date.parse(at) + lease))
        if (answer) claimed.push(answer)
      }
      return claimed
    },
    renewAnswer: async (answer, until) =>
      (await changeChat(db, answer.chat_id, (chat) => {
        const row = chat.answer
        if (row === null || !isIt(chat, answer) || !stands({ ...row, chat_id: chat._id }, chat))
          return { changed: false, result: false }
        chat.answer = { ...row, due_at: until }
        return { changed: true, result: true }
      })) ?? false,
    async forgetAnswer(answer) {
      await changeChat(db, answer.chat_id, (chat) => {
        const changed = isIt(chat, answer)
        if (changed) chat.answer = null
        return { changed, result: undefined }
      })
    },
    async nextAnswer() {
      const due = chats.find({ 'answer.due_at': { $gt: '' } }).sort({ 'answer.due_at': 1 })
      return (await due.limit(1).toArray())[0]?.answer?.due_at
    },
    handOver: (chatId, { by, at, notify_at }) =>
      changeChat(db, chatId, (chat) => {
        if (!canHandOver(chat)) return { changed: false, result: undefined }
        chat.assistant_off_at = at
        chat.waiting_since ??= at
        chat.updated_at = at
        if (notify_at !== null) addPending(chat, 'waiting', crypto.randomUUID(), notify_at, at)
        const activity = placeHandedOver(chat, { by, at })
        addActivity(chat, activity)
        return { changed: true, result: activity }
      }),
  }
}

import type { AnswerStore, DueAnswer } from 'deskbell/core'
import { tell } from './activities.ts'
import type { Tables } from './tables.ts'

export function answerFacet(tables: Tables): AnswerStore {
  /** Nobody wrote meanwhile, and no person has the chat */
  function stands(chatId: string, seq: number): boolean {
    const chat = tables.chats.get(chatId)
    return chat?.last_seq === seq && chat.assistant_off_at === null && chat.archived_at === null
  }
  const held = ({ chat_id, seq, claim }: DueAnswer) => {
    const row = tables.open.answers.get(chat_id)
    return row?.seq === seq && row.claim === claim ? row : undefined
  }
  return {
    async claimAnswers({ at, lease, limit }) {
      const due = [...tables.open.answers]
        .filter(([, { due_at }]) => due_at <= at)
        .toSorted(([, a], [, b]) => (a.due_at < b.due_at ? -1 : 1))
        .slice(0, limit)
      return due.flatMap(([chat_id, row]) => {
        if (!stands(chat_id, row.seq) || row.claim >= 3) {
          tables.answers.delete(chat_id)
          return []
        }
        row.claim++
        row.due_at = new Date(Date.parse(at) + lease).toISOString()
        return [{ chat_id, seq: row.seq, claim: row.claim }]
      })
    },
    async renewAnswer(answer, until) {
      const row = held(answer)
      if (!row || !stands(answer.chat_id, answer.seq)) return false
      row.due_at = until
      return true
    },
    async forgetAnswer(answer) {
      if (held(answer)) tables.answers.delete(answer.chat_id)
    },
    nextAnswer: async () => [...tables.open.answers.values()].map(({ due_at }) => due_at).toSorted()[0],
    async handOver(chatId, { by, at, notify_at }) {
      const chat = tables.open.chats.get(chatId)
      if (!chat || (chat.assistant_off_at !== null && chat.archived_at === null)) return undefined
      chat.assistant_off_at = at
      chat.waiting_since ??= at
      if (notify_at !== null) schedule(tables, chatId, notify_at, at)
      return tell(chat, { kind: 'handed_over', body: { by } }, { at })
    },
  }
}

function schedule(tables: Tables, chat_id: string, due_at: string, updated_at: string): void {
  if (tables.notifications.some((o) => o.kind === 'waiting' && o.chat_id === chat_id && o.state === 'pending')) return
  const nothing = { claim: 0, refusals: 0, reason: null, address: null, after_seq: 0, up_to_seq: 0 }
  const untold = { delivery: null, delivery_at: null, delivery_reason: null }
  const id = crypto.randomUUID()
  tables.notifications.push({
    kind: 'waiting',
    id,
    chat_id,
    state: 'pending',
    due_at,
    updated_at,
    ...nothing,
    ...untold,
  })
}

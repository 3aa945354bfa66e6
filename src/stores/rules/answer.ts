// Which messages the assistant is to answer: at most one of a chat, the last one of its user, while no person of staff has the chat.
import type { NewMessage } from '../../server/ports/store/messages.ts'
import type { SupportMessage } from '../../protocol/types.ts'
import type { Head } from './message.ts'

/** A node that dies while it answers may die of it */
export const MOST_CLAIMS = 3

/** The answer that is due in a chat, as it is stored */
export interface AnswerRow {
  chat_id: string
  seq: number
  /** How often a node claimed it */
  claim: number
  due_at: string
}

/** What a chat says about its answer. Null: the chat is gone */
export type AnsweredChat = Pick<Head, 'last_seq' | 'archived_at' | 'assistant_off_at'> | null

/** The answers that a batch asks for. @param heads after the batch */
export function answersDue(
  placed: readonly { sent: NewMessage; message: SupportMessage }[],
  heads: ReadonlyMap<string, Head>,
): AnswerRow[] {
  const due = new Map<string, AnswerRow>()
  for (const { sent, message } of placed) {
    const { chat_id, answer_at } = sent
    const chat = heads.get(chat_id)
    if (answer_at === undefined || chat?.last_seq !== message.seq || chat.assistant_off_at !== null) continue
    due.set(chat_id, { chat_id, seq: message.seq, claim: 0, due_at: answer_at })
  }
  return [...due.values()].sort((a, b) => (a.chat_id < b.chat_id ? -1 : 1))
}

/** Somebody wrote meanwhile, or a person has the chat, or it was archived */
export const stands = ({ seq }: AnswerRow, chat: AnsweredChat): boolean =>
  chat !== null && chat.last_seq === seq && chat.assistant_off_at === null && chat.archived_at === null

/** A node takes the answer up. False: it is forgotten */
export const isClaimable = (answer: AnswerRow, chat: AnsweredChat): boolean =>
  stands(answer, chat) && answer.claim < MOST_CLAIMS

/** Whether a person can still be asked for: none has the chat, or its conversation has ended */
export const canHandOver = ({
  assistant_off_at,
  archived_at,
}: Pick<NonNullable<AnsweredChat>, 'assistant_off_at' | 'archived_at'>): boolean =>
  assistant_off_at === null || archived_at !== null

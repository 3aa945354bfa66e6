import type { ActivityBodies, SupportActivity } from '../../../protocol/activity.ts'

/** A message that the assistant is to answer, taken up by one node */
export interface DueAnswer {
  chat_id: string
  /** Of the message */
  seq: number
  /** How often it was taken up; names this time */
  claim: number
}

export interface HandingOver extends Pick<ActivityBodies['handed_over'], 'by'> {
  at: string
  /** When an e-mail to staff is due if nobody looks; null: they get none */
  notify_at: string | null
}

/**
 * The answers that the assistant owes: at most one of a chat, to the last message of its user, while the assistant has the chat.
 * `appendMessages` asks for them, and stores at most one answer to a message.
 */
export interface AnswerStore {
  /**
   * Takes up to `limit` that are due, so that no other node gets them for `lease` ms. Those to which somebody wrote an answer, that a
   * person is to give, or that were taken up too often, are forgotten.
   */
  claimAnswers(query: { at: string; lease: number; limit: number }): Promise<DueAnswer[]>
  /** Keeps the claim until `until`. @returns false: nobody needs the answer any more, or another node has it */
  renewAnswer(answer: DueAnswer, until: string): Promise<boolean>
  /** The answer was given, or will not be. Nothing happens where another node has it */
  forgetAnswer(answer: DueAnswer): Promise<void>
  /** ISO 8601; when the next one is due, or the next claim ends */
  nextAnswer(): Promise<string | undefined>
  /**
   * From now on a person of staff answers, until a message of the user brings the chat back from the archive. With the activity of it, and an
   * e-mail to staff, in one transaction. Who answered before a chat was archived has it no more.
   * @returns undefined: a person has the chat already, or there is none
   */
  handOver(chatId: string, handing: HandingOver): Promise<SupportActivity | undefined>
}

import { DeskbellError } from '../../protocol/errors.ts'
import type { SupportMessage } from '../../protocol/types.ts'
import type { Core } from '../core.ts'
import { checkContent } from '../messages/check-content.ts'
import type { Identity } from '../people/identity.ts'
import type { DueAnswer } from '../ports/store/answers.ts'
import type { ChatRecord } from '../ports/store/chats.ts'
import { assistantChat } from './assistant-chat.ts'
import { handOver } from './hand-over.ts'
import { LimitedCall } from './limited-call.ts'
import { ASSISTANT_ID, SEEN_MESSAGES, type AssistantAnswer, type SettledAssistant } from './options.ts'
import { showTyping } from './show-typing.ts'

export interface AnswerParts extends Pick<
  Core,
  'store' | 'clock' | 'writer' | 'hub' | 'events' | 'outbox' | 'hours' | 'hostUsers' | 'staffMailAfter'
> {
  assistant: SettledAssistant
  onError: (error: unknown) => void
}

const HOUR = 3_600_000

/**
 * Asks the host's function for the answer to a message, and stores it.
 * @returns false: the database is away, so it is to be tried again
 */
export async function giveAnswer(due: DueAnswer, signal: AbortSignal, parts: AnswerParts): Promise<boolean> {
  const { store, clock, hub, assistant, onError } = parts
  const chat = await store.findChat(due.chat_id)
  const seen = chat && (await assistantChat(parts, chat))
  const question = seen?.messages.at(-1)
  if (!chat || !seen || question?.seq !== due.seq || !assistant.answer) return true
  if (isTooMuch(seen.messages, clock.now() - HOUR, assistant.answersPerHour)) {
    await handOver(parts, chat, 'limit')
    return true
  }
  const hide = showTyping({ hub, clock }, chat.id, assistant.name)
  const call = new LimitedCall({ clock, ms: assistant.timeout, signal })
  try {
    const { answer } = assistant
    const given = await call.within(() => answer(seen, { signal: call.signal }))
    if (signal.aborted) return true
    return await say(readAnswer(given), { chat, question }, parts)
  } catch (error) {
    if (!signal.aborted) onError(error)
    return true
  } finally {
    call.end()
    hide()
  }
}

/** Whether so many answers were stored since (ms), or so many messages that answers before them may not be seen */
function isTooMuch(messages: readonly SupportMessage[], since: number, mostAnswers: number): boolean {
  const recent = messages.filter(({ created_at }) => Date.parse(created_at) > since)
  return recent.length >= SEEN_MESSAGES || recent.filter(({ automated }) => automated).length >= mostAnswers
}

/**
 * What the host's function said. JavaScript may return anything.
 * @throws DeskbellError `too_long`, `invalid_request`
 */
function readAnswer(given: unknown): { content: string; handsOver: boolean } {
  if (given === null || given === undefined) return { content: '', handsOver: false }
  const { content, handOver: handsOver }: AssistantAnswer =
    typeof given === 'object' ? given : { content: given as string }
  if (content !== null && content !== undefined && typeof content !== 'string')
    throw new DeskbellError('invalid_request', 'assistant.answer: the content is no text')
  const text = content?.trim() ?? ''
  if (text !== '') checkContent(text)
  return { content: text, handsOver: handsOver === true }
}

/** @returns as `giveAnswer` */
async function say(
  { content, handsOver }: ReturnType<typeof readAnswer>,
  { chat, question }: { chat: ChatRecord; question: SupportMessage },
  parts: AnswerParts,
): Promise<boolean> {
  if (content === '') {
    if (handsOver) await handOver(parts, chat, 'assistant')
    return true
  }
  const { writer, assistant } = parts
  const sender: Identity = { id: ASSISTANT_ID, role: 'admin', email: '', name: assistant.name, expiresAt: null }
  const answer = { sender, chat, content, clientId: question.id, automated: true, answersSeq: question.seq, handsOver }
  try {
    await writer.append(answer)
  } catch (error) {
    // Somebody was faster, which is no error
    if (error instanceof DeskbellError && error.code === 'conflict') return true
    if (error instanceof DeskbellError && error.code === 'unavailable') return false
    throw error
  }
  return true
}

import type { SupportMessage, SupportUser } from '../../protocol/types.ts'

/** What the assistant gets to see of a chat: what its user and staff see of the conversation, and nothing of what only staff see */
export interface AssistantChat {
  id: string
  user: SupportUser
  /** The last 100, oldest first. `automated` marks those of the assistant. URLs of files are relative to `publicUrl`, and good for a day */
  messages: SupportMessage[]
}

export interface AssistantCall {
  /** Aborted when nobody needs the answer any more: after `timeout`, when somebody wrote meanwhile or took the chat, or when the server stops */
  signal: AbortSignal
}

export interface AssistantAnswer {
  /** Plain text, at most 10,000 characters. Default: nothing is said */
  content?: string | null | undefined
  /** A person of staff is to answer from now on. Default: false */
  handOver?: boolean | undefined
}

/** Text at once, or piece by piece; null, undefined, '': nothing */
export type Suggestion = string | AsyncIterable<string> | null | undefined

/** A machine that helps staff, or answers by itself: your own model, or rules. docs/assistant.md has examples */
export interface AssistantOptions {
  /** Users see it beside the messages, which are marked as automated. Null: no name. Default: `Assistant` */
  name?: string | null | undefined
  /**
   * Answers the last message of a user, until a person of staff writes, takes the chat or is asked for; again when the chat comes back from the
   * archive. It is asked once the message is stored. It may be asked again when its process dies; at most one answer to a message is stored.
   * What it throws goes to `onError`, and the message waits for staff as any other. Null, undefined, '': it says nothing.
   * Default: it answers nothing
   */
  answer?:
    | ((
        chat: AssistantChat,
        call: AssistantCall,
      ) => Promise<AssistantAnswer | string | null | undefined> | AssistantAnswer | string | null | undefined)
    | undefined
  /** Drafts a reply for somebody of staff, who reads it before they send it. Default: there is no button for it */
  suggest?: ((chat: AssistantChat, call: AssistantCall) => Promise<Suggestion> | Suggestion) | undefined
  /** How long one call may take (ms). Default: 30,000 */
  timeout?: number | undefined
  /** How many answers it gives in one chat in an hour, or in 100 messages of an hour, before a person is to answer. At most 50. Default: 20 */
  answersPerHour?: number | undefined
}

export type SettledAssistant = Pick<AssistantOptions, 'answer' | 'suggest'> & {
  name: string | null
  timeout: number
  answersPerHour: number
}

/** By which its messages are known in the database */
export const ASSISTANT_ID = 'assistant'

/** The messages that the assistant sees. At least twice as many as it may answer in an hour, so that they are counted */
export const SEEN_MESSAGES = 100

/** @throws Error when an option is invalid */
export function settleAssistant(options: AssistantOptions): SettledAssistant {
  const { name = 'Assistant', timeout = 30_000, answersPerHour = 20, answer, suggest } = options
  if (!answer && !suggest) throw new Error('assistant needs answer or suggest, a function')
  if (answersPerHour > SEEN_MESSAGES / 2)
    throw new Error(`assistant.answersPerHour must be at most ${SEEN_MESSAGES / 2}`)
  return { name, timeout, answersPerHour, ...(answer && { answer }), ...(suggest && { suggest }) }
}

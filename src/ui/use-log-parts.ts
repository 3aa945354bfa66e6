// What a log is drawn with besides its own code.
import type { ConversationState } from '../client/conversation/conversation.ts'
import { rules, type Rules } from './formatted-text.tsx'
import { useFiles, type Files } from './use-files.ts'

/** @returns both, null where one did not come; and whether to wait, since the log would jump when one came later */
export function useLogParts({
  messages,
  attachments,
}: Pick<ConversationState, 'messages' | 'attachments'>): [
  files: Files | null | undefined,
  format: Rules | null | undefined,
  isWaiting: boolean,
] {
  const hasFiles = messages.some((message) => message.attachments?.[0])
  const files = useFiles(hasFiles || !!attachments)
  const format = rules.use(true)
  return [files, format, (hasFiles && files === undefined) || format === undefined]
}

// What a chat says to its two sides of what goes on around it.
import type { AttachmentLimits } from '../../protocol/attachments.ts'
import { MAX_FILES } from '../../protocol/limits.ts'
import type { SupportChat } from '../../protocol/types.ts'
import type { Core } from '../core.ts'

/** The field that says what to listen to */
export function realtimeOf({ publisher }: Pick<Core, 'publisher'>, chatId: string): Pick<SupportChat, 'realtime'> {
  const realtime = publisher?.listen({ type: 'chat', chatId })
  return realtime ? { realtime } : {}
}

/** Files that a message may carry */
export const attachmentsOf = ({ attachments }: Pick<Core, 'attachments'>): AttachmentLimits | null =>
  attachments && attachments.maxBytes > 0 ? { max_bytes: attachments.maxBytes, max_files: MAX_FILES } : null

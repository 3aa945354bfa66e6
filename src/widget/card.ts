import type { SupportMessage } from '../protocol/types.ts'

/** As the launcher's card has it: it shows a text, and the launcher has no room for more */
export const onCard = (message: SupportMessage | null | undefined): SupportMessage | null =>
  message ? { ...message, content: message.content || message.attachments?.[0]?.name || '' } : null

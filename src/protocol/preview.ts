// The start of a message, as lists of chats show it. Every store cuts it by this rule.
import { PREVIEW_LENGTH } from './limits.ts'
import type { SupportMessage } from './types.ts'
import { cutBefore } from './whole-characters.ts'

/** @returns the text, or its start and `…`: at most `PREVIEW_LENGTH` UTF-16 units, all of them whole characters */
export const preview = (content: string): string =>
  content.length <= PREVIEW_LENGTH ? content : `${content.slice(0, cutBefore(content, PREVIEW_LENGTH - 1))}…`

/** The same of a message; one of files alone shows the name of the first */
export const messagePreview = ({
  content,
  attachments: [first],
}: Pick<SupportMessage, 'content' | 'attachments'>): string =>
  preview(content === '' && first ? `📎 ${first.name}` : content)

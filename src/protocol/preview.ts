// The start of a message, as lists of chats show it. Every store cuts it by this rule.
import { PREVIEW_LENGTH } from './limits.ts'
import { cutBefore } from './whole-characters.ts'

/** @returns the text, or its start and `…`: at most `PREVIEW_LENGTH` UTF-16 units, all of them whole characters */
export const preview = (content: string): string =>
  content.length <= PREVIEW_LENGTH ? content : `${content.slice(0, cutBefore(content, PREVIEW_LENGTH - 1))}…`

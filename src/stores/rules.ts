// What every engine does with a message that comes in.
import { PREVIEW_LENGTH } from '../protocol/limits.ts'

/**
 * Strictly ascending within a chat, also when the clock goes back: who polls by `since` would miss the second of two messages
 * with the same time.
 */
export const later = (time: string, last: string | null): string =>
  last === null || time > last ? time : new Date(Date.parse(last) + 1).toISOString()

/** The start of a text, never half of a surrogate pair */
export function preview(content: string): string {
  if (content.length <= PREVIEW_LENGTH) return content
  const cut = content.slice(0, PREVIEW_LENGTH - 1)
  return `${cut.isWellFormed() ? cut : cut.slice(0, -1)}…`
}

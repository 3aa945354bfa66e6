import { MAX_CANNED_REPLIES, type CannedReply, type ImportedReplies } from '../../protocol/canned-replies.ts'
import type { ReplyText } from '../../server/ports/store/replies.ts'

/** A field of CannedReply that is missing here does not compile */
const COLUMNS: Record<keyof CannedReply, true> = { id: true, shortcut: true, title: true, body: true, updated_at: true }
export const REPLY_COLUMNS = Object.keys(COLUMNS) as (keyof CannedReply)[]

export const isSameReply = (stored: ReplyText, { shortcut, title, body }: ReplyText): boolean =>
  stored.shortcut === shortcut && stored.title === title && stored.body === body

interface Import {
  added: CannedReply[]
  /** With the ids that they have */
  changed: CannedReply[]
  counts: ImportedReplies
}

/** @returns undefined: there would be too many */
export function planImport(stored: CannedReply[], texts: ReplyText[], updated_at: string): Import | undefined {
  const known = new Map(stored.map((reply) => [reply.shortcut, reply]))
  const added = texts
    .filter(({ shortcut }) => !known.has(shortcut))
    .map((text) => ({ ...text, id: crypto.randomUUID(), updated_at }))
  if (added.length > 0 && stored.length + added.length > MAX_CANNED_REPLIES) return undefined
  const changed = texts.flatMap((text) => {
    const reply = known.get(text.shortcut)
    return reply && !isSameReply(reply, text) ? { ...text, id: reply.id, updated_at } : []
  })
  const counts = { added: added.length, changed: changed.length }
  return { added, changed, counts: { ...counts, unchanged: texts.length - counts.added - counts.changed } }
}

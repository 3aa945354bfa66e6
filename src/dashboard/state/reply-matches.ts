// Which canned replies somebody means by what they typed.
import type { CannedReply } from '../../protocol/canned-replies.ts'

/** What follows a slash at the start of a line, up to the cursor */
const TYPED = /^\/([^/]{0,80})$/

export interface Typed {
  /** Where the slash is */
  from: number
  query: string
}

/** @returns null: the cursor is behind no such slash */
export function typedAt(text: string, cursor: number): Typed | null {
  const line = text.slice(text.lastIndexOf('\n', cursor - 1) + 1, cursor)
  const query = TYPED.exec(line)?.[1]
  return query === undefined ? null : { from: cursor - query.length - 1, query }
}

const plain = (text: string): string => text.normalize('NFC').toLowerCase()

/** Those whose shortcut begins with it come first, then those whose shortcut, then those whose title has each of its words */
export function matchReplies(replies: readonly CannedReply[], query: string): CannedReply[] {
  const words = plain(query).split(/\s+/).filter(Boolean)
  if (words.length === 0) return [...replies]
  const ranked = replies.flatMap((reply) => {
    const shortcut = plain(reply.shortcut)
    const title = plain(reply.title)
    if (!words.every((word) => shortcut.includes(word) || title.includes(word))) return []
    const [first = ''] = words
    return { reply, rank: shortcut.startsWith(first) ? 0 : shortcut.includes(first) ? 1 : 2 }
  })
  return ranked.toSorted((a, b) => a.rank - b.rank).map(({ reply }) => reply)
}

// Which canned replies somebody means by what they typed.
import type { CannedReply } from '../../protocol/canned-replies.ts'

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

import { MAX_CANNED_REPLIES, type CannedReply, type CannedReplyStore, type ReplyText } from 'deskbell/core'
import type { Tables } from './tables.ts'

const isSame = (a: ReplyText, b: ReplyText): boolean =>
  a.shortcut === b.shortcut && a.title === b.title && a.body === b.body

/** By code point */
const inOrder = (a: CannedReply, b: CannedReply): number => {
  const [left, right] = [Array.from(a.shortcut), Array.from(b.shortcut)]
  const at = left.findIndex((character, i) => character !== right[i])
  return at === -1 ? left.length - right.length : (left[at]?.codePointAt(0) ?? 0) - (right[at]?.codePointAt(0) ?? 0)
}

export function replyFacet(tables: Tables): CannedReplyStore {
  const all = () => tables.open.replies
  const holder = (shortcut: string) => [...all().values()].find((reply) => reply.shortcut === shortcut)

  return {
    cannedReplies: async () => [...all().values()].toSorted(inOrder),
    async addCannedReply(id, text, updated_at) {
      const known = holder(text.shortcut)
      if (known) return isSame(known, text) ? { kind: 'repeated', reply: known } : { kind: 'taken' }
      if (all().size >= MAX_CANNED_REPLIES) return { kind: 'full' }
      const reply = { id, ...text, updated_at }
      all().set(id, reply)
      return { kind: 'stored', reply }
    },
    async changeCannedReply(id, change, updated_at) {
      const known = all().get(id)
      if (!known) return { kind: 'unknown' }
      const reply = { ...known, ...change, updated_at }
      if (isSame(known, reply)) return { kind: 'repeated', reply: known }
      if ((holder(reply.shortcut)?.id ?? id) !== id) return { kind: 'taken' }
      all().set(id, reply)
      return { kind: 'stored', reply }
    },
    removeCannedReply: async (id) => all().delete(id),
    async importCannedReplies(texts, updated_at) {
      const counts = { added: 0, changed: 0, unchanged: 0 }
      const next = new Map(all())
      for (const text of texts) {
        const known = holder(text.shortcut)
        const what = !known ? 'added' : isSame(known, text) ? 'unchanged' : 'changed'
        counts[what]++
        const id = known?.id ?? crypto.randomUUID()
        if (what !== 'unchanged') next.set(id, { id, ...text, updated_at })
      }
      if (counts.added > 0 && next.size > MAX_CANNED_REPLIES) return undefined
      for (const [id, reply] of next) all().set(id, reply)
      return counts
    },
  }
}

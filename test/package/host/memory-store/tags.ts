import type { TagStore } from 'deskbell/core'
import { tell } from './activities.ts'
import type { Tables } from './tables.ts'

/** UTF-16 does not sort by code point */
function byCodePoint(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => Array.from(text, (char) => char.codePointAt(0) ?? 0)) as [
    number[],
    number[],
  ]
  const at = left.findIndex((code, i) => code !== right[i])
  return at < 0 ? left.length - right.length : (left[at] ?? 0) - (right[at] ?? -1)
}

export const inOrder = (tags: Iterable<string>): string[] => [...new Set(tags)].toSorted(byCodePoint)

export const tagFacet = (tables: Tables): TagStore => ({
  async changeTags(chatId, change, { actor, at }) {
    const chat = tables.open.chats.get(chatId)
    if (!chat) return undefined
    const before = chat.tags
    const after = inOrder(change([...before]))
    const added = after.filter((tag) => !before.includes(tag))
    const removed = before.filter((tag) => !after.includes(tag))
    if (added.length + removed.length === 0) return { tags: after, activity: null }
    chat.tags = after
    const by = actor === null ? { at } : { actor, at }
    return { tags: after, activity: tell(chat, { kind: 'tagged', body: { added, removed } }, by) }
  },
  knownTags: async (limit) => inOrder([...tables.open.chats.values()].flatMap(({ tags }) => tags)).slice(0, limit),
})

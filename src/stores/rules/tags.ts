import { MAX_TAGS } from '../../protocol/tags.ts'

/** So many pages of chats whose tags stand elsewhere are brought to their places by one look at a list */
export const ASTRAY_PAGES = 10

/** Of a chat's column, which is null without any */
export const tagsOf = (text: string | null): string[] => (text === null ? [] : (JSON.parse(text) as string[]))

export const tagsText = (tags: string[]): string | null => (tags.length === 0 ? null : JSON.stringify(tags))

/** Each once, in order of code points, in which UTF-8 sorts, and UTF-16 does not */
export const inOrder = (tags: Iterable<string>): string[] =>
  [...new Set(tags)]
    .map((tag) => ({ tag, points: Array.from(tag, (character) => character.codePointAt(0) ?? 0) }))
    .sort(({ points: a }, { points: b }) => {
      const at = a.findIndex((point, i) => point !== b[i])
      return at === -1 ? a.length - b.length : (a[at] ?? 0) - (b[at] ?? -1)
    })
    .map(({ tag }) => tag)

export interface TagChange {
  added: string[]
  removed: string[]
}

/** @returns null: nothing changes */
export function tagChange(before: string[], after: string[]): TagChange | null {
  const added = after.filter((tag) => !before.includes(tag))
  const removed = before.filter((tag) => !after.includes(tag))
  return added.length + removed.length === 0 ? null : { added, removed }
}

/** What they were before these changes, which are in the order in which they happened */
export const tagsBefore = (tags: string[], changes: readonly TagChange[]): string[] =>
  changes.reduceRight<string[]>(
    (now, { added, removed }) => [...now.filter((tag) => !added.includes(tag)), ...removed],
    tags,
  )

/** Of two chats that become one. Those of the account come first, where there are too many */
export const mergedTags = (own: string | null, theirs: string | null): string[] =>
  inOrder([...new Set([...tagsOf(own), ...tagsOf(theirs)])].slice(0, MAX_TAGS))

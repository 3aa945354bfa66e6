// Reads a range of what is partly in a chat's document, and partly in a collection.
import type { Collection, Filter } from 'mongodb'
import type { Moved } from './documents.ts'
import { startOf } from './tails.ts'

type Range = { after: number; limit: number } | { before: number; limit: number }

/**
 * @param newest of the document, which was read first: what was cut off it was in the collection before
 * @param last the last seq of the chat
 */
export async function slice<Item extends { seq: number }>(
  collection: Collection<Moved<Item>>,
  chat_id: string,
  newest: Item[],
  last: number,
  range: Range,
): Promise<{ items: Item[]; has_more: boolean }> {
  const start = startOf(newest, last)
  // One more than asked for tells whether there are more
  const size = range.limit + 1
  const older = async (seq: object, direction: 1 | -1, limit: number): Promise<Item[]> =>
    limit <= 0
      ? []
      : ((await collection
          .find({ chat_id, seq } as unknown as Filter<Moved<Item>>)
          .sort({ seq: direction })
          .limit(limit)
          .toArray()) as unknown as Item[])
  if ('after' in range) {
    const found = range.after + 1 < start ? await older({ $gt: range.after, $lt: start }, 1, size) : []
    const items = [...found, ...newest.filter(({ seq }) => seq > range.after)].slice(0, size)
    return { items: items.slice(0, range.limit), has_more: items.length > range.limit }
  }
  const inDocument = newest.filter(({ seq }) => seq < range.before).slice(-size)
  const found = await older({ $lt: Math.min(range.before, start) }, -1, size - inDocument.length)
  const items = [...found.reverse(), ...inDocument]
  return { items: items.slice(-range.limit), has_more: items.length > range.limit }
}

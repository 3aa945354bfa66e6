// A search by name. A word of it is looked up in the indexes of names, which know nothing of messages: so all chats that it finds are put in
// order, if these are not too many. A beginning that many names share is not looked for there, but in the newest chats, where it is common too.
import { mainWord, nameMatcher, NAME_WORDS } from '../../protocol/name-search.ts'
import type { ChatStore, ListCursor, NamedPage, NameQuery } from '../../server/ports/store/chats.ts'
import { isListCursor } from './request-values.ts'

/** Names that are read from an index: one more than those of which all are put in order */
export const NAMES_READ = 501
/** Chats that are looked through at a time, and how often for a page */
const PORTION = 500
const PORTIONS = 4

export interface NamedChat {
  id: string
  last_message_at: string
  user_name: string | null
}

/** What a store does for a search by name */
export interface NameLookup extends Pick<ChatStore, 'listItems'> {
  /** The newest active or archived chats, with a name for each: much less than rows of the list */
  newest(query: Pick<NameQuery, 'archived' | 'limit' | 'cursor'>): Promise<NamedChat[]>
  /**
   * Chats with a message of users whose name begins so, from one of its words on (from 1), among the first `NAMES_READ` of such names.
   * @returns them, and how many names these were
   */
  startingWith(start: string, word: number, archived: boolean): Promise<{ chats: NamedChat[]; names: number }>
}

const placeOf = ({ id, last_message_at: key }: NamedChat): ListCursor => ({ key, id })
const isBehind = (a: ListCursor, b: ListCursor): boolean => (a.key === b.key ? a.id < b.id : a.key < b.key)

export async function chatsByName(lookup: NameLookup, query: NameQuery): Promise<NamedPage> {
  if (query.cursor && !isListCursor(query.cursor)) return { chats: [], next: null }
  const all = await everyNamed(lookup, query)
  return all ? inOrder(lookup, query, all) : amongNewest(lookup, query)
}

/** @returns undefined: too many names begin so */
async function everyNamed(lookup: NameLookup, { name, archived }: NameQuery): Promise<NamedChat[] | undefined> {
  const [start, isFound] = [mainWord(name), nameMatcher(name)]
  const found = new Map<string, NamedChat>()
  for (let word = 1; word <= NAME_WORDS; word++) {
    const { chats, names } = await lookup.startingWith(start, word, archived)
    if (names >= NAMES_READ) return undefined
    for (const chat of chats) if (isFound(chat.user_name)) found.set(chat.id, chat)
  }
  return [...found.values()]
}

async function inOrder(lookup: NameLookup, query: NameQuery, all: NamedChat[]): Promise<NamedPage> {
  const { limit, cursor } = query
  const places = all
    .map(placeOf)
    .filter((place) => !cursor || isBehind(place, cursor))
    .sort((a, b) => (isBehind(a, b) ? 1 : -1))
  return pageOf(lookup, query, places, places.length > limit ? (places[limit - 1] ?? null) : null)
}

async function amongNewest(lookup: NameLookup, query: NameQuery): Promise<NamedPage> {
  const { name, archived, limit, cursor } = query
  const isFound = nameMatcher(name)
  const found: ListCursor[] = []
  let from: ListCursor | null = cursor ?? null
  for (let portions = 0; portions < PORTIONS && found.length <= limit; portions++) {
    const portion = await lookup.newest({ archived, limit: PORTION, cursor: from ?? undefined })
    found.push(...portion.filter((chat) => isFound(chat.user_name)).map(placeOf))
    const last = portion.at(-1)
    from = last && portion.length === PORTION ? placeOf(last) : null
    if (!from) break
  }
  return pageOf(lookup, query, found, found.length > limit ? (found[limit - 1] ?? null) : from)
}

async function pageOf(
  lookup: NameLookup,
  { archived, limit }: NameQuery,
  places: ListCursor[],
  next: ListCursor | null,
): Promise<NamedPage> {
  const ids = places.slice(0, limit).map(({ id }) => id)
  const items = ids.length === 0 ? [] : await lookup.listItems(ids)
  const byId = new Map(items.filter((chat) => chat.archived === archived).map((chat) => [chat.id, chat]))
  return { chats: ids.flatMap((id) => byId.get(id) ?? []), next }
}

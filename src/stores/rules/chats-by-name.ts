// A search by name. A word of it is looked up in the indexes of names, which know nothing of messages: so all chats that it finds are put in
// order, if these are not too many. A beginning that many names share is not looked for there, but in the newest chats, where it is common too.
import { mainWord, nameMatcher, NAME_WORDS } from '../../protocol/name-search.ts'
import type { SupportChatListItem } from '../../protocol/types.ts'
import type { ChatStore, ListCursor, NamedPage, NameQuery } from '../../server/ports/store/chats.ts'
import { isListCursor } from './request-values.ts'

/** Names that are read from an index: one more than those of which all are put in order */
export const NAMES_READ = 501
/** Chats that are looked through at a time, and how often for a page */
const PORTION = 500
const PORTIONS = 2

export interface NamedChat {
  id: string
  last_message_at: string
  user_name: string | null
}

/** What a store does for a search by name */
export interface NameLookup extends Pick<ChatStore, 'listChats' | 'listItems'> {
  /**
   * Chats with a message of users whose name begins so, from one of its words on (from 1), among the first `NAMES_READ` of such names.
   * @returns them, and how many names these were
   */
  startingWith(start: string, word: number, archived: boolean): Promise<{ chats: NamedChat[]; names: number }>
}

const placeOf = ({ id, last_message_at }: { id: string; last_message_at: string | null }): ListCursor => ({
  key: last_message_at ?? '',
  id,
})
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
  const { archived, limit, cursor } = query
  const places = all
    .map(placeOf)
    .filter((place) => !cursor || isBehind(place, cursor))
    .sort((a, b) => (isBehind(a, b) ? 1 : -1))
  const page = places.slice(0, limit)
  const items = await lookup.listItems(page.map(({ id }) => id))
  const byId = new Map(items.filter((chat) => chat.archived === archived).map((chat) => [chat.id, chat]))
  const chats = page.flatMap(({ id }) => byId.get(id) ?? [])
  return { chats, next: places.length > limit ? (page.at(-1) ?? null) : null }
}

async function amongNewest(lookup: NameLookup, { name, archived, limit, cursor }: NameQuery): Promise<NamedPage> {
  const isFound = nameMatcher(name)
  const found: SupportChatListItem[] = []
  let from: ListCursor | null = cursor ?? null
  for (let portions = 0; portions < PORTIONS && found.length <= limit; portions++) {
    const portion = await lookup.listChats({ archived, limit: PORTION, cursor: from ?? undefined })
    found.push(...portion.filter((chat) => isFound(chat.user_name)))
    const last = portion.at(-1)
    from = last && portion.length === PORTION ? placeOf(last) : null
    if (!from) break
  }
  const chats = found.slice(0, limit)
  const last = chats.at(-1)
  return { chats, next: found.length > limit && last ? placeOf(last) : from }
}

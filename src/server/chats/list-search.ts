// The search in the list: first the chats of people who are found by their name, the newest message first, then those who are found by their
// address alone, in the order of addresses.
import { MAX_LIST_SIZE } from '../../protocol/limits.ts'
import { nameMatcher } from '../../protocol/name-search.ts'
import type { SupportChatListItem } from '../../protocol/types.ts'
import type { ChatStore, ListCursor } from '../ports/store/chats.ts'
import type { ChatPage } from './chat-page.ts'
import { decodeCursor, encodeCursor, type Position } from './list-cursor.ts'

type Lists = Pick<ChatStore, 'listChats' | 'chatsByName'>

/** Pages of addresses that are read for one, where nearly all of them are found by name too */
const READS = 10

interface SearchQuery {
  archived: boolean
  limit: number
  cursor: string | undefined
  /** Trimmed and not empty */
  text: string
}

/** Where a list by address goes on after a chat */
export const addressPlace = ({ user_email, user_id }: SupportChatListItem): ListCursor => ({
  key: asciiLower(user_email),
  id: user_id,
})
const asciiLower = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

/** @throws DeskbellError `invalid_request` for a cursor that this server did not make */
export async function searchPage(store: Lists, query: SearchQuery): Promise<ChatPage> {
  const { archived, limit, cursor, text } = query
  const start: Position = { key: asciiLower(text), id: '', by: 'address' }
  const place = cursor === undefined ? undefined : decodeCursor(cursor)
  if (place && place.by !== 'name') return byAddress(store, query, place)
  const { chats, next } = await store.chatsByName({ archived, limit, name: text, cursor: place })
  if (next && chats.length > 0) return { chats, next: encodeCursor({ ...next, by: 'name' }) }
  // The store has looked far enough, and not at all of them: so none is left out because its name is found
  const rest = await byAddress(
    store,
    { ...query, limit: limit - chats.length },
    next ? { ...start, by: undefined } : start,
  )
  return { chats: [...chats, ...rest.chats], next: rest.next }
}

/** @param limit 0: only whether there are any */
async function byAddress(store: Lists, { archived, limit, text }: SearchQuery, place: Position): Promise<ChatPage> {
  const isNamed = place.by === 'address' ? nameMatcher(text) : () => false
  const found: SupportChatListItem[] = []
  let from: ListCursor = place
  for (let reads = 0; reads < READS; reads++) {
    const size = reads === 0 ? limit + 1 : MAX_LIST_SIZE
    const rows = await store.listChats({ archived, limit: size, cursor: from, email: text })
    found.push(...rows.filter(({ user_name }) => !isNamed(user_name)))
    const last = rows.at(-1)
    if (found.length > limit || !last || rows.length < size) break
    from = addressPlace(last)
  }
  const chats = found.slice(0, limit)
  const last = chats.at(-1)
  const end = last ? { ...addressPlace(last), by: place.by } : place
  return { chats, next: found.length > limit ? encodeCursor(end) : null }
}

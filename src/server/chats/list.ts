import type { Core } from '../core.ts'
import { WAIT_FOR_HOST } from '../people/host-users.ts'
import type { ChatStore, ListQuery } from '../ports/store/chats.ts'
import type { ChatPage } from './chat-page.ts'
import { decodeCursor, encodeCursor } from './list-cursor.ts'
import { addressPlace, searchPage } from './list-search.ts'

export interface ChatPageQuery extends Pick<ListQuery, 'archived' | 'limit' | 'assignee' | 'tag' | 'waiting'> {
  /** `next` of the page before */
  cursor?: string | undefined
  /** The start of an e-mail address; the list is then ordered by address. An empty one counts as none */
  email?: string | undefined
  /** Words of a name, or the start of an e-mail address. An empty one counts as none */
  q?: string | undefined
}

/**
 * The people in it are as in the host's table, if it answers soon.
 * @throws DeskbellError `invalid_request` for a cursor that this server did not make
 */
export async function listPage(
  { store, hostUsers }: Pick<Core, 'store' | 'hostUsers'>,
  query: ChatPageQuery,
): Promise<ChatPage> {
  const page = await readPage(store, query)
  const isChanged = await hostUsers?.refresh(
    page.chats.map(({ user_id }) => user_id),
    WAIT_FOR_HOST,
  )
  return isChanged ? readPage(store, query) : page
}

async function readPage(
  store: Pick<ChatStore, 'listChats' | 'chatsByName'>,
  { archived, limit, cursor, email, q, assignee, tag, waiting }: ChatPageQuery,
): Promise<ChatPage> {
  const text = q?.trim()
  if (text) return searchPage(store, { archived, limit, cursor, text })
  const start = email?.trim() || undefined
  const rows = await store.listChats({
    archived,
    limit: limit + 1,
    cursor: cursor === undefined ? undefined : decodeCursor(cursor),
    email: start,
    assignee,
    tag,
    waiting,
  })
  const chats = rows.slice(0, limit)
  const last = chats.at(-1)
  if (rows.length <= limit || !last) return { chats, next: null }
  const at = waiting ? last.waiting_since : last.last_message_at
  return { chats, next: encodeCursor(start === undefined ? { key: at ?? '', id: last.id } : addressPlace(last)) }
}

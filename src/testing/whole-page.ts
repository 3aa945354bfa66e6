import type { FoundMessage, FoundPage } from '../protocol/types.ts'
import type { SearchQuery } from '../server/ports/store/search.ts'
import type { Store } from '../server/ports/store/store.ts'

/** A page of a search that has all the time it needs: on a busy machine the store may stop before the page is full, and says where */
export async function wholePage(store: Store, query: SearchQuery): Promise<FoundPage> {
  if (!store.searchMessages) throw new Error('It cannot search')
  const found = new Map<string, FoundMessage>()
  let { cursor } = query
  for (;;) {
    const page = await store.searchMessages({ ...query, cursor, limit: query.limit - found.size })
    for (const one of page.found) if (!found.has(one.chat_id)) found.set(one.chat_id, one)
    if (page.next === null || found.size === query.limit) return { ...page, found: [...found.values()] }
    cursor = page.next
  }
}

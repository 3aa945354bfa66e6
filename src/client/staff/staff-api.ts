// The requests of staff besides those of one chat: the list and the search. Apart, so that the widget does not carry them.
import type { FoundPage, SupportChatListItem, UnreadCount } from '../../protocol/types.ts'
import { Api, queryString } from '../api.ts'

export interface ListQuery {
  archived?: boolean
  limit?: number
  cursor?: string
  q?: string
}
export interface ChatListPage {
  chats: SupportChatListItem[]
  /** Give it back as `cursor`; null on the last page */
  next: string | null
  /** `adminMessages` works on this server */
  searchable: boolean
}

export class StaffApi extends Api {
  async adminChats(query: ListQuery = {}): Promise<ChatListPage> {
    const response = await this.request('GET', `admin/chats${queryString({ ...query })}`)
    const next = linked(response, 'next')
    return {
      chats: (await response.json()) as SupportChatListItem[],
      next: next === null ? null : new URL(next, this.base).searchParams.get('cursor'),
      searchable: linked(response, 'search') !== null,
    }
  }
  /** Chats by what was written in them */
  adminMessages(query: { q: string; limit?: number; cursor?: string }): Promise<FoundPage> {
    return this.json('GET', `admin/messages${queryString({ ...query })}`)
  }
  async adminArchive(id: string): Promise<void> {
    await this.request('POST', `admin/chats/${id}/archive`)
  }
  async adminUnarchive(id: string): Promise<void> {
    await this.request('POST', `admin/chats/${id}/unarchive`)
  }
  adminUnreadCount(): Promise<UnreadCount> {
    return this.json('GET', 'admin/unread_count')
  }
}

/** RFC 8288: `Link: <…?cursor=…>; rel="next"` */
const linked = (response: Response, rel: string): string | null =>
  new RegExp(`<([^>]*)>\\s*;[^,]*\\brel="?${rel}"?`).exec(response.headers.get('Link') ?? '')?.[1] ?? null

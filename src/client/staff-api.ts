// What staff ask besides the messages of a chat: the list. Apart, so that it weighs nothing in the widget.
import type { SupportChatListItem, UnreadCount } from '../protocol/types.ts'
import { Api, search } from './api.ts'

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
}

export class StaffApi extends Api {
  async adminChats(query: ListQuery = {}): Promise<ChatListPage> {
    const response = await this.request('GET', `admin/chats${search({ ...query })}`)
    return { chats: (await response.json()) as SupportChatListItem[], next: nextCursor(response, this.base) }
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
function nextCursor(response: Response, base: string): string | null {
  const target = /<([^>]*)>\s*;[^,]*\brel="?next"?/.exec(response.headers.get('Link') ?? '')?.[1]
  return target === undefined ? null : new URL(target, base).searchParams.get('cursor')
}

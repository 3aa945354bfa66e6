// The requests of staff besides those of one chat: the list and the search. Apart, so that the widget does not carry them.
import type { Listening, StaffRealtime } from '../../protocol/listening.ts'
import type { Numbers } from '../../protocol/numbers.ts'
import type { CannedReplies } from '../../protocol/canned-replies.ts'
import type { KnownTags, TaggedChat } from '../../protocol/tags.ts'
import type {
  AdminSupportChat,
  AssignedChat,
  Assignee,
  BlockedUser,
  Colleague,
  Colleagues,
  FoundPage,
  FoundPeople,
  FoundPerson,
  SupportChatListItem,
  UnreadCount,
} from '../../protocol/types.ts'
import { Api, queryString } from '../api.ts'
import type { Whose } from './list-order.ts'

export interface ListQuery {
  archived?: boolean | undefined
  limit?: number | undefined
  cursor?: string | undefined
  /** Words of a name, or the beginning of an e-mail address */
  q?: string | undefined
  /** The caller's own chats, or those that nobody has; not together with `q` */
  assignee?: Whose | undefined
  /** Chats with this tag; not together with the others */
  tag?: string | undefined
  /** Active chats in which the user waits, the longest wait first; not together with the others */
  waiting?: boolean | undefined
}
export interface ChatListPage {
  chats: SupportChatListItem[]
  /** Give it back as `cursor`; null on the last page */
  next: string | null
  /** `adminMessages` works on this server */
  searchable: boolean
  /** `adminRealtime` names a service */
  served: boolean
}

export class StaffApi extends Api {
  async adminChats(query: ListQuery = {}): Promise<ChatListPage> {
    const response = await this.request('GET', `admin/chats${queryString({ ...query })}`)
    const next = linked(response, 'next')
    return {
      chats: (await response.json()) as SupportChatListItem[],
      next: next === null ? null : new URL(next, this.base).searchParams.get('cursor'),
      searchable: linked(response, 'search') !== null,
      served: linked(response, 'realtime') !== null,
    }
  }
  /** The service that tells of all chats; null: this server alone does */
  async adminRealtime(): Promise<Listening | null> {
    return (await this.json<StaffRealtime>('GET', 'admin/realtime')).realtime
  }
  /** Chats by what was written in them */
  adminMessages(query: { q: string; limit?: number | undefined; cursor?: string | undefined }): Promise<FoundPage> {
    return this.json('GET', `admin/messages${queryString({ ...query })}`)
  }
  /** Words that chats have as tags */
  async adminTags(): Promise<string[]> {
    return (await this.json<KnownTags>('GET', 'admin/tags')).tags
  }
  /** @returns all tags that the chat then has */
  async adminChangeTags(
    id: string,
    changes: { add?: string[] | undefined; remove?: string[] | undefined },
  ): Promise<string[]> {
    return (await this.json<TaggedChat>('PATCH', `admin/chats/${id}/tags`, changes)).tags
  }
  adminNumbers(days: number): Promise<Numbers> {
    return this.json('GET', `admin/numbers${queryString({ days })}`)
  }
  adminReplies(): Promise<CannedReplies> {
    return this.json('GET', 'admin/replies')
  }
  // Read, since a page that a network answers in place of the server is no success
  async adminArchive(id: string): Promise<void> {
    await this.json('POST', `admin/chats/${id}/archive`)
  }
  async adminUnarchive(id: string): Promise<void> {
    await this.json('POST', `admin/chats/${id}/unarchive`)
  }
  /** To whom chats can be assigned */
  async adminStaff(): Promise<Colleague[]> {
    return (await this.json<Colleagues>('GET', 'admin/staff')).staff
  }
  /** @returns who has the chat now. @param assigneeId null: nobody is to have it */
  async adminAssign(id: string, assigneeId: string | null): Promise<Assignee | null> {
    return (await this.json<AssignedChat>('POST', `admin/chats/${id}/assign`, { assignee_id: assigneeId })).assignee
  }
  /** Nothing more of a user is taken in, or it is again. @param userId as the host names them */
  adminBlock(userId: string, blocked: boolean): Promise<BlockedUser> {
    return this.json('POST', `admin/users/${encodeURIComponent(userId)}/${blocked ? 'block' : 'unblock'}`)
  }
  /** People who were here, by the start of their name or address */
  async adminPeople(q: string): Promise<FoundPerson[]> {
    return (await this.json<FoundPeople>('GET', `admin/people?q=${encodeURIComponent(q)}`)).people
  }
  /** The chat of a user, which is created if they have none. @param userId as the host names them */
  adminStartChat(userId: string): Promise<AdminSupportChat> {
    return this.json('POST', `admin/users/${encodeURIComponent(userId)}/chat`)
  }
  adminUnreadCount(): Promise<UnreadCount> {
    return this.json('GET', 'admin/unread_count')
  }
}

/** RFC 8288: `Link: <…?cursor=…>; rel="next"` */
const linked = (response: Response, rel: string): string | null =>
  new RegExp(`<([^>]*)>\\s*;[^,]*\\brel="?${rel}"?`).exec(response.headers.get('Link') ?? '')?.[1] ?? null

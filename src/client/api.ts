// The REST side. All paths hang under one base, the mount point.
import type { ErrorCode } from '../protocol/errors.ts'
import { ERRORS } from '../protocol/errors.ts'
import type {
  AdminSupportChat,
  MessagePage,
  SupportChat,
  SupportChatListItem,
  SupportMessage,
  UnreadCount,
} from '../protocol/types.ts'
import { ApiError } from './api-error.ts'
import type { Credentials } from './credentials.ts'

export interface PageQuery {
  after?: number
  before?: number
  limit?: number
}
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
/** `GET support_chat/unread`: answers without creating a chat */
export interface UnreadSummary {
  unread_count: number
  chat_id: string | null
  newest_unread: SupportMessage | null
}
export interface ApiOptions {
  /** Absolute URL of the mount point */
  base: string
  credentials: Credentials
  fetch?: typeof fetch
}

type Query = Record<string, string | number | boolean | undefined>

export class Api {
  readonly base: string
  readonly #credentials: Credentials
  readonly #fetch: typeof fetch

  constructor({ base, credentials, fetch: custom }: ApiOptions) {
    this.base = base.endsWith('/') ? base : `${base}/`
    this.#credentials = credentials
    this.#fetch = custom ?? ((input, init) => fetch(input, init))
  }

  /** @param page where the person is, shown to staff */
  openChat(page?: string): Promise<SupportChat> {
    return this.json('GET', `support_chat${search({ page })}`)
  }
  unread(): Promise<UnreadSummary> {
    return this.json('GET', 'support_chat/unread')
  }
  messages(query: PageQuery): Promise<MessagePage> {
    return this.json('GET', `support_chat/messages${search({ ...query })}`)
  }
  /** A repeated `client_id` answers with the message that is already stored */
  send(content: string, clientId: string): Promise<SupportMessage> {
    return this.json('POST', 'support_chat/messages', { content, client_id: clientId })
  }
  async markRead(upToSeq: number): Promise<void> {
    await this.request('PATCH', 'support_chat/mark_read', { up_to_seq: upToSeq })
  }

  async adminChats(query: ListQuery = {}): Promise<ChatListPage> {
    const response = await this.request('GET', `admin/chats${search({ ...query })}`)
    return { chats: (await response.json()) as SupportChatListItem[], next: nextCursor(response, this.base) }
  }
  /** Marks the chat viewed */
  adminChat(id: string): Promise<AdminSupportChat> {
    return this.json('GET', `admin/chats/${id}`)
  }
  adminMessages(id: string, query: PageQuery): Promise<MessagePage> {
    return this.json('GET', `admin/chats/${id}/messages${search({ ...query })}`)
  }
  adminSend(id: string, content: string, clientId: string): Promise<SupportMessage> {
    return this.json('POST', `admin/chats/${id}/messages`, { content, client_id: clientId })
  }
  async adminArchive(id: string): Promise<void> {
    await this.request('POST', `admin/chats/${id}/archive`)
  }
  async adminUnarchive(id: string): Promise<void> {
    await this.request('POST', `admin/chats/${id}/unarchive`)
  }
  async adminMarkViewed(id: string, upToSeq?: number): Promise<void> {
    await this.request('POST', `admin/chats/${id}/mark_viewed`, upToSeq === undefined ? {} : { up_to_seq: upToSeq })
  }
  adminUnreadCount(): Promise<UnreadCount> {
    return this.json('GET', 'admin/unread_count')
  }

  async json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await this.request(method, path, body)
    try {
      return (await response.json()) as T
    } catch {
      throw new ApiError('network', 0, 'The answer broke off')
    }
  }

  /** Any path under the base; throws `ApiError` for everything but a 2xx */
  async request(method: string, path: string, body?: unknown): Promise<Response> {
    let token = await this.#credentials.get()
    let response = await this.#once(method, path, body, token)
    if (response.status === 401) {
      token = await this.#credentials.refresh()
      if (token !== null) response = await this.#once(method, path, body, token)
    }
    if (!response.ok) throw await problem(response)
    return response
  }

  async #once(method: string, path: string, body: unknown, token: string | null): Promise<Response> {
    const headers: Record<string, string> = { Accept: 'application/json' }
    if (token !== null) headers['Authorization'] = `Bearer ${token}`
    // With a cookie, a header that no plain form can send proves that our own script speaks.
    if (method !== 'GET') headers['X-Requested-With'] = 'deskbell'
    if (body !== undefined) headers['Content-Type'] = 'application/json'
    try {
      return await this.#fetch(new URL(path, this.base).href, {
        method,
        headers,
        credentials: token === null ? 'include' : 'omit',
        cache: 'no-store',
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(20_000),
      })
    } catch (error) {
      throw new ApiError('network', 0, error instanceof Error ? error.message : 'No connection')
    }
  }
}

function search(query: Query): string {
  const params = new URLSearchParams()
  for (const [key, value] of Object.entries(query))
    if (value !== undefined && value !== '') params.set(key, String(value))
  const text = params.toString()
  return text && `?${text}`
}

async function problem(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null)
  const { code, detail, title } = (typeof body === 'object' && body !== null ? body : {}) as Record<string, unknown>
  const known = typeof code === 'string' && code in ERRORS ? (code as ErrorCode) : 'http'
  const text = typeof detail === 'string' ? detail : typeof title === 'string' ? title : `HTTP ${response.status}`
  const wait = Number(response.headers.get('Retry-After') ?? NaN)
  return new ApiError(known, response.status, text, Number.isFinite(wait) ? wait : undefined)
}

/** RFC 8288: `Link: <…?cursor=…>; rel="next"` */
function nextCursor(response: Response, base: string): string | null {
  const target = /<([^>]*)>\s*;[^,]*\brel="?next"?/.exec(response.headers.get('Link') ?? '')?.[1]
  return target === undefined ? null : new URL(target, base).searchParams.get('cursor')
}

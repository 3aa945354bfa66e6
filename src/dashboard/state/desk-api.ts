// The server's API for staff. It also keeps what it learns from the responses: whether the session is still valid, and whether the
// server can search messages.
import { signal } from '@preact/signals'
import { ApiError } from '../../client/api-error.ts'
import { StaffApi, type ChatListPage, type ListQuery } from '../../client/staff/staff-api.ts'
import type { AdminSupportChat } from '../../protocol/types.ts'

export class DeskApi extends StaffApi {
  /** The session cookie no longer holds. It is HttpOnly, so only an answer of the server can tell */
  readonly signedOut = signal(false)
  /** The server can search messages; it says so with each page of the list */
  readonly canSearchMessages = signal(false)
  /** The chat that was loaded last, with the person's details, which a Conversation does not keep */
  readonly openedChat = signal<AdminSupportChat | null>(null)

  /** @throws ApiError for everything but a 2xx */
  override async request(method: string, path: string, body?: unknown): Promise<Response> {
    try {
      return await super.request(method, path, body)
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) this.signedOut.value = true
      throw error
    }
  }

  override async adminChats(query: ListQuery): Promise<ChatListPage> {
    const page = await super.adminChats(query)
    this.canSearchMessages.value = page.searchable
    return page
  }

  override async adminChat(id: string): Promise<AdminSupportChat> {
    const chat = await super.adminChat(id)
    this.openedChat.value = chat
    return chat
  }
}

// The server's API for staff. It also keeps what it learns from the responses, such as whether the server can search messages.
import { signal } from '@preact/signals'
import { StaffApi, type ChatListPage, type ListQuery } from '../../client/staff/staff-api.ts'
import type { AdminSupportChat } from '../../protocol/types.ts'

export class DeskApi extends StaffApi {
  /** The server can search messages; it says so with each page of the list */
  readonly canSearchMessages = signal(false)
  /** The chat that was loaded last, with the person's details, which a Conversation does not keep */
  readonly openedChat = signal<AdminSupportChat | null>(null)

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

// The lines to the server: REST and one socket, both with the session cookie.
import { signal } from '@preact/signals'
import type { ConnectionStatus } from '../client/connection/cable.ts'
import { Cable } from '../client/connection/cable.ts'
import { createCredentials } from '../client/connection/credentials.ts'
import { StaffApi, type ChatListPage, type ListQuery } from '../client/staff/staff-api.ts'
import type { AdminSupportChat } from '../protocol/types.ts'
import { signedOut } from './session.ts'

/** Where Deskbell is mounted: the page is <mount>dashboard */
const mount = new URL('.', location.href)
const credentials = createCredentials({})

/** The chat that was last loaded, with the person's details, which a Conversation does not keep */
export const shownChat = signal<AdminSupportChat | null>(null)

/** The server can search messages; it says so beside each list */
export const canSearchMessages = signal(false)

class DeskApi extends StaffApi {
  override async adminChats(query: ListQuery): Promise<ChatListPage> {
    const page = await super.adminChats(query)
    canSearchMessages.value = page.searchable
    return page
  }
  override async adminChat(id: string): Promise<AdminSupportChat> {
    const chat = await super.adminChat(id)
    shownChat.value = chat
    return chat
  }
}

export const api: StaffApi = new DeskApi({
  base: mount.href,
  credentials,
  fetch: async (input, init) => {
    const response = await fetch(input, init)
    if (response.status === 401) signedOut.value = true
    return response
  },
})
export const cable = new Cable({ url: new URL('cable', mount).href.replace(/^http/, 'ws'), credentials })

export const connection = signal<ConnectionStatus>(cable.status)
cable.onStatus((status) => {
  connection.value = status
})

// The server's API for staff. It also keeps what it learns from the responses, such as what the server offers besides chats.
import { signal } from '@preact/signals'
import { ApiError } from '../../client/api-error.ts'
import { StaffApi, type ChatListPage, type ListQuery } from '../../client/staff/staff-api.ts'
import type { Listening } from '../../protocol/listening.ts'
import type { AdminSupportChat, SupportUser } from '../../protocol/types.ts'

export class DeskApi extends StaffApi {
  /** The server can search messages; it says so with each page of the list */
  readonly canSearchMessages = signal(false)
  /** The chat that was loaded last, with the person's details, which a Conversation does not keep */
  readonly openedChat = signal<AdminSupportChat | null>(null)

  /** The service that tells of all chats; null while the server has named none */
  readonly listening = signal<Listening | null>(null)
  #asksListening = false

  /** What the server offers besides chats, by the relations of its links (RFC 8288): it names them with each page of the list */
  readonly offers = signal<ReadonlySet<string>>(new Set())

  /** By how much the server's clock is ahead of ours (ms), which the answer's way here makes less; null until it answered */
  clockAhead: number | null = null

  /** Throws also for a page that a network answers in place of the server, such as one to sign in. The server answers with JSON or with nothing */
  override async request(method: string, path: string, body?: unknown): Promise<Response> {
    const response = await super.request(method, path, body)
    if (response.status !== 204 && !/json/.test(response.headers.get('Content-Type') ?? ''))
      throw new ApiError('network', 0, 'The answer is not the server’s')
    this.clockAhead ??= Date.parse(response.headers.get('Date') ?? '') - Date.now() || 0
    const links = response.headers.get('Link') ?? ''
    const named = [...links.matchAll(/;\s*rel="?([\w-]+)/g)].map(([, rel = '']) => rel)
    const offers = this.offers.peek()
    if (named.some((rel) => !offers.has(rel))) this.offers.value = new Set([...offers, ...named])
    return response
  }

  /** Somebody's details changed. Only those of the opened chat are kept */
  describe(chatId: string, user: SupportUser): void {
    const chat = this.openedChat.peek()
    if (chat?.id === chatId) this.openedChat.value = { ...chat, user_email: user.email, user }
  }

  async unblockMail(id: string): Promise<void> {
    await this.request('POST', `admin/chats/${id}/unblock_mail`)
    const chat = this.openedChat.peek()
    if (chat?.id === id) this.openedChat.value = { ...chat, mail_block: null }
  }

  async resubscribe(id: string): Promise<void> {
    await this.request('POST', `admin/chats/${id}/resubscribe`)
    const chat = this.openedChat.peek()
    if (chat?.id === id) this.openedChat.value = { ...chat, unsubscribed_at: null }
  }

  override async adminChats(query: ListQuery): Promise<ChatListPage> {
    const page = await super.adminChats(query)
    this.canSearchMessages.value = page.searchable
    if (page.served) void this.#learnListening()
    return page
  }

  async #learnListening(): Promise<void> {
    if (this.#asksListening) return
    this.#asksListening = true
    try {
      this.listening.value = await this.adminRealtime()
    } catch {
      // The next page of the list asks again.
      this.#asksListening = false
    }
  }

  override async adminChat(id: string): Promise<AdminSupportChat> {
    const chat = await super.adminChat(id)
    this.openedChat.value = chat
    return chat
  }
}

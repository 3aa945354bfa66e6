// What somebody's page says to `deskbell/client`; it is compiled, not run.
import {
  ApiError,
  connect,
  Conversation,
  createStaffDesk,
  createUserChat,
  type ConnectionStatus,
  type ConversationOptions,
  type ConversationState,
  type DeskbellClient,
  type SupportMessage,
} from 'deskbell/client'

const client: DeskbellClient = connect({
  server: 'https://chat.example.com/',
  getToken: async () => (await fetch('/token')).text(),
})
const options: ConversationOptions = {
  ...client,
  role: 'user',
  onReply: ({ content, sender_name }: SupportMessage) => console.log(sender_name ?? 'Support', content.toUpperCase()),
}
export const conversation = new Conversation(options)

export function describe({ messages, connection }: ConversationState): string {
  const status: ConnectionStatus = connection
  return `${status}: ${messages.map(({ seq, content }) => `${seq} ${content}`).join()}`
}

const support = createUserChat({ server: '/support' })
export const stop = support.subscribe(() => console.log(support.state.chat?.messages.length, support.state.status))

const desk = createStaffDesk({ server: '/support', getToken: async () => null })
export const unread = (): string[] => desk.state.chats.filter((chat) => chat.unread).map((chat) => chat.user_email)
export const typing = (id: string): string | null => desk.chat(id).state.typing?.name ?? null

export const isOver = (error: unknown): boolean => error instanceof ApiError && error.code === 'token_revoked'

// How the driver reaches a server, and as whom.
import type { Measured } from './usage.ts'
import { connectActioncable } from './dialects/actioncable.ts'
import { connectCentrifugo } from './dialects/centrifugo.ts'
import type { ChatClient, Connect, Dialect, Listener } from './dialects/dialect.ts'
import { connectSocketio } from './dialects/socketio.ts'
import { loadChatId } from './rest.ts'

export interface ServerUnderTest extends Measured {
  dialect: Dialect
  /** Of its sockets; `{token}` stands for a participant's token */
  socketUrl: string
  /** Where `GET /support_chat` answers with a user's chat; null: no such request is made */
  restUrl: string | null
  /** Of users; the nth has the nth of `chatIds`, where those are known beforehand */
  userTokens: string[]
  staffTokens: string[]
  /** Null: learnt from `restUrl` */
  chatIds: string[] | null
}

const CONNECT: Record<Dialect, Connect> = {
  actioncable: connectActioncable,
  socketio: connectSocketio,
  centrifugo: connectCentrifugo,
}

export interface ConnectedUser {
  chatId: string
  client: ChatClient
}

/** The whole opening, as a page does it: the chat over REST, where there is such a route, then the socket and its subscription */
export async function connectUser(server: ServerUnderTest, index: number, listener: Listener): Promise<ConnectedUser> {
  const token = server.userTokens[index] ?? ''
  const loaded = server.restUrl === null ? undefined : await loadChatId(server.restUrl, token)
  const chatId = server.chatIds?.[index] ?? loaded
  if (chatId === undefined) throw new Error(`Nothing says which chat user ${index} has`)
  const who = { token, isStaff: false, chats: [chatId] }
  return { chatId, client: await CONNECT[server.dialect](socketUrl(server, token), who, listener) }
}

export function connectStaff(
  server: ServerUnderTest,
  index: number,
  chats: string[],
  listener: Listener,
): Promise<ChatClient> {
  const token = server.staffTokens[index] ?? ''
  return CONNECT[server.dialect](socketUrl(server, token), { token, isStaff: true, chats }, listener)
}

const socketUrl = (server: ServerUnderTest, token: string): string => server.socketUrl.replace('{token}', token)

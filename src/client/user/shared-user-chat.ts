// One chat for all views of a page that name the same server, however many there are.
import { DEFAULT_SERVER } from '../mount-point.ts'
import { createUserChat, type UserChat } from './user-chat.ts'
import { INITIAL, type UserChatState } from './user-chat-state.ts'

/** In a browser alone: a server renders for many people, and must keep nothing of theirs */
const chats = new Map<string, UserChat>()

const keyOf = (server = DEFAULT_SERVER): string => server.replace(/\/*$/, '/')

export function sharedUserChat(server?: string): UserChat {
  const key = keyOf(server)
  let chat = chats.get(key)
  if (!chat) chats.set(key, (chat = createUserChat({ server: key })))
  return chat
}

/** The state of that chat, which rendering may ask for: it makes nothing */
export const sharedState = (server?: string): UserChatState => chats.get(keyOf(server))?.state ?? INITIAL

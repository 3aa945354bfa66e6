// What views can do with a chat. They are made while rendering, also on a server, so the chat is asked for when one is called.
import type { UserChat } from './user-chat.ts'

export type UserChatActions = Pick<
  UserChat,
  'sendMessage' | 'markAsRead' | 'retry' | 'discard' | 'setTyping' | 'loadOlder' | 'reload' | 'reset'
>

export const userChatActions = (chat: () => UserChat): UserChatActions => ({
  sendMessage: (content) => chat().sendMessage(content),
  markAsRead: () => chat().markAsRead(),
  retry: (clientId) => chat().retry(clientId),
  discard: (clientId) => chat().discard(clientId),
  setTyping: (typing) => chat().setTyping(typing),
  loadOlder: () => chat().loadOlder(),
  reload: () => chat().reload(),
  reset: () => chat().reset(),
})

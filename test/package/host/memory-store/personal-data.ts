import { CHAT_HEADER, type PersonalDataStore } from 'deskbell/core'
import { deliveryFacet } from './deliveries.ts'
import type { Chat, Notification, Tables } from './tables.ts'

export function personalDataFacet(tables: Tables): PersonalDataStore {
  const deliveries = deliveryFacet(tables)
  const mailsOf = (chat: Chat | undefined): Notification[] =>
    tables.notifications.filter(({ kind, chat_id }) => kind === 'reply' && chat_id === chat?.id)

  return {
    async personalData(userId) {
      const user = tables.open.people.get(userId)
      if (!user) return undefined
      const chat = tables.chatOf.get(userId)
      const unsubscribed_at = tables.unsubscribed.get(userId) ?? null
      return {
        user: { ...user, unsubscribed_at },
        chat: chat ? chatData(chat) : null,
        mail_block: await deliveries.mailBlock(user.email),
        mails: mailsOf(chat)
          .filter(({ state }) => state === 'sending' || state === 'sent' || state === 'uncertain')
          .map(({ state, updated_at, address, after_seq, up_to_seq, delivery }) => ({
            state: state === 'sent' ? 'sent' : 'uncertain',
            at: updated_at,
            address: address ?? '',
            after_seq,
            up_to_seq,
            delivery,
          })),
      }
    },

    async erasePerson(userId) {
      const user = tables.open.people.get(userId)
      if (!user) return undefined
      const chat = tables.chatOf.get(userId)
      const addresses = new Set([user.email, ...mailsOf(chat).map(({ address }) => address)])
      for (const address of addresses) tables.blocks.delete(address ?? '')
      keep(tables.mails, ({ to, headers }) => !addresses.has(to.address) && headers[CHAT_HEADER] !== chat?.id)
      keep(tables.notifications, ({ chat_id }) => chat_id !== chat?.id)
      keep(tables.webhooks, ({ chat_id }) => chat_id !== chat?.id)
      for (const { message } of chat?.messages ?? []) tables.messageIds.delete(message.id)
      if (chat) tables.chats.delete(chat.id)
      for (const table of [tables.chatOf, tables.unsubscribed, tables.people]) table.delete(userId)
      return { chat_id: chat?.id ?? null, messages: chat?.messages.length ?? 0 }
    },
  }
}

const chatData = ({
  id,
  created_at,
  last_seq,
  user_read_seq,
  user_read_at,
  admin_viewed_seq,
  admin_viewed_at,
}: Chat) => ({
  id,
  created_at,
  message_count: last_seq,
  user_read_seq,
  user_read_at,
  admin_viewed_seq,
  admin_viewed_at,
})

/** Leaves out the others, in the same array */
function keep<Row>(rows: Row[], isKept: (row: Row) => boolean): void {
  rows.splice(0, rows.length, ...rows.filter(isKept))
}

import { CHAT_HEADER, type PersonalDataStore, type RetentionStore } from 'deskbell/core'
import { forgetContent } from './attachments.ts'
import { deliveryFacet } from './deliveries.ts'
import type { Chat, Notification, Tables } from './tables.ts'

export function personalDataFacet(tables: Tables): PersonalDataStore & RetentionStore {
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

    async oldArchive({ before, after, limit }) {
      const keyOf = ({ last_message_at, id }: Chat): string => `${last_message_at} ${id}`
      const seen = [...tables.open.chats.values()]
        .filter((chat) => chat.archived_at !== null && (chat.last_message_at ?? before) < before)
        .filter((chat) => !after || keyOf(chat) > `${after.key} ${after.id}`)
        .toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
        .slice(0, limit)
      const last = seen.length === limit ? seen.at(-1) : undefined
      return {
        chats: seen.filter((chat) => isOld(chat, before)).map(({ id, user_id }) => ({ id, user_id })),
        last: last ? { key: last.last_message_at ?? '', id: last.id } : null,
      }
    },

    async erasePerson(userId, only) {
      const user = tables.open.people.get(userId)
      if (!user) return undefined
      const chat = tables.chatOf.get(userId)
      if (only && 'untouched' in only && chat && chat.last_seq + chat.activities.length > 0) return undefined
      if (only && 'archivedBefore' in only && !isOld(chat, only.archivedBefore)) return undefined
      const addresses = new Set([user.email, ...mailsOf(chat).map(({ address }) => address)])
      // An address that a visitor typed may be somebody else's
      const isVisitor = userId.startsWith('visitor:')
      if (!isVisitor) tables.blocks.delete(user.email)
      else
        for (const address of addresses)
          if (tables.typed.get(address ?? '')?.unsubscribed_at === undefined) tables.typed.delete(address ?? '')
      keep(tables.mails, ({ to, headers }) => {
        return (isVisitor || !addresses.has(to.address)) && headers[CHAT_HEADER] !== chat?.id
      })
      keep(tables.notifications, ({ chat_id }) => chat_id !== chat?.id)
      keep(tables.webhooks, ({ chat_id }) => chat_id !== chat?.id)
      for (const { message } of chat?.messages ?? []) tables.messageIds.delete(message.id)
      for (const file of tables.attachments.values()) if (chat && file.chat_id === chat.id) forgetContent(file)
      if (chat) tables.answers.delete(chat.id)
      if (chat) tables.chats.delete(chat.id)
      for (const table of [tables.chatOf, tables.unsubscribed, tables.people]) table.delete(userId)
      return { chat_id: chat?.id ?? null, messages: chat?.messages.length ?? 0 }
    },
  }
}

const isOld = (chat: Chat | undefined, before: string): boolean =>
  typeof chat?.archived_at === 'string' && chat.archived_at < before

const chatData = ({
  id,
  created_at,
  last_seq,
  user_read_seq,
  user_read_at,
  admin_viewed_seq,
  admin_viewed_at,
  rating,
  blocked_at,
}: Chat) => ({
  id,
  created_at,
  message_count: last_seq,
  user_read_seq,
  user_read_at,
  admin_viewed_seq,
  admin_viewed_at,
  rating,
  blocked_at,
})

/** Leaves out the others, in the same array */
function keep<Row>(rows: Row[], isKept: (row: Row) => boolean): void {
  rows.splice(0, rows.length, ...rows.filter(isKept))
}

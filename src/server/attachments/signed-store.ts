import type { SupportMessage } from '../../protocol/types.ts'
import type { AppendOutcome } from '../ports/store/messages.ts'
import type { Store } from '../ports/store/store.ts'
import type { AttachmentLinks } from './links.ts'

const hasFiles = (outcome: AppendOutcome): boolean => 'message' in outcome && outcome.message.attachments.length > 0

/** Wraps a store so that the files of messages have URLs, which a database does not know. Mails have none, so `claimNotifications` is left as it is */
export function signedStore(store: Store, links: AttachmentLinks): Store {
  const signed = (message: SupportMessage, chatId: string) => links.signedMessage(message, chatId)
  const { searchMessages } = store

  const signing: Partial<Store> = {
    async appendMessages(batch, outbox, openTime) {
      const outcomes = await store.appendMessages(batch, outbox, openTime)
      // Most messages have no files, and this is on the way of each
      if (!outcomes.some(hasFiles)) return outcomes
      return Promise.all(
        outcomes.map(async (outcome, i) =>
          'message' in outcome
            ? { ...outcome, message: await signed(outcome.message, batch[i]?.chat_id ?? '') }
            : outcome,
        ),
      )
    },
    async messages(chatId, range) {
      const { messages, has_more } = await store.messages(chatId, range)
      return { messages: await Promise.all(messages.map((message) => signed(message, chatId))), has_more }
    },
    async newestUnread(chatId) {
      const message = await store.newestUnread(chatId)
      return message && signed(message, chatId)
    },
    async claimWebhooks(query) {
      const due = await store.claimWebhooks(query)
      return Promise.all(
        due.map(async ({ message, ...webhook }) => ({
          ...webhook,
          message: message && (await signed(message, webhook.chat.id)),
        })),
      )
    },
    ...(searchMessages && {
      async searchMessages(query) {
        const { found, ...page } = await searchMessages(query)
        const withUrls = found.map(async (one) => ({ ...one, message: await signed(one.message, one.chat_id) }))
        return { ...page, found: await Promise.all(withUrls) }
      },
    }),
  }

  return new Proxy(store, {
    get: (target, name) => Reflect.get(signing, name) ?? (Reflect.get(target, name) as unknown),
  })
}

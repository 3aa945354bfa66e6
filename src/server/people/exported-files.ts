import type { StoredAttachment } from '../ports/store/attachments.ts'
import type { Store } from '../ports/store/store.ts'

/** Messages read at a time */
const PAGE = 200

/** The files of a user's chat, whoever sent them, in the order of the messages. @returns none, also where there is no such user */
export async function* exportedFiles(
  store: Pick<Store, 'personalData' | 'messages'>,
  userId: string,
): AsyncGenerator<StoredAttachment, void> {
  const chatId = (await store.personalData(userId))?.chat?.id
  for (let after: number | undefined = 0; chatId !== undefined && after !== undefined;) {
    const page = await store.messages(chatId, { after, limit: PAGE })
    for (const { attachments } of page.messages) yield* attachments
    after = page.has_more ? page.messages.at(-1)?.seq : undefined
  }
}

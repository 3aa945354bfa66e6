import type { MessageStore } from '../ports/store/messages.ts'
import type { PersonalDataStore } from '../ports/store/personal-data.ts'

/** Messages read at a time: a long chat is never in memory as a whole */
const PAGE = 200

/**
 * All that is stored about a user, as the parts of one JSON document:
 * `{ "exported_at", "user", "chat", "mail_block", "mails", "messages": [SupportMessage, …] }`. All but the last are as in `PersonalData`.
 * @param at ISO 8601
 * @returns undefined: no such user
 */
export async function exportPerson(
  store: Pick<PersonalDataStore & MessageStore, 'personalData' | 'messages'>,
  userId: string,
  at: string,
): Promise<AsyncGenerator<string, void> | undefined> {
  const data = await store.personalData(userId)
  if (!data) return undefined
  const head = JSON.stringify({ exported_at: at, ...data }, null, 2)
  return document(head.slice(0, -2), data.chat?.id, store)
}

async function* document(
  head: string,
  chatId: string | undefined,
  store: Pick<MessageStore, 'messages'>,
): AsyncGenerator<string, void> {
  yield `${head},\n  "messages": [`
  let separator = '\n    '
  for (let after: number | undefined = 0; chatId !== undefined && after !== undefined;) {
    const page = await store.messages(chatId, { after, limit: PAGE })
    const lines = page.messages.map((message) => JSON.stringify(message))
    if (lines.length > 0) yield separator + lines.join(',\n    ')
    separator = ',\n    '
    after = page.has_more ? page.messages.at(-1)?.seq : undefined
  }
  yield '\n  ]\n}\n'
}

import { afterEach, beforeEach } from 'vitest'
import type { AppendOutcome, NewMessage } from '../../server/ports/store/messages.ts'
import type { Store } from '../../server/ports/store/store.ts'
import type { SupportMessage } from '../../protocol/types.ts'

const T0 = Date.parse('2026-03-02T09:00:00.000Z')
/** Seconds after T0 */
export const at = (seconds: number): string => new Date(T0 + seconds * 1000).toISOString()
export const uuid = (n: number): string => `01950000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`
/** Milliseconds from a reply to its e-mail */
export const DELAY = 300_000
export const DELAY_S = DELAY / 1000

/** A store on an empty database for each test, and short ways to fill it */
export interface Kit {
  readonly store: Store
  /** A person with a chat */
  chat: (user: string, email?: string) => Promise<string>
  message: (chatId: string, more?: Partial<NewMessage>) => NewMessage
  /** A message of staff, `seconds` after T0 */
  reply: (chatId: string, seconds: number, more?: Partial<NewMessage>) => NewMessage
  append: (...batch: NewMessage[]) => Promise<AppendOutcome[]>
  all: (chatId: string) => Promise<SupportMessage[]>
}

export function conformanceKit(open: () => Promise<Store>): Kit {
  let store: Store
  let ids = 1000

  beforeEach(async () => {
    store = await open()
  })
  afterEach(() => store.close())

  const kit: Kit = {
    get store() {
      return store
    },
    async chat(user, email = `${user}@example.com`) {
      await store.savePeople([{ id: user, email, name: null }], at(0))
      return (await store.openChat(user, uuid(ids++), at(0))).id
    },
    message: (chat_id, more = {}) => ({
      id: uuid(ids++),
      chat_id,
      content: 'hello',
      sender_type: 'user',
      sender_id: 'u',
      sender_name: null,
      client_id: null,
      created_at: at(1),
      notify_at: null,
      ...more,
    }),
    reply: (chat_id, seconds, more = {}) =>
      kit.message(chat_id, {
        sender_type: 'admin',
        sender_id: 'sam',
        created_at: at(seconds),
        notify_at: at(seconds + DELAY_S),
        ...more,
      }),
    append: async (...batch) => store.appendMessages(batch),
    all: async (id) => (await store.messages(id, { after: 0, limit: 1000 })).messages,
  }
  return kit
}

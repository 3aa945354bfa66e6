import type { NewMessage } from '../../server/ports/store/messages.ts'
import type { Store } from '../../server/ports/store/store.ts'

export interface Counted {
  store: Store
  /** Round trips to the database so far */
  count: () => number
}

/** A server that can be stopped */
export interface MortalServer {
  url: string
  halt(signal?: NodeJS.Signals): Promise<void>
  start(): Promise<void>
  remove(): Promise<void>
}

/** Each test has tables of its own in the suite's database, by their prefix */
export interface DatabaseKit {
  /** A node: a store with a pool of its own */
  open(prefix: string): Promise<Store>
  /** A store over a host's pool, with its round trips counted */
  openCounted(prefix: string): Promise<Counted>
  plan(prefix: string): Promise<string[]>
  run(sql: string): Promise<void>
  /** Locks a chat's row in another transaction until the returned function is called */
  holdChat(prefix: string, chatId: string): Promise<() => Promise<void>>
}

/** What the tests of an unavailable database need */
export interface AwayKit extends Pick<DatabaseKit, 'open' | 'holdChat'> {
  openUrl(url: string): Promise<Store>
  startServer(): Promise<MortalServer>
}

let prefixes = 0
export const newPrefix = (): string => `t${prefixes++}_`

let ids = 0
export const newId = (): string => `01950abc-0000-7000-9000-${(ids++).toString(16).padStart(12, '0')}`

/** Seconds after a time long ago */
export const at = (seconds: number): string =>
  new Date(Date.parse('2026-03-02T09:00:00.000Z') + seconds * 1000).toISOString()

export async function newChat(store: Store, user: string): Promise<string> {
  await store.savePeople([{ id: user, email: `${user}@example.com`, name: null }], at(0))
  return (await store.openChat(user, newId(), at(0))).id
}

export const message = (chat_id: string, more: Partial<NewMessage> = {}): NewMessage => ({
  id: newId(),
  chat_id,
  content: 'hello',
  sender_type: 'user',
  sender_id: 'u',
  sender_name: null,
  client_id: null,
  created_at: at(1),
  notify_at: null,
  ...more,
})

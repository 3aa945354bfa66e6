import type { Database } from './database.ts'
import { ERASED_AT_ONCE } from '../rules/erasure.ts'

/** Entries of the index that a step looks at: they are in the order in which messages came, of all chats */
const WINDOW = 20_000

/** A trigger maintains the index. It is there once a process was opened with search, whatever this one was opened with */
export const hasSearchIndex = (db: Database): boolean =>
  db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'trigger' AND name = 'support_messages_search'").get() !==
  undefined

/**
 * Takes the messages of a chat out of the index, in steps.
 * @returns does a step, in a transaction, before the messages themselves are deleted; true when it has come to the newest message
 */
export function unindexing(db: Database, chatId: string): () => boolean {
  if (!hasSearchIndex(db)) return () => true
  const newest = db.prepare<{ n: number | null }>('SELECT max(n) AS n FROM support_messages_order')
  const entries = db.prepare<{ n: number; content: string }>(`SELECT o.n, m.content FROM support_messages_order o
    CROSS JOIN support_messages m ON m.chat_id = o.chat_id AND m.seq = o.seq
    WHERE o.n > ?1 AND o.n <= ?2 AND o.chat_id = ?3 ORDER BY o.n LIMIT ?4`)
  // The index does not repeat the texts, so it must be told what it had
  const dropWords = db.prepare(
    "INSERT INTO support_messages_words (support_messages_words, rowid, content) VALUES ('delete', ?, ?)",
  )
  const dropEntry = db.prepare('DELETE FROM support_messages_order WHERE n = ?')
  const end = (): number => newest.get()?.n ?? 0
  let at = 0
  return () => {
    const found = entries.all(at, at + WINDOW, chatId, ERASED_AT_ONCE)
    for (const { n, content } of found) {
      dropWords.run(n, content)
      dropEntry.run(n)
    }
    at = found.length < ERASED_AT_ONCE ? at + WINDOW : (found.at(-1)?.n ?? at)
    // Not beyond it: the numbers of entries that were dropped at the end are given out again
    const last = end()
    if (at < last) return false
    at = last
    return true
  }
}

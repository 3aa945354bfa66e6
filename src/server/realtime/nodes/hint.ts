// What the nodes of one installation send each other over a bus: which chats changed, who is typing, who is present.
// Stored data is always read from the database; a hint only says that there is something to read.
import { encode, encodeHints, type Json } from '../../../protocol/encode.ts'
import type { ChatChannelMessage, Looking } from '../../../protocol/events.ts'
import { MAX_HINT } from '../../ports/bus.ts'
import type { NodePresence } from '../streams/chat-presence.ts'

export type Hint =
  /** Messages `from` to `to` (seqs) were committed */
  | { type: 'messages'; chat: string; from: number; to: number }
  /**
   * A read mark changed, or the chat was archived or unarchived.
   * @property person what the host says about its user changed
   * @property activity there is new activity, and nothing else; older versions look for the rest in vain
   */
  | { type: 'state'; chat: string; person?: true; activity?: true }
  | { type: 'typing'; chat: string; event: Extract<ChatChannelMessage, { type: 'typing' }> }
  /**
   * Somebody of staff has the desk open. Older versions have no chat for it, and pass over it.
   * @property id who; undefined: an older version says it
   * @property left they closed it
   */
  | { type: 'staff'; id?: string; left?: true }
  /**
   * Somebody of staff looks at the chat `of`, which older versions pass over, having no chat for it.
   * @property ask whether the other nodes should send who looks at it there
   * @property gone they do not look any more
   */
  | { type: 'look'; of: string; who: Looking; ask?: true; gone?: true }
  /** @property ask whether the other nodes should send who is in the chat there */
  | ({ type: 'presence'; chat: string; ask: boolean } & NodePresence)

const utf8 = new TextEncoder()

/** Packs hints into as few messages as the bus takes. @param node the sender's name */
export function* packHints(node: string, hints: Iterable<Hint>): Generator<string> {
  const room = MAX_HINT - encodeHints(node, []).length
  let batch: Json<Hint>[] = []
  let size = 0
  for (const hint of hints) {
    const json = encode(hint)
    // Includes the comma after it
    const bytes = utf8.encode(json).length + 1
    // Too long for the bus, such as typing under a name of thousands of characters. Losing it does no harm
    if (bytes > room) continue
    if (size + bytes > room) {
      yield encodeHints(node, batch)
      batch = []
      size = 0
    }
    batch.push(json)
    size += bytes
  }
  if (batch.length > 0) yield encodeHints(node, batch)
}

/** @throws SyntaxError for text that is not JSON, which no node sends */
export const unpackHints = (text: string): { node: string; hints: Hint[] } =>
  JSON.parse(text) as { node: string; hints: Hint[] }

// What the nodes of one installation tell each other over a bus: which chats have something new, who types, who is here.
// What the database knows is read there; a hint is only a reason to look.
import { encode, encodeHints, type Json } from '../../../protocol/encode.ts'
import type { ChatChannelMessage } from '../../../protocol/events.ts'
import { MAX_HINT } from '../../ports/bus.ts'
import type { NodePresence } from '../streams/chat-presence.ts'

export type Hint =
  /** Messages were committed, from this seq to that one */
  | { type: 'messages'; chat: string; from: number; to: number }
  /** A read mark or the archive changed */
  | { type: 'state'; chat: string }
  | { type: 'typing'; chat: string; event: Extract<ChatChannelMessage, { type: 'typing' }> }
  /** @property ask whether those who are in it too should say so */
  | ({ type: 'presence'; chat: string; ask: boolean } & NodePresence)

const utf8 = new TextEncoder()

/** Packs hints into as few messages as the bus takes. @param node the sender's name */
export function* packHints(node: string, hints: Iterable<Hint>): Generator<string> {
  const room = MAX_HINT - encodeHints(node, []).length
  let batch: Json<Hint>[] = []
  let size = 0
  for (const hint of hints) {
    const json = encode(hint)
    // With the comma after it
    const bytes = utf8.encode(json).length + 1
    // The bus does not take it at all: a name of thousands of characters, which nobody misses
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

/** @throws SyntaxError for what no node sent */
export const unpackHints = (text: string): { node: string; hints: Hint[] } =>
  JSON.parse(text) as { node: string; hints: Hint[] }

import { DeskbellError } from '../../protocol/errors.ts'
import { base64url } from '../bytes.ts'
import { isCleanText } from '../http/input.ts'
import type { ListCursor } from '../ports/store/chats.ts'

/** A position in a list. In a search, `by` says in which of its parts; without it, in all chats that are found by their address */
export interface Position extends ListCursor {
  by?: 'name' | 'address' | undefined
}

/** Encodes a position in the list as an opaque string: base64url of `[key, id]`, and of the part in a search */
export const encodeCursor = ({ key, id, by }: Position): string =>
  base64url(new TextEncoder().encode(JSON.stringify(by ? [key, id, by] : [key, id])))

/** @throws DeskbellError `invalid_request` for anything that `encodeCursor` did not make */
export function decodeCursor(word: string): Position {
  try {
    const binary = atob(word.replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(binary, (c) => c.charCodeAt(0))
    const parts: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (Array.isArray(parts) && (parts.length === 2 || parts.length === 3)) {
      const [key, id, by] = parts as unknown[]
      const isPart = by === undefined || by === 'name' || by === 'address'
      if (isPart && typeof key === 'string' && typeof id === 'string' && isCleanText(key + id)) return { key, id, by }
    }
  } catch {
    // Falls through: this server did not make it
  }
  throw new DeskbellError('invalid_request', 'cursor: not made by this server')
}

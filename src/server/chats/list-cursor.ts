import { DeskbellError } from '../../protocol/errors.ts'
import { base64url } from '../bytes.ts'
import { isCleanText } from '../http/input.ts'
import type { ListCursor } from '../ports/store/chats.ts'

/** Encodes a position in the list as an opaque string: base64url of `[key, id]` */
export const encodeCursor = ({ key, id }: ListCursor): string =>
  base64url(new TextEncoder().encode(JSON.stringify([key, id])))

/** @throws DeskbellError `invalid_request` for anything that `encodeCursor` did not make */
export function decodeCursor(word: string): ListCursor {
  try {
    const binary = atob(word.replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(binary, (c) => c.charCodeAt(0))
    const parts: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
    if (Array.isArray(parts) && parts.length === 2) {
      const [key, id] = parts as unknown[]
      if (typeof key === 'string' && typeof id === 'string' && isCleanText(key + id)) return { key, id }
    }
  } catch {
    // Falls through: this server did not make it
  }
  throw new DeskbellError('invalid_request', 'cursor: not made by this server')
}

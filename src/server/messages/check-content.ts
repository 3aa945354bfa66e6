import { DeskbellError } from '../../protocol/errors.ts'
import { MAX_CONTENT } from '../../protocol/limits.ts'
import { isEmpty } from '../../protocol/message.ts'
import { isCleanText } from '../http/input.ts'

/**
 * What people write, in a message or a note.
 * @throws DeskbellError `blank`, `too_long`, `invalid_request`
 */
export function checkContent(content: string): void {
  if (isEmpty({ content })) throw new DeskbellError('blank')
  if (content.length > MAX_CONTENT) throw new DeskbellError('too_long')
  if (!isCleanText(content)) throw new DeskbellError('invalid_request', 'content: must be valid Unicode without NUL')
}

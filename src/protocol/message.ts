import type { SupportMessage } from './types.ts'

/**
 * Nothing of the message can be seen, so it is not sent: its text has only white space, control characters, zero-width and other
 * ignorable characters, or empty braille cells.
 */
export const isEmpty = ({ content }: Pick<SupportMessage, 'content'>): boolean =>
  /^[\s\p{Cc}\u2800\p{DI}]*$/u.test(content)

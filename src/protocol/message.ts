import type { SupportMessage } from './types.ts'

/**
 * Whether the message has nothing visible: only white space, control characters, zero-width and other ignorable characters, or
 * empty braille cells. Such a message is not sent.
 */
export const isEmpty = ({ content }: Pick<SupportMessage, 'content'>): boolean =>
  /^[\s\p{Cc}\u2800\p{DI}]*$/u.test(content)

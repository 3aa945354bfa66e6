/**
 * A name as one line that cannot disturb the text around it: control characters and line separators become spaces, and the characters
 * that turn the direction of text around are left out.
 */
export const oneLine = (text: string): string =>
  text
    .replace(/\p{Bidi_C}/gu, '')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()

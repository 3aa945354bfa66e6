/**
 * Strictly ascending within a chat, also when the clock goes back: a client that polls by `since` would miss the second of two
 * messages with the same time.
 */
export const later = (time: string, last: string | null): string =>
  last === null || time > last ? time : new Date(Date.parse(last) + 1).toISOString()

// A message's position is its id, which begins with its time (UUIDv7).

/** Before, and after, every message */
export const START = '00000000-0000-0000-0000-000000000000'
export const END = 'ffffffff-ffff-ffff-ffff-ffffffffffff'

/** Milliseconds since 1970 */
export const timeOf = (id: string): number => parseInt(id.replace('-', '').slice(0, 12), 16)

/** The first id that begins with these digits, at most eight */
export const firstOf = (digits: string): string => digits + START.slice(digits.length)

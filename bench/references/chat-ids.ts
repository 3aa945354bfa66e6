// Ids that the driver and the servers that it is to measure agree on without asking: the nth user has the nth chat.

const FIRST_STAFF = 1_000_001

/** @param n from 1 */
export const chatIdOf = (n: number): string => `00000000-0000-4000-8000-${n.toString(16).padStart(12, '0')}`

/** Tokens of the references; whoever bears one is believed */
export const userTokenOf = (n: number): string => `user-${n}`
export const staffTokenOf = (n: number): string => `admin-${FIRST_STAFF - 1 + n}`
export const staffIdOf = (n: number): number => FIRST_STAFF - 1 + n
export const userEmailOf = (n: number): string => `user${n}@example.com`
/** The inverse of chatIdOf */
export const numberOfChat = (chatId: string): number => parseInt(chatId.slice(-12), 16)

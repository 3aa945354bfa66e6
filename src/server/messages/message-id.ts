import { v7 as uuidv7 } from 'uuid'

/** Random bytes in an id, and for how many ids they are fetched at once: to fetch them takes longer than all the rest of an id */
const RANDOM = 16
const AT_ONCE = 256

const pool = new Uint8Array(RANDOM * AT_ONCE)
let used = pool.length

/** UUIDv7 */
export function newMessageId(): string {
  if (used === pool.length) {
    crypto.getRandomValues(pool)
    used = 0
  }
  return uuidv7({ random: pool.subarray(used, (used += RANDOM)) })
}

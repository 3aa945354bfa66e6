// Passwords are stored as Argon2id hashes (RFC 9106). They are computed on threads beside the event loop, a few at a time.
import { randomBytes } from 'node:crypto'
import { DeskbellError } from '../../protocol/errors.ts'
import { lazy } from './lazy.ts'

/** OWASP's recommendation: 19 MiB, two passes, one lane. `algorithm` 2 is Argon2id */
const OPTIONS = { algorithm: 2, memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
/** Characters (NIST SP 800-63B asks for 8 at least) */
export const MIN_PASSWORD = 12
export const MAX_PASSWORD = 200

export const isGoodPassword = (password: string): boolean =>
  password.length >= MIN_PASSWORD && password.length <= MAX_PASSWORD

/** So many at once: Node has four of these threads, and files and names need them too */
const AT_ONCE = 2
const MAX_WAITING = 40

const waiting: (() => void)[] = []
let running = 0

/** @throws DeskbellError `unavailable` when too many wait already */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) {
    if (waiting.length >= MAX_WAITING) throw new DeskbellError('unavailable', undefined, 2)
    // Whoever is done hands its place on
    await new Promise<void>((resolve) => waiting.push(resolve))
  } else running++
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running--
  }
}

/** The same text may be composed of different characters (RFC 8265) */
const canonical = (password: string): string => password.normalize('NFC')

export const hashPassword = (password: string): Promise<string> =>
  inTurn(async () => (await import('@node-rs/argon2')).hash(canonical(password), OPTIONS))

const decoy = lazy(() => hashPassword(randomBytes(32).toString('hex')))

/**
 * @param stored null: there is no password. It takes as long as with one, so that the time tells nobody who has an account
 */
export async function isPassword(stored: string | null, password: string): Promise<boolean> {
  // For everybody, or the first address without an account would take longer. It may be refused a turn, and is made later then
  const other = decoy()
  other.catch(() => undefined)
  const hash = stored ?? (await other)
  const matches = await inTurn(async () => (await import('@node-rs/argon2')).verify(hash, canonical(password)))
  return matches && stored !== null
}

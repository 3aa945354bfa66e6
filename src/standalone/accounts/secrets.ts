// What an account keeps secret, and how it is stored: tokens as digests, so that who reads the database cannot use them; the secret of
// a second factor encrypted, because it has to be read again.
import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync, randomBytes, randomInt } from 'node:crypto'

/** 256 bits, for links and cookies */
export const newToken = (): string => randomBytes(32).toString('base64url')

/** Of a token of 256 bits, which nobody can guess: a plain hash is enough */
export const digest = (token: string): string => createHash('sha256').update(token).digest('base64url')

/** Without the letters and digits that are taken for each other */
const CODE_ALPHABET = 'abcdefghjkmnpqrstuvwxyz23456789'
const CODES = 10
/** Characters: 49 bits, which the limit on attempts protects */
const CODE_LENGTH = 10

const IV = 12
const TAG = 16

const keysOf = (secrets: readonly string[], use: string): Buffer[] =>
  secrets.map((secret) => Buffer.from(hkdfSync('sha256', secret, '', `deskbell ${use}`, 32)))

export class Secrets {
  readonly #seals: Buffer[]
  readonly #codes: Buffer[]
  readonly #browsers: Buffer[]

  /**
   * @param secrets of the installation: the first is used for what is new, and the others still read what is old. Where all of them
   *   change, second factors have to be set up again
   */
  constructor(secrets: readonly [string, ...string[]]) {
    this.#seals = keysOf(secrets, 'second factor')
    this.#codes = keysOf(secrets, 'recovery codes')
    this.#browsers = keysOf(secrets, 'known browsers')
  }

  /** AES-256-GCM */
  seal(text: string): string {
    const iv = randomBytes(IV)
    const cipher = createCipheriv('aes-256-gcm', this.#seals[0] as Buffer, iv)
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url')
  }

  /** @returns undefined for what was not sealed with one of these secrets */
  unseal(sealed: string): string | undefined {
    const bytes = Buffer.from(sealed, 'base64url')
    for (const key of this.#seals) {
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV))
        decipher.setAuthTag(bytes.subarray(IV, IV + TAG))
        return Buffer.concat([decipher.update(bytes.subarray(IV + TAG)), decipher.final()]).toString('utf8')
      } catch {
        // Not with this one
      }
    }
    return undefined
  }

  /** For people to keep, such as `abcde-fghjk` */
  newRecoveryCodes(): string[] {
    return Array.from({ length: CODES }, () => {
      const code = Array.from({ length: CODE_LENGTH }, () => CODE_ALPHABET[randomInt(CODE_ALPHABET.length)]).join('')
      return `${code.slice(0, CODE_LENGTH / 2)}-${code.slice(CODE_LENGTH / 2)}`
    })
  }

  /**
   * With a key, because a recovery code is short enough to be tried out. Spaces, hyphens and case do not matter.
   * @returns the digest to keep, then those that older secrets would have given
   */
  recoveryDigests(code: string): string[] {
    const bare = code.toLowerCase().replace(/[^a-z0-9]/g, '')
    return this.#codes.map((key) => createHmac('sha256', key).update(bare).digest('base64url').slice(0, 22))
  }

  /** What a browser keeps in which a member has signed in. A new password makes it worthless. */
  browserMark(member: BrowserOwner): string {
    return marks(this.#browsers, member)[0] ?? ''
  }

  isBrowserMark(mark: string, member: BrowserOwner): boolean {
    return marks(this.#browsers, member).includes(mark)
  }
}

interface BrowserOwner {
  id: string
  /** The hash of it */
  password: string
}

const marks = (keys: Buffer[], { id, password }: BrowserOwner): string[] =>
  keys.map((key) => createHmac('sha256', key).update(`${id} ${password}`).digest('base64url'))

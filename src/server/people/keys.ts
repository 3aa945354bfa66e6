// The secrets of an installation. One signs; while it is being replaced, another one is accepted too.
import type { CryptoKey } from 'jose'
import { hex, hmacKey, sha256 } from '../bytes.ts'

/** The secret that signs, or a list: the first signs, and all of them check */
export type Secret = string | readonly [signs: string, ...accepted: string[]]

/** All of them; the first signs */
export const secretsOf = (secret: Secret): readonly [string, ...string[]] =>
  typeof secret === 'string' ? [secret] : secret

/** Makes HMAC-SHA-256 of texts with a secret, within the turn in which it is asked */
export type QuickHmac = (secret: string) => (text: string) => Uint8Array

export interface Key {
  /** Names the key in the header of its tokens (RFC 7515 section 4.1.4) */
  kid: string
  /** Of HMAC with SHA-256 */
  key: CryptoKey
  /** Signs with it at once; undefined: that takes a promise */
  sign: ((text: string) => Uint8Array) | undefined
}

/** A key's name is made from its secret, which it does not reveal, so all nodes name a key alike and nobody has to think of names */
async function keyOf(secret: string, hmac: QuickHmac | undefined): Promise<Key> {
  const kid = hex((await sha256(`deskbell kid ${secret}`)).subarray(0, 4))
  return { kid, key: await hmacKey(secret), sign: hmac?.(secret) }
}

export class KeyRing {
  readonly #keys: Promise<[Key, ...Key[]]>

  constructor(secret: Secret, hmac?: QuickHmac) {
    const [signs, ...accepted] = secretsOf(secret)
    this.#keys = Promise.all([keyOf(signs, hmac), ...accepted.map((one) => keyOf(one, hmac))])
  }

  async signing(): Promise<Key> {
    return (await this.#keys)[0]
  }

  /** The keys with which a token may be signed. Hosts need not name theirs, or may name them in their own way: then it is one of all */
  async candidates(kid: unknown): Promise<readonly [Key, ...Key[]]> {
    const keys = await this.#keys
    const named = keys.find((key) => key.kid === kid)
    return named ? [named] : keys
  }
}

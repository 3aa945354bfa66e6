import { base64url, decodeProtectedHeader } from 'jose'
import { isEqual } from '../bytes.ts'
import { secretsOf, type Secret } from './keys.ts'

/** Makes HMAC-SHA-256 of texts with a secret, within the turn in which it is asked */
export type QuickHmac = (secret: string) => (text: string) => Uint8Array

/**
 * Checks signatures with HS256 where that needs no promise: Web Crypto on Node hands each over to a thread, which on one core costs more than the
 * rest of the check, and after a restart there is one for everybody who comes back. It only ever accepts. What it does not accept is checked by
 * the library, which also says what is wrong.
 */
export class QuickSignature {
  readonly #sign: ((text: string) => Uint8Array)[]
  /** The first part of tokens that were good. Those of a host have it in common */
  #header = ''

  constructor(secret: Secret, hmac: QuickHmac) {
    this.#sign = secretsOf(secret).map(hmac)
  }

  /** @returns the encoded claims; undefined: not accepted */
  claims(token: string): string | undefined {
    const [header = '', claims = '', signature = '', ...others] = token.split('.')
    if (others.length > 0 || !(header === this.#header || isHs256(header))) return undefined
    if (!this.#isSigned(`${header}.${claims}`, signature)) return undefined
    this.#header = header
    return claims
  }

  #isSigned(text: string, signature: string): boolean {
    let given: Uint8Array
    try {
      given = base64url.decode(signature)
    } catch {
      return false
    }
    return this.#sign.some((sign) => isEqual(sign(text), given))
  }
}

/** Without extensions, which the receiver has to understand (RFC 7515 section 4.1.11) */
function isHs256(header: string): boolean {
  try {
    const { alg, crit } = decodeProtectedHeader({ protected: header })
    return alg === 'HS256' && crit === undefined
  } catch {
    return false
  }
}

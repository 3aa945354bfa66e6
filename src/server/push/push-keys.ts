// By which push services know who sends (VAPID, RFC 8292).
import { base64url, exportJWK, generateKeyPair, importJWK, SignJWT, type CryptoKey, type JWK_EC_Private } from 'jose'
import type { Clock } from '../ports/clock.ts'

const ALG = 'ES256'
/** How long a token is good (ms). Services take a day at most */
const GOOD_FOR = 12 * 3_600_000
/** Services whose token is kept */
const MOST_KEPT = 100

/** Keys as they are stored: a JWK */
export async function makePushKeys(): Promise<string> {
  const { privateKey } = await generateKeyPair(ALG, { extractable: true })
  const { kty, crv, x, y, d } = await exportJWK(privateKey)
  return JSON.stringify({ kty, crv, x, y, d })
}

export class PushKeys {
  /** The point, uncompressed: base64url */
  readonly publicKey: string
  readonly #privateKey: CryptoKey
  readonly #contact: string
  readonly #clock: Clock
  /** By the origin of the service */
  readonly #tokens = new Map<string, { token: string; until: number }>()

  private constructor(publicKey: string, privateKey: CryptoKey, { contact, clock }: { contact: string; clock: Clock }) {
    this.publicKey = publicKey
    this.#privateKey = privateKey
    this.#contact = contact
    this.#clock = clock
  }

  /** @param stored what `makePushKeys` made. @param options `contact`: whom a service may write to, a `mailto:` or `https:` URL */
  static async of(stored: string, options: { contact: string; clock: Clock }): Promise<PushKeys> {
    const jwk = JSON.parse(stored) as JWK_EC_Private & { kty: 'EC' }
    const point = Uint8Array.of(4, ...base64url.decode(jwk.x), ...base64url.decode(jwk.y))
    const key = await importJWK(jwk, ALG)
    return new PushKeys(base64url.encode(point), key as CryptoKey, options)
  }

  /** The header `Authorization` for a push service. Services want a token to be used again */
  async authorization(origin: string): Promise<string> {
    const now = this.#clock.now()
    let known = this.#tokens.get(origin)
    if (!known || known.until < now) {
      const token = await new SignJWT({})
        .setProtectedHeader({ typ: 'JWT', alg: ALG })
        .setAudience(origin)
        .setSubject(this.#contact)
        .setExpirationTime(Math.floor((now + GOOD_FOR) / 1_000))
        .sign(this.#privateKey)
      if (this.#tokens.size >= MOST_KEPT) this.#tokens.clear()
      // While half of its time is left: clocks differ
      known = { token, until: now + GOOD_FOR / 2 }
      this.#tokens.set(origin, known)
    }
    return `vapid t=${known.token}, k=${this.publicKey}`
  }
}

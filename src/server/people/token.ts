// Tokens are HS256 JWTs (RFC 7519), which the host's server signs with the shared secret.
import { decodeProtectedHeader, errors, jwtVerify, SignJWT, UnsecuredJWT, type ProtectedHeaderParameters } from 'jose'
import { z } from 'zod'
import { DeskbellError } from '../../protocol/errors.ts'
import { PERSON_AUDIENCE } from '../../protocol/person.ts'
import { detailsOf } from './details.ts'
import { KeyRing, type QuickHmac, type Secret } from './keys.ts'
import { KnownTokens } from './known-tokens.ts'
import { quickClaims } from './quick-signature.ts'
import { ownPersonId, wrongFields, type GivenAttributes, type Identity } from './identity.ts'
import { early, IN_MILLISECONDS, MAX_TIME, NO_TIME, refusalOf } from './token-refusal.ts'
import type { OnUnusable } from './unusable-details.ts'

/** What a token is for. Only the audience makes a person an admin, no other claim. */
export const AUDIENCE = {
  ...PERSON_AUDIENCE,
  session: 'deskbell-session',
  unsubscribe: 'deskbell-unsubscribe',
  /** Its subject is an address that visitors typed */
  unsubscribeTyped: 'deskbell-unsubscribe-typed',
  doctor: 'deskbell-doctor',
} as const
export type Audience = (typeof AUDIENCE)[keyof typeof AUDIENCE]

/** Characters. HS256 requires a key of 256 bits (RFC 7518 section 3.2) */
export const MIN_SECRET = 32

/** Seconds by which the clock of the server that signs may differ from ours. `nbf`, `exp` and `iat` are as much earlier or later */
export const LEEWAY = 60
/** Seconds between `iat`, or now, and `exp`. A token that somebody else got hold of is of no use after it */
export const MAX_LIFETIME = 24 * 3600
const seconds = z.number(NO_TIME).max(MAX_TIME, IN_MILLISECONDS)
const personClaims = z.object({
  sub: ownPersonId,
  aud: z.union([z.string(), z.array(z.string())]),
  exp: seconds,
  iat: seconds.optional(),
  name: z.unknown().optional(),
  email: z.unknown().optional(),
  attributes: z.unknown().optional(),
  // A `jti` of another shape is ignored, not refused: hosts use it in their own ways
  jti: z.string().min(1).max(200).optional().catch(undefined),
})

export interface TokenClaims {
  /** The host's id of the person */
  sub: string
  /** Without an address, the person gets no e-mails */
  email?: string | null | undefined
  name?: string | null | undefined
  /** What staff see beside the chat of a user: at most 30, names of 40 characters, texts of 200. Replaces the stored ones as a whole */
  attributes?: GivenAttributes | undefined
  /** Names the session, so that it can be revoked by itself */
  jti?: string | undefined
}

export interface SignOptions {
  audience: Audience
  /** Seconds until the token expires. Default: never. `identify` refuses tokens that live for longer than a day */
  expiresIn?: number | undefined
  /** Milliseconds since 1970. Default: now */
  issuedAt?: number | undefined
}

export interface Tokens {
  sign(claims: TokenClaims, options: SignOptions): Promise<string>
  /**
   * @throws DeskbellError `token_invalid`, `token_signature`, `token_not_yet_valid`, `token_lifetime`, `token_expired`,
   *   `token_revoked`
   */
  identify(token: string, audiences: Audience[]): Promise<Identity>
  /**
   * Verifies a token that identifies nobody and returns its `sub`.
   * @throws DeskbellError `token_invalid`, `token_signature`, `token_not_yet_valid`, `token_expired`
   */
  subject(token: string, audience: Audience): Promise<string>
}

/** Undefined for what is no token, which is refused later */
function headerOf(token: string): ProtectedHeaderParameters {
  try {
    return decodeProtectedHeader(token)
  } catch {
    return {}
  }
}

/** The first part of a token without a signature: the rules for claims are checked apart from it */
const NO_SIGNATURE = 'eyJhbGciOiJub25lIn0'

/**
 * @param onUnusable called for a valid token that describes its person by something that cannot be used. Default: nothing is reported
 * @param hmac without it, every signature takes a promise
 */
export function tokens(secret: Secret, onUnusable?: OnUnusable, hmac?: QuickHmac): Tokens {
  const ring = new KeyRing(secret, hmac)
  const known = new KnownTokens()

  async function verify(given: string, audience: Audience[]): Promise<unknown> {
    // The end of a line comes with tokens that were read from a file
    const token = given.trim()
    const rules = { audience, clockTolerance: LEEWAY }
    let refused: unknown
    const header = headerOf(token)
    const keys = await ring.candidates(header.kid)
    const claims = quickClaims(token, header, keys)
    if (claims !== undefined) {
      try {
        return UnsecuredJWT.decode(`${NO_SIGNATURE}.${claims}.`, rules).payload
      } catch (error) {
        throw refusalOf(error, token, audience)
      }
    }
    for (const { key } of keys) {
      try {
        return (await jwtVerify(token, key, { algorithms: ['HS256'], ...rules })).payload
      } catch (error) {
        refused = error
        if (!(error instanceof errors.JWSSignatureVerificationFailed)) break
      }
    }
    throw refusalOf(refused, token, audience)
  }

  function identityOf(payload: unknown, audiences: Audience[]): Identity {
    const claims = personClaims.safeParse(payload)
    // Only who knows the secret gets here, so the detail may say what is in the token
    if (!claims.success) throw new DeskbellError('token_invalid', wrongFields(claims.error))
    const { sub, exp, aud, iat = 0, jti } = claims.data
    const now = Date.now() / 1000
    if (iat > now + LEEWAY) throw early('iat')
    if (exp - (iat || now) > MAX_LIFETIME + LEEWAY)
      throw new DeskbellError('token_lifetime', 'exp must be at most 24 hours after iat, or after now without iat')
    // Only audiences that the caller accepts count: others in the token make nobody an admin
    const isStaff = [aud].flat().some((a) => a !== AUDIENCE.user && audiences.some((wanted) => wanted === a))
    const role = isStaff ? 'admin' : 'user'
    return {
      id: sub,
      role,
      ...detailsOf(claims.data, { id: sub, role }, onUnusable),
      expiresAt: (exp + LEEWAY) * 1000,
      issuedAt: iat * 1000,
      sessionId: jti ?? null,
    }
  }

  return {
    async sign({ jti, ...claims }, { audience, expiresIn, issuedAt = Date.now() }) {
      const { kid, key } = await ring.signing()
      // With milliseconds (RFC 7519 allows them), so that a revocation is exact
      const jwt = new SignJWT({ ...claims, ...(jti !== undefined && { jti }) })
        .setProtectedHeader({ alg: 'HS256', kid })
        .setIssuedAt(issuedAt / 1000)
        .setAudience(audience)
      return (expiresIn === undefined ? jwt : jwt.setExpirationTime(`${expiresIn}s`)).sign(key)
    },
    async identify(token, audiences) {
      const name = `${audiences.join()} ${token}`
      const before = known.get(name)
      if (before) return before
      const identity = identityOf(await verify(token, audiences), audiences)
      known.add(name, identity)
      return identity
    },
    async subject(token, audience) {
      const claims = z.object({ sub: z.string() }).safeParse(await verify(token, [audience]))
      if (!claims.success) throw new DeskbellError('token_invalid')
      return claims.data.sub
    },
  }
}

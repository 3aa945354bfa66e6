// Tokens are HS256 JWTs (RFC 7519), which the host's server signs with the shared secret.
import { errors, jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import { DeskbellError } from '../../protocol/errors.ts'
import type { Identity } from './identity.ts'

/** What a token is for. Only the audience makes a person an admin, no other claim. */
export const AUDIENCE = {
  user: 'deskbell',
  admin: 'deskbell-admin',
  session: 'deskbell-session',
  unsubscribe: 'deskbell-unsubscribe',
  doctor: 'deskbell-doctor',
} as const
export type Audience = (typeof AUDIENCE)[keyof typeof AUDIENCE]

/** Characters. HS256 requires a key of 256 bits (RFC 7518 section 3.2) */
export const MIN_SECRET = 32

const text = (max: number) =>
  z
    .string()
    .min(1)
    .max(max)
    .refine((s) => s.isWellFormed() && !s.includes('\0'))
const personClaims = z.object({
  sub: text(200),
  aud: z.union([z.string(), z.array(z.string())]),
  exp: z.number(),
  email: text(320),
  name: text(200).optional(),
  iat: z.number().optional(),
  // A `jti` of another shape is ignored, not refused: hosts use it in their own ways
  jti: text(200).optional().catch(undefined),
})

export interface TokenClaims {
  /** The host's id of the person */
  sub: string
  email?: string
  name?: string | undefined
  /** Names the session, so that it can be revoked by itself */
  jti?: string
}

export interface SignOptions {
  audience: Audience
  /** Seconds until the token expires. Default: never. `identify` refuses tokens that never expire */
  expiresIn?: number
}

export interface Tokens {
  /** @returns a token for the person `sub`. Tokens for `user` and `admin` need an `email` too */
  sign(claims: TokenClaims, options: SignOptions): Promise<string>
  /** @throws DeskbellError `token_invalid`, `token_expired`, `token_revoked` */
  identify(token: string, audiences: Audience[]): Promise<Identity>
  /** Verifies a token that identifies nobody and returns its `sub`. @throws DeskbellError `token_invalid` */
  subject(token: string, audience: Audience): Promise<string>
}

export function tokens(secret: string): Tokens {
  const key = new TextEncoder().encode(secret)

  async function verify(token: string, audience: Audience[]): Promise<unknown> {
    try {
      return (await jwtVerify(token, key, { algorithms: ['HS256'], audience })).payload
    } catch (error) {
      if (error instanceof errors.JWTExpired) throw new DeskbellError('token_expired')
      throw new DeskbellError('token_invalid')
    }
  }

  return {
    sign(claims, { audience, expiresIn }) {
      // With milliseconds (RFC 7519 allows them), so that a token signed right after a revocation is valid at once
      const jwt = new SignJWT({ ...claims })
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuedAt(Date.now() / 1000)
        .setAudience(audience)
      return (expiresIn === undefined ? jwt : jwt.setExpirationTime(`${expiresIn}s`)).sign(key)
    },
    async identify(token, audiences) {
      const claims = personClaims.safeParse(await verify(token, audiences))
      if (!claims.success) {
        const missing = claims.error.issues.map((issue) => issue.path.join('.')).join(', ')
        throw new DeskbellError('token_invalid', `The token lacks a valid ${missing}`)
      }
      const { sub, email, name, exp, aud, iat, jti } = claims.data
      // Only audiences that the caller accepts count: others in the token make nobody an admin
      const isStaff = [aud].flat().some((a) => a !== AUDIENCE.user && audiences.some((wanted) => wanted === a))
      return {
        id: sub,
        role: isStaff ? 'admin' : 'user',
        email,
        name: name ?? null,
        expiresAt: exp * 1000,
        issuedAt: (iat ?? 0) * 1000,
        sessionId: jti ?? null,
      }
    },
    async subject(token, audience) {
      const claims = z.object({ sub: z.string() }).safeParse(await verify(token, [audience]))
      if (!claims.success) throw new DeskbellError('token_invalid')
      return claims.data.sub
    },
  }
}

// Tokens: short HS256 JWTs (RFC 7519) that the host's server signs with the shared secret.
import { errors, jwtVerify, SignJWT } from 'jose'
import { z } from 'zod'
import { DeskbellError } from '../../protocol/errors.ts'
import type { Identity } from './identity.ts'

/** What a token is for. The audience alone makes an admin; no other claim does. */
export const AUDIENCE = {
  user: 'deskbell',
  admin: 'deskbell-admin',
  session: 'deskbell-session',
  unsubscribe: 'deskbell-unsubscribe',
  doctor: 'deskbell-doctor',
} as const
export type Audience = (typeof AUDIENCE)[keyof typeof AUDIENCE]

/** At least 32 characters, as HS256 asks for 256 bits (RFC 7518 section 3.2) */
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
  // A host's own idea of an id is no reason to refuse its token
  jti: text(200).optional().catch(undefined),
})

export interface Tokens {
  /** @param seconds until it expires; undefined: never */
  sign(
    claims: { sub: string; email?: string; name?: string | undefined; jti?: string },
    audience: Audience,
    seconds?: number,
  ): Promise<string>
  /** @throws DeskbellError `token_invalid`, `token_expired`, `token_revoked` */
  identify(token: string, audiences: Audience[]): Promise<Identity>
  /** The `sub` of a token that is no identity. @throws DeskbellError `token_invalid` */
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
    sign(claims, audience, seconds) {
      // With its milliseconds (RFC 7519 allows them): one that is signed right after a revocation is good at once
      const jwt = new SignJWT(claims)
        .setProtectedHeader({ alg: 'HS256' })
        .setIssuedAt(Date.now() / 1000)
        .setAudience(audience)
      return (seconds === undefined ? jwt : jwt.setExpirationTime(`${seconds}s`)).sign(key)
    },
    async identify(token, audiences) {
      const claims = personClaims.safeParse(await verify(token, audiences))
      if (!claims.success) {
        const missing = claims.error.issues.map((issue) => issue.path.join('.')).join(', ')
        throw new DeskbellError('token_invalid', `The token lacks a valid ${missing}`)
      }
      const { sub, email, name, exp, aud, iat, jti } = claims.data
      // Of the audiences that were asked for: a host's token may name others, which make nobody an admin
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

import { decodeJwt } from 'jose'
import { LEEWAY, tokens, type Tokens } from '../../src/server/people/token.ts'

/**
 * Signs as the library does, but never at the first millisecond of a second: such a token looks like those of hosts that count in whole
 * seconds, and outlives a revocation in its second.
 */
export function testTokens(secret: string): Tokens {
  const kit = tokens(secret)
  return { ...kit, sign: (claims, options) => kit.sign(claims, { issuedAt: withinSecond(Date.now()), ...options }) }
}

/** When a server takes it for expired (ms since 1970) */
export const endOf = (token: string): number => ((decodeJwt(token).exp ?? 0) + LEEWAY) * 1_000

const withinSecond = (ms: number): number => (ms % 1_000 === 0 ? ms + 1 : ms)

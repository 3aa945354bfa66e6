// The second factor: codes of an authenticator app (TOTP, RFC 6238, with the values that every app knows).
import type { TOTP } from 'otpauth'

/** Seconds */
const PERIOD = 30
/** Codes of the step before and after count as well: clocks differ, and typing takes time */
const WINDOW = 1

async function totp(secret: string): Promise<TOTP> {
  const { Secret, TOTP: Totp } = await import('otpauth')
  return new Totp({ secret: Secret.fromBase32(secret), algorithm: 'SHA1', digits: 6, period: PERIOD })
}

/** 160 bits, in base 32 */
export async function newTotpSecret(): Promise<string> {
  const { Secret } = await import('otpauth')
  return new Secret({ size: 20 }).base32
}

export const isTotpSecret = (text: string): boolean => /^[A-Z2-7]{32}$/.test(text)

/** What the QR code says */
export async function totpUri(secret: string, { appName, email }: { appName: string; email: string }): Promise<string> {
  const code = await totp(secret)
  code.issuer = appName
  code.label = email
  return code.toString()
}

/**
 * @param now milliseconds since 1970
 * @returns the time step that the code belongs to; null when it is wrong
 */
export async function stepOfCode(secret: string, code: string, now: number): Promise<number | null> {
  const token = code.replace(/\s/g, '')
  if (!/^\d{6}$/.test(token)) return null
  const delta = (await totp(secret)).validate({ token, timestamp: now, window: WINDOW })
  return delta === null ? null : Math.floor(now / 1000 / PERIOD) + delta
}

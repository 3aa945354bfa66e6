// What the server does with bytes: digests, signatures, and how they are written as text.

const utf8 = new TextEncoder()

export const sha256 = async (text: string): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.digest('SHA-256', utf8.encode(text)))

/** A key of HMAC-SHA-256. What uses one often keeps it: to make it costs about as much as a signature */
export const hmacKey = (secret: string) =>
  crypto.subtle.importKey('raw', utf8.encode(secret), { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify'])

/** @returns signs texts with HMAC-SHA-256 */
export function hmac(secret: string): (text: string) => Promise<Uint8Array> {
  const key = hmacKey(secret)
  return async (text) => new Uint8Array(await crypto.subtle.sign('HMAC', await key, utf8.encode(text)))
}

/** Takes the same time wherever they differ */
export function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length
  for (const [index, byte] of a.entries()) difference |= byte ^ (b[index] ?? 0)
  return difference === 0
}

export const hex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/** RFC 4648 section 5, without padding */
export const base64url = (bytes: Uint8Array): string =>
  btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '')

/** One after the other, as a copy */
export function joined(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

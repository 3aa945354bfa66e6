// Signatures of Standard Webhooks 1.0: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md

const PREFIX = 'whsec_'
/** Bytes of a key */
const SHORTEST = 24
const LONGEST = 64

/**
 * The key of a secret.
 * @throws Error that says how to make one, and does not repeat it
 */
export function keyBytes(secret: string): Uint8Array<ArrayBuffer> {
  const bytes = decoded(secret)
  if (!bytes || bytes.length < SHORTEST || bytes.length > LONGEST) {
    throw new Error(
      `A webhook secret is ${PREFIX} and ${SHORTEST} to ${LONGEST} bytes in base64. Make one: echo "${PREFIX}$(openssl rand -base64 32)"`,
    )
  }
  return bytes
}

function decoded(secret: string): Uint8Array<ArrayBuffer> | undefined {
  if (!secret.startsWith(PREFIX)) return undefined
  try {
    return Uint8Array.from(atob(secret.slice(PREFIX.length)), (c) => c.charCodeAt(0))
  } catch {
    return undefined
  }
}

export interface SignedContent {
  id: string
  /** Seconds since 1970 */
  timestamp: number
  body: string
}

/** The header `webhook-signature`: a signature for each key, with spaces between them */
export async function signatures(
  keys: Uint8Array<ArrayBuffer>[],
  { id, timestamp, body }: SignedContent,
): Promise<string> {
  const content = new TextEncoder().encode(`${id}.${timestamp}.${body}`)
  const all = await Promise.all(keys.map((key) => hmac(key, content)))
  return all.map((signature) => `v1,${signature}`).join(' ')
}

async function hmac(bytes: Uint8Array<ArrayBuffer>, content: Uint8Array<ArrayBuffer>): Promise<string> {
  const key = await crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])
  const signature = new Uint8Array(await crypto.subtle.sign('HMAC', key, content))
  return btoa(String.fromCharCode(...signature))
}

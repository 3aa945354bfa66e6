import { createHmac, timingSafeEqual } from 'node:crypto'
import { UnprovenRequest } from '../../server/ports/unproven-request.ts'

/** Milliseconds that a clock may differ: https://github.com/standard-webhooks/standard-webhooks */
const TOLERANCE = 5 * 60_000

/**
 * Checks the signatures of Resend, which are those of Standard Webhooks with headers named `svix-…`
 * (https://resend.com/docs/dashboard/webhooks/verify-webhooks-requests).
 * @param secret `whsec_…`
 * @returns throws UnprovenRequest when the signature is wrong or too old
 * @throws Error when the secret is none
 */
export function standardWebhook(secret: string): (headers: Headers, body: string) => void {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
  if (!secret.startsWith('whsec_') || key.length === 0)
    throw new Error('The webhooks of Resend need their signing secret, which begins with whsec_')
  return (headers, body) => {
    const [id, timestamp, signatures] = ['id', 'timestamp', 'signature'].map(
      (name) => headers.get(`svix-${name}`) ?? '',
    )
    const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest()
    // While a secret is replaced, there is one for each
    const isSigned = (signatures ?? '').split(' ').some((one) => isSame(one, expected))
    if (!isSigned) throw new UnprovenRequest('The signature is wrong')
    if (!(Math.abs(Date.now() - Number(timestamp) * 1_000) < TOLERANCE))
      throw new UnprovenRequest('It is too old, or a clock is wrong')
  }
}

function isSame(signature: string, expected: Buffer): boolean {
  const given = Buffer.from(signature.replace(/^v1,/, ''), 'base64')
  return signature.startsWith('v1,') && given.length === expected.length && timingSafeEqual(given, expected)
}

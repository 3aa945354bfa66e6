// Checks a signature of AWS, version 4, by computing it again:
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { ServiceRequest } from './server.ts'

export interface AwsKeys {
  accessKeyId: string
  secretAccessKey: string
  sessionToken?: string
}

const MAX_AGE = 5 * 60_000
const SHAPE =
  /^AWS4-HMAC-SHA256 Credential=(?<id>[^/]+)\/(?<day>\d{8})\/(?<region>[^/]+)\/(?<service>[^/]+)\/aws4_request, ?SignedHeaders=(?<names>[^,]+), ?Signature=(?<signature>[0-9a-f]{64})$/

const sha256 = (text: string | Buffer) => createHash('sha256').update(text).digest('hex')
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest()

/** @returns the error that AWS answers with; undefined: the signature is right */
export function signatureError(
  { method, path, headers, body }: Omit<ServiceRequest, 'body'> & { body: string | Buffer },
  { keys, region, service, fastTime }: { keys: AwsKeys; region: string; service: string; fastTime: boolean },
): string | undefined {
  const found = SHAPE.exec(headers.authorization ?? '')?.groups
  const time = String(headers['x-amz-date'])
  if (!found) return 'MissingAuthenticationTokenException'
  if (found['id'] !== keys.accessKeyId || headers['x-amz-security-token'] !== keys.sessionToken)
    return 'UnrecognizedClientException'
  const [, year, month, day, hour, minute, second] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(time) ?? []
  const at = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
  const isNow = fastTime || Math.abs(Date.now() - at) < MAX_AGE
  if (!isNow || !time.startsWith(found['day'] ?? '?')) return 'InvalidSignatureException'
  if (found['region'] !== region || found['service'] !== service) return 'InvalidSignatureException'
  const names = (found['names'] ?? '').split(';')
  const mustBeSigned = ['host', ...Object.keys(headers).filter((name) => name.startsWith('x-amz-'))]
  if (!mustBeSigned.every((name) => names.includes(name))) return 'InvalidSignatureException'

  const url = new URL(path, 'http://localhost')
  // S3 is told what the body's hash is, or that nobody signs it
  const payload = headers['x-amz-content-sha256'] ?? (service === 's3' ? undefined : sha256(body))
  if (payload === undefined || (payload !== 'UNSIGNED-PAYLOAD' && payload !== sha256(body)))
    return 'XAmzContentSHA256Mismatch'
  const query = [...url.searchParams]
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .sort()
    .join('&')
  const canonical = [
    method,
    service === 's3' ? encodedPath(url) : url.pathname,
    query,
    ...names.map((name) => `${name}:${String(headers[name]).trim().replace(/ +/g, ' ')}`),
    '',
    names.join(';'),
    payload,
  ].join('\n')
  const scope = [found['day'], region, service, 'aws4_request']
  const toSign = ['AWS4-HMAC-SHA256', time, scope.join('/'), sha256(canonical)].join('\n')
  const key = scope.reduce<string | Buffer>((of, part) => hmac(of, String(part)), `AWS4${keys.secretAccessKey}`)
  const isRight = timingSafeEqual(hmac(key, toSign), Buffer.from(found['signature'] ?? '', 'hex'))
  return isRight ? undefined : 'InvalidSignatureException'
}

/** Each octet but letters, digits and `-._~` is encoded, once (RFC 3986) */
const encodedPath = ({ pathname }: URL): string =>
  decodeURIComponent(pathname)
    .split('/')
    .map((part) =>
      encodeURIComponent(part).replace(/[!'()*]/g, (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`),
    )
    .join('/')

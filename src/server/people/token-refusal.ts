// What a developer reads whose token is refused. It tells strangers nothing: without a good signature, it only says how tokens are made.
import { errors } from 'jose'
import { DeskbellError } from '../../protocol/errors.ts'

/** Seconds since 1970, in the year 5138: a later time is one in milliseconds */
export const MAX_TIME = 1e11
/** Seconds since 1970, in the year 1973: an earlier `exp` is a duration */
const MIN_TIME = 1e8

export const NO_TIME = 'must be a number: seconds since 1970'
export const IN_MILLISECONDS = 'is in milliseconds; it must be in seconds since 1970'

/** @param error what `jwtVerify` threw */
export function refusalOf(error: unknown, token: string, audiences: string[]): DeskbellError {
  if (error instanceof errors.JWTExpired && Number(error.payload.exp) > MIN_TIME)
    return new DeskbellError('token_expired')
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return new DeskbellError('token_signature', 'The token was signed with another secret than this server’s')
  if (error instanceof errors.JWTClaimValidationFailed && isEarly(error)) return early(error.claim)
  return new DeskbellError('token_invalid', reasonOf(error, token, audiences))
}

function reasonOf(error: unknown, token: string, audiences: string[]): string {
  if (error instanceof errors.JOSEAlgNotAllowed) return 'The token must be signed with HS256'
  // From here on the signature is good
  if (error instanceof errors.JWTExpired)
    return 'exp is how long the token lives; it must be when it ends, in seconds since 1970'
  if (error instanceof errors.JWTClaimValidationFailed) return claimReason(error, audiences)
  // No signature was found to check
  if (/^Bearer\b/i.test(token)) return 'The word Bearer is in the token: send the token alone'
  if (/^["'].*["']$/s.test(token)) return 'The token has quotes around it'
  return 'This is no token: a JWT has three parts, with dots between them'
}

function claimReason({ claim, reason }: errors.JWTClaimValidationFailed, audiences: string[]): string {
  if (claim === 'aud') {
    const wanted = `must be ${audiences.join(' or ')}`
    return reason === 'missing' ? `aud is missing: it ${wanted}` : `aud ${wanted}`
  }
  return reason === 'invalid' ? `${claim} ${NO_TIME}` : `${claim} ${IN_MILLISECONDS}`
}

const isEarly = ({ claim, reason, payload }: errors.JWTClaimValidationFailed): boolean =>
  claim !== 'aud' && reason !== 'invalid' && Number(payload[claim]) <= MAX_TIME

/** @param claim `iat` or `nbf` */
export const early = (claim: string): DeskbellError =>
  new DeskbellError('token_not_yet_valid', `${claim} lies in the future: set the clock of the server that signs`)

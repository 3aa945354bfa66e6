import { z } from 'zod'
import { TOKEN_PROTOCOL_PREFIX } from '../../protocol/cable.ts'
import { PERSON_HEADER, PERSON_PROTOCOL_PREFIX, personTag } from '../../protocol/person.ts'
import { DeskbellError } from '../../protocol/errors.ts'
import type { AddressLimits } from './address-limits.ts'
import { detailsOf } from '../people/details.ts'
import { personId, wrongFields, type HostIdentity, type Identity } from '../people/identity.ts'
import type { OnUnusable } from '../people/unusable-details.ts'
import type { Observer } from '../ports/observer.ts'
import type { Revocations } from '../people/revocations.ts'
import { AUDIENCE, type Tokens } from '../people/token.ts'

/** @param address the key by which failures are counted */
export type Authenticate = (request: Request, address: string | undefined) => Promise<Identity>

export interface AuthenticatorOptions {
  tokens: Tokens
  revocations: Revocations
  /** Identifies the person of a request without a Deskbell token */
  host: ((request: Request) => Promise<HostIdentity | null>) | undefined
  onUnusable: OnUnusable
  /** Counts refused credentials; null: not limited */
  addresses: AddressLimits | null
  observer: Observer | undefined
}

/**
 * Identifies the caller by their token, otherwise by the host. A token comes as `Authorization: Bearer`. On an upgrade, where browsers
 * cannot set headers, it comes as an offered subprotocol or as `?jid=`.
 * @throws DeskbellError `unauthorized`, `rate_limited`, and what `Tokens.identify` throws
 */
export function authenticator(options: AuthenticatorOptions): Authenticate {
  const { tokens, revocations, host, onUnusable, addresses, observer } = options

  async function identify(request: Request): Promise<Identity> {
    const token = tokenOf(request)
    let refusal = new DeskbellError('unauthorized')
    if (token !== undefined) {
      try {
        return await tokens.identify(token, [AUDIENCE.user, AUDIENCE.admin])
      } catch (error) {
        // It may be a token of the host's own
        if (!(error instanceof DeskbellError) || !MAY_BE_THE_HOSTS.has(error.code)) throw error
        refusal = error
      }
    }
    const named = await askHost(request)
    if (!named) throw refusal
    const checked = identitySchema.safeParse(named)
    if (!checked.success) throw new Error(`authenticate returned no identity: ${wrongFields(checked.error)}`)
    const identity: Identity = { ...checked.data, ...detailsOf(named, checked.data, onUnusable) }
    // Its connections would be closed at once, and opened again
    if (identity.expiresAt !== null && identity.expiresAt <= Date.now()) throw new DeskbellError('token_expired')
    await revocations.check(identity)
    return identity
  }

  async function askHost(request: Request): Promise<HostIdentity | null | undefined> {
    try {
      return await host?.(request)
    } catch (error) {
      // What is no Error, or one of another realm, would get past those who handle errors
      throw error instanceof Error
        ? error
        : new Error('authenticate threw something else than an Error', { cause: error })
    }
  }

  return async (request, address) => {
    try {
      return await identify(request)
    } catch (error) {
      if (error instanceof DeskbellError && error.status === 401) {
        observer?.refused?.(error.code, address)
        addresses?.failed(address)
      }
      throw error
    }
  }
}

/** What is said about a token that another system made */
const MAY_BE_THE_HOSTS: ReadonlySet<string> = new Set(['token_invalid', 'token_signature'])

const orNull = <Schema extends z.ZodType>(schema: Schema) => schema.nullish().transform((value) => value ?? null)

/** Before 1973: in seconds, where milliseconds are meant */
const milliseconds = z.number().min(1e11, 'must be in milliseconds since 1970')

/** Checks what the host returns: one wrong value would make a whole batch of messages fail */
const identitySchema = z.object({
  id: personId,
  role: z.enum(['user', 'admin']),
  expiresAt: orNull(milliseconds),
  issuedAt: orNull(milliseconds.or(z.literal(0))),
  sessionId: orNull(z.string().max(200)),
})

function tokenOf(request: Request): string | undefined {
  const bearer = /^Bearer +(\S.*)$/i.exec(request.headers.get('authorization') ?? '')?.[1]
  if (bearer !== undefined) return bearer
  if (request.headers.get('upgrade') === null) return undefined
  const offered = offeredProtocols(request).find((p) => p.startsWith(TOKEN_PROTOCOL_PREFIX))
  return offered?.slice(TOKEN_PROTOCOL_PREFIX.length) ?? (new URL(request.url).searchParams.get('jid') || undefined)
}

/**
 * Whether the request names another person than the one whose credentials it carries: another tab has signed somebody else in. Clients
 * need not name anybody
 */
export function isMeantForAnother(request: Request, { role, id }: Identity): boolean {
  const offered = offeredProtocols(request).find((name) => name.startsWith(PERSON_PROTOCOL_PREFIX))
  const named = request.headers.get(PERSON_HEADER) ?? offered?.slice(PERSON_PROTOCOL_PREFIX.length)
  return named !== undefined && named !== personTag(role, id)
}

export const offeredProtocols = (request: Request): string[] =>
  (request.headers.get('sec-websocket-protocol') ?? '')
    .split(',')
    .map((p) => p.trim())
    .filter(Boolean)

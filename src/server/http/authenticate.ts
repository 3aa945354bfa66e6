import { TOKEN_PROTOCOL_PREFIX } from '../../protocol/cable.ts'
import { PERSON_HEADER, PERSON_PROTOCOL_PREFIX, personTag } from '../../protocol/person.ts'
import { DeskbellError } from '../../protocol/errors.ts'
import type { AddressLimits } from './address-limits.ts'
import { HostTooSlow, type HostPerson } from '../people/host-person.ts'
import type { Identity } from '../people/identity.ts'
import type { Observer } from '../ports/observer.ts'
import type { Revocations } from '../people/revocations.ts'
import { AUDIENCE, type Tokens } from '../people/token.ts'
import { isVisitorToken, visitorOf, type Visitors } from '../people/visitors.ts'

/** Who asks */
export interface Caller {
  identity: Identity
  /** The request that the host was asked about; undefined: a token said who it is */
  hostRequest: Request | undefined
}

/** @param address the key by which failures are counted */
export type Authenticate = (request: Request, address: string | undefined) => Promise<Caller>

export interface AuthenticatorOptions {
  tokens: Tokens
  revocations: Revocations
  /** Identifies the person of a request without a Deskbell token; undefined: nobody */
  hostPerson: HostPerson | undefined
  /** Undefined: visitors may not write */
  visitors: Visitors | undefined
  /** Counts refused credentials; null: not limited */
  addresses: AddressLimits | null
  observer: Observer | undefined
  onError: (error: unknown) => void
}

/**
 * Identifies the caller by their token or a visitor's, otherwise by the host. A token comes as `Authorization: Bearer`. On an upgrade,
 * where browsers cannot set headers, it comes as an offered subprotocol or as `?jid=`.
 * @throws DeskbellError `unauthorized`, `unavailable`, and what `Tokens.identify` throws
 */
export function authenticator(options: AuthenticatorOptions): Authenticate {
  const { tokens, revocations, hostPerson, visitors, addresses, observer, onError } = options

  async function identify(request: Request, address: string | undefined): Promise<Caller> {
    const token = tokenOf(request)
    if (visitors && token !== undefined && isVisitorToken(token)) {
      visitors.limits?.request(address)
      const identity = await visitorOf(token, address)
      await revocations.check(identity)
      return { identity, hostRequest: undefined }
    }
    let refusal: DeskbellError | undefined
    if (token !== undefined) {
      try {
        const identity = await tokens.identify(token, [AUDIENCE.user, AUDIENCE.admin])
        return { identity, hostRequest: undefined }
      } catch (error) {
        // It may be a token of the host's own
        if (!(error instanceof DeskbellError) || !MAY_BE_THE_HOSTS.has(error.code)) throw error
        refusal = error
      }
    }
    const hostRequest = withBearer(request, token)
    const identity = await askHost(hostRequest)
    if (!identity) throw refusal ?? new DeskbellError('unauthorized')
    await revocations.check(identity)
    return { identity, hostRequest }
  }

  async function askHost(request: Request): Promise<Identity | null | undefined> {
    try {
      return await hostPerson?.(request)
    } catch (error) {
      if (!(error instanceof HostTooSlow)) throw error
      onError(error)
      throw new DeskbellError('unavailable', undefined, 1)
    }
  }

  return async (request, address) => {
    try {
      return await identify(request, address)
    } catch (error) {
      if (error instanceof DeskbellError && error.status === 401) {
        observer?.refused?.(error.code, address)
        // Where visitors may write, every page of theirs asks once without credentials
        if (!(visitors && error.code === 'unauthorized')) addresses?.failed(address)
      }
      throw error
    }
  }
}

/** What is said about a token that another system made */
const MAY_BE_THE_HOSTS: ReadonlySet<string> = new Set(['token_invalid', 'token_signature'])

/** A host looks for its own token in one place, however it came */
function withBearer(request: Request, token: string | undefined): Request {
  if (token === undefined || request.headers.has('authorization')) return request
  const headers = new Headers(request.headers)
  headers.set('authorization', `Bearer ${token}`)
  return new Request(request.url, { headers })
}

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

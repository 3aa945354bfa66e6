// The OpenID provider: where it is, and what it says about who comes back from it (OpenID Connect Core 1.0, the code flow with PKCE).
// Its library is loaded, and the provider is asked where things are, when somebody signs in for the first time.
import type { ClientAuth, Configuration } from 'openid-client'
import { lazy } from '../lazy.ts'
import { digest } from '../secrets.ts'

export interface OidcSettings {
  /** The issuer's URL, below which `/.well-known/openid-configuration` is */
  issuer: string
  clientId: string
  clientSecret: string
  /** What people call the provider */
  name: string
}

/** What the provider says about a person */
export interface ProviderIdentity {
  issuer: string
  /** The issuer's id of the person */
  subject: string
  /** null: it has none, or does not say that it is theirs */
  verifiedEmail: string | null
  name: string | null
}

/**
 * `away`: the provider does not answer as it should · `declined`: the person was not signed in there · `stale`: the answer is not the one that
 * this browser was sent for, or was used
 */
export type OidcFailure = 'away' | 'declined' | 'stale'

export class OidcFailed extends Error {
  override readonly name = 'OidcFailed'
  readonly reason: OidcFailure
  constructor(reason: OidcFailure, cause: unknown) {
    super(`Signing in with the OpenID provider failed: ${tell(cause)}`, { cause })
    this.reason = reason
  }
}

/** The library's errors name what is wrong by `error` (RFC 6749, 5.2), and those of connections by their cause */
function tell(cause: unknown): string {
  const { message, error, cause: deeper } = Object(cause) as { message?: unknown; error?: unknown; cause?: unknown }
  const parts = [message, error, (Object(deeper) as { message?: unknown }).message]
  return parts.filter((part) => typeof part === 'string' && part !== '').join(': ')
}

/** Milliseconds that the provider may take */
const PATIENCE = 10_000

/** Where the provider sends people back to. It has to be registered there */
export const redirectUri = (publicUrl: string): string => `${publicUrl.replace(/\/$/, '')}/dashboard/oidc_callback`

/** What has to be kept from one end of the way to the other, made of a secret that one browser has */
const partOf = (secret: string, use: 'state' | 'nonce' | 'verifier'): string => digest(`${use} ${secret}`)

export class OidcProvider {
  readonly #settings: OidcSettings
  readonly #redirectUri: string
  readonly #configuration: () => Promise<Configuration>

  constructor(settings: OidcSettings, publicUrl: string) {
    this.#settings = settings
    this.#redirectUri = redirectUri(publicUrl)
    this.#configuration = lazy(() => discover(settings))
  }

  get name(): string {
    return this.#settings.name
  }

  /** Asks the provider where things are. @throws OidcFailed `away` */
  async reach(): Promise<Configuration> {
    try {
      return await this.#configuration()
    } catch (error) {
      throw new OidcFailed('away', error)
    }
  }

  /**
   * @param secret a random text, which only the browser has that signs in
   * @param asksAgain the provider lets them choose who they are, also when they are signed in there
   * @returns where to send the browser. @throws OidcFailed `away`
   */
  async begin(secret: string, asksAgain: boolean): Promise<URL> {
    const configuration = await this.reach()
    const { buildAuthorizationUrl, calculatePKCECodeChallenge } = await import('openid-client')
    return buildAuthorizationUrl(configuration, {
      redirect_uri: this.#redirectUri,
      scope: 'openid email profile',
      state: partOf(secret, 'state'),
      nonce: partOf(secret, 'nonce'),
      code_challenge: await calculatePKCECodeChallenge(partOf(secret, 'verifier')),
      code_challenge_method: 'S256',
      ...(asksAgain && { prompt: 'login' }),
    })
  }

  /**
   * @param answer the query with which the browser came back
   * @param secret the one with which this browser was sent there
   * @throws OidcFailed
   */
  async finish(answer: URLSearchParams, secret: string): Promise<ProviderIdentity> {
    const configuration = await this.reach()
    const { authorizationCodeGrant, fetchUserInfo } = await import('openid-client')
    const url = new URL(this.#redirectUri)
    url.search = answer.toString()
    try {
      const tokens = await authorizationCodeGrant(configuration, url, {
        expectedState: partOf(secret, 'state'),
        expectedNonce: partOf(secret, 'nonce'),
        pkceCodeVerifier: partOf(secret, 'verifier'),
        idTokenExpected: true,
      })
      const claims = tokens.claims()
      if (!claims) throw new Error('There is no ID token')
      // Many providers put only the subject into the token
      const said =
        claims['email'] === undefined ? await fetchUserInfo(configuration, tokens.access_token, claims.sub) : claims
      return { issuer: claims.iss, subject: claims.sub, ...personOf(said) }
    } catch (error) {
      throw new OidcFailed(await reasonOf(error), error)
    }
  }
}

function personOf(claims: Record<string, unknown>): Pick<ProviderIdentity, 'verifiedEmail' | 'name'> {
  const { email, email_verified, name } = claims
  // Some providers send it as text
  const isVerified = email_verified === true || email_verified === 'true'
  return {
    verifiedEmail: isVerified && typeof email === 'string' ? email : null,
    name: typeof name === 'string' ? name : null,
  }
}

async function discover({ issuer, clientId, clientSecret }: OidcSettings): Promise<Configuration> {
  const { allowInsecureRequests, ClientSecretBasic, ClientSecretPost, discovery, enableNonRepudiationChecks } =
    await import('openid-client')
  // Whichever the provider takes; where it does not say, the one that the specification supposes
  const authentication: ClientAuth = (server, ...rest) => {
    const takesPost = server.token_endpoint_auth_methods_supported?.includes('client_secret_post')
    return (takesPost ? ClientSecretPost : ClientSecretBasic)(clientSecret)(server, ...rest)
  }
  const url = new URL(issuer)
  return discovery(url, clientId, undefined, authentication, {
    timeout: PATIENCE / 1000,
    // The settings allow http on this machine alone
    execute: [enableNonRepudiationChecks, ...(url.protocol === 'http:' ? [allowInsecureRequests] : [])],
  })
}

async function reasonOf(error: unknown): Promise<OidcFailure> {
  const { AuthorizationResponseError, ClientError, ResponseBodyError } = await import('openid-client')
  if (error instanceof AuthorizationResponseError)
    return ['server_error', 'temporarily_unavailable'].includes(error.error) ? 'away' : 'declined'
  if (error instanceof ResponseBodyError) return error.error === 'invalid_grant' ? 'stale' : 'away'
  return error instanceof ClientError && STALE.has(error.code ?? '') ? 'stale' : 'away'
}

const STALE = new Set([
  'OAUTH_INVALID_RESPONSE',
  'OAUTH_JWT_CLAIM_COMPARISON_FAILED',
  'OAUTH_JWT_TIMESTAMP_CHECK_FAILED',
])

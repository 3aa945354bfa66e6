// A real OpenID provider, whose people a test makes up. Its sign-in page asks for nothing but who they are.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider, { type ClientMetadata, type Configuration } from 'oidc-provider'

export const OIDC_CLIENT = { id: 'deskbell', secret: 'a secret between the two of them' }

export interface ProviderPerson {
  email?: string
  email_verified?: boolean | string
  name?: string
}

export interface TestProvider {
  issuer: string
  /** By subject */
  people: Map<string, ProviderPerson>
  /** What it answers to every request instead; null: it works */
  breaks: ((path: string) => { status: number; body: string } | undefined) | null
  /** The settings of a server that uses it */
  settings: Record<string, string>
  stop(): Promise<void>
}

/** @param redirectTo the public URL of the server; its redirect URI is registered */
export async function startProvider(redirectTo: string, client: Partial<ClientMetadata> = {}): Promise<TestProvider> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const people: TestProvider['people'] = new Map()
  const provider = quietly(issuer, {
    clients: [
      {
        client_id: OIDC_CLIENT.id,
        client_secret: OIDC_CLIENT.secret,
        redirect_uris: [`${redirectTo}/dashboard/oidc_callback`],
        ...client,
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: () => ({ ...people.get(sub), sub }) }),
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, { uid }) => `/interaction/${uid}` },
    pkce: { required: () => true },
    ttl: { AccessToken: 600, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
    cookies: { keys: ['only for tests'] },
    // Everybody agrees to everything
    async loadExistingGrant(ctx) {
      const grant = new ctx.oidc.provider.Grant({
        clientId: ctx.oidc.client?.clientId,
        accountId: ctx.oidc.session?.accountId,
      })
      grant.addOIDCScope('openid email profile')
      await grant.save()
      return grant
    },
  })
  const callback = provider.callback()
  const test: TestProvider = {
    issuer,
    people,
    breaks: null,
    settings: {
      OIDC_ISSUER: issuer,
      OIDC_CLIENT_ID: OIDC_CLIENT.id,
      OIDC_CLIENT_SECRET: OIDC_CLIENT.secret,
      OIDC_NAME: 'Fern ID',
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
  server.on('request', (request, response) => {
    const url = new URL(request.url ?? '', issuer)
    const broken = test.breaks?.(url.pathname)
    if (broken) return response.writeHead(broken.status, { 'content-type': 'application/json' }).end(broken.body)
    if (!url.pathname.startsWith('/interaction/')) return callback(request, response)
    const who = url.searchParams.get('who')
    if (who === null)
      return response
        .writeHead(200, { 'content-type': 'text/html' })
        .end(
          '<title>Fern ID</title><form><label>Who are you? <input name="who" autofocus></label><button>Go on</button></form>',
        )
    const result = who === '' ? { error: 'access_denied' } : { login: { accountId: who } }
    return provider.interactionFinished(request, response, result, { mergeWithLastSubmission: false })
  })
  return test
}

/** It warns that its keys and its memory are for tests alone */
function quietly(issuer: string, configuration: Configuration): Provider {
  const { warn } = console
  console.warn = () => undefined
  try {
    return new Provider(issuer, configuration)
  } finally {
    console.warn = warn
  }
}

import { Hono, type Context } from 'hono'
import { DeskbellError } from '../../protocol/errors.ts'
import { PERSON_HEADER, personTag } from '../../protocol/person.ts'
import { VISITORS_HEADER } from '../../protocol/visitor.ts'
import { personKey } from '../people/identity.ts'
import { demand } from '../people/policy.ts'
import type { Clock } from '../ports/clock.ts'
import type { Gate } from '../stop/gate.ts'
import { isMeantForAnother, type Authenticate } from './authenticate.ts'
import { errorPages, type ErrorPageOptions } from './error-page.ts'
import { onlyLooks } from './only-looks.ts'
import type { Origins } from './origins.ts'
import { problem, reported } from './problem.ts'
import type { RateLimit } from './rate-limit.ts'
import type { Described, PublicRoute, Route } from './route.ts'
import { UnreadBodies } from './unread-body.ts'

export interface AppOptions {
  routes: Route[]
  publicRoutes: PublicRoute[]
  /** Finds files by path, relative to the base path */
  assets: ((path: string, request: Request) => Promise<Response | undefined>) | undefined
  authenticate: Authenticate
  /** Visitors may write */
  takesVisitors: boolean
  origins: Origins
  /** Counts running requests, and refuses new ones once the server stops */
  requests: Gate
  /** Commands and requests of one person, over sockets and REST together; null: not limited */
  commandLimit: RateLimit | null
  /** For people who look at an error */
  pages: ErrorPageOptions
  clock: Clock
  onError: (error: unknown) => void
}

/** What `fetch` gets besides the request */
export interface RequestContext {
  /** See `clientAddress` */
  address: string | undefined
  /** Relative to the base path */
  path: string
  /** Called when no route has this path. @returns what to say about it */
  whyUnknown: () => string | undefined
}

/** The REST API: identifies the caller, asks the policy, and answers errors as problem documents, or as pages to people. */
export function httpApp({
  routes,
  publicRoutes,
  assets,
  authenticate,
  takesVisitors,
  origins,
  requests,
  commandLimit,
  pages,
  clock,
  onError,
}: AppOptions): Hono {
  const app = new Hono({ getPath: (_request, options = {}) => (options.env as RequestContext).path })

  app.use(async (c, next) => {
    await next()
    // Not by `c.header`, which makes a new response for each
    const { headers } = c.res
    headers.set('x-content-type-options', 'nosniff')
    headers.set('referrer-policy', 'strict-origin-when-cross-origin')
    for (const [name, value] of Object.entries(origins.cors(c.req.raw))) {
      if (name === 'vary') headers.append(name, value)
      else headers.set(name, value)
    }
  })

  app.use(errorPages(pages))
  const unread = new UnreadBodies(clock)
  for (const { method, path } of routes.filter(({ takes }) => takes !== undefined))
    app.on(method, path, async (c, next) => {
      await next()
      // A server that stops does not wait for it: the sender tries again anyway
      if (c.res.status >= 400 && c.res.status !== 503) await unread.drop(c.req.raw)
    })
  app.use((_c, next) => requests.run(next))

  const methods = new Map<string, string[]>()
  const know = ({ method, path }: Described) => methods.set(path, [...(methods.get(path) ?? []), method])

  for (const route of publicRoutes) {
    const { method, path, handle } = route
    know(route)
    app.on(method, path, handle)
  }
  app.get('*', async (c, next) => {
    const asset = await assets?.(c.req.path, c.req.raw)
    // A copy: the headers of one that was fetched cannot be changed
    return asset ? new Response(asset.body, asset) : next()
  })

  for (const route of routes) {
    know(route)
    app.on(route.method, route.path, async (c) => {
      if (origins.refuses(c.req.raw)) throw new DeskbellError('forbidden_origin')
      const { address } = c.env as RequestContext
      const { identity, hostRequest } = await authenticate(c.req.raw, address)
      const answer = async (): Promise<Response> => {
        if (isMeantForAnother(c.req.raw, identity)) throw new DeskbellError('other_person')
        demand(identity, route.action)
        if (!route.hasOwnLimit) commandLimit?.take(personKey(identity))
        return route.handle({
          request: c.req.raw,
          identity,
          hostRequest,
          params: c.req.param(),
          query: c.req.query(),
          onlyLooks: onlyLooks(c.req.raw),
          address,
        })
      }
      const response = await answer().catch((error: unknown) => reported(error, onError))
      // Another person may have signed in since the page was loaded
      response.headers.set(PERSON_HEADER, personTag(identity.role, identity.id))
      return response
    })
  }
  // A path without parameters before one that matches it too
  const exactFirst = [...methods].toSorted(([a], [b]) => Number(a.includes(':')) - Number(b.includes(':')))
  for (const [path, allowed] of exactFirst) app.all(path, (c) => otherMethod(c, allowed, origins))

  app.notFound((c) => problem(new DeskbellError('not_found', (c.env as RequestContext).whyUnknown())))
  app.onError((error) => {
    const response = reported(error, onError)
    if (takesVisitors && response.status === 401) response.headers.set(VISITORS_HEADER, 'on')
    return response
  })
  return app
}

/** OPTIONS is a browser's preflight request before it sends across origins. Any other method is answered with 405 */
function otherMethod(c: Context, methods: string[], origins: Origins): Response {
  // Hono answers HEAD by the handler of GET
  const allow = [...methods.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : method)), 'OPTIONS'].join(', ')
  if (c.req.method !== 'OPTIONS') {
    const response = problem(new DeskbellError('method_not_allowed'))
    response.headers.set('allow', allow)
    return response
  }
  const cors = origins.cors(c.req.raw)
  return new Response(null, {
    status: 204,
    headers: {
      allow,
      ...cors,
      'access-control-allow-methods': allow,
      'access-control-allow-headers': `Authorization, Content-Type, X-File-Name, ${PERSON_HEADER}, Last-Event-ID, X-Requested-With, X-CSRF-TOKEN`,
      'access-control-max-age': '7200',
    },
  })
}

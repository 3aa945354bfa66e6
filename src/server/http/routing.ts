// Which requests are the chat's: those below the base path, and those from which a framework or a proxy has cut it off.
import type { Hono } from 'hono'
import type { Gate } from '../stop/gate.ts'
import { clientAddress, type Peer } from './address.ts'
import type { RequestContext } from './app.ts'
import type { Mount } from './mount.ts'
import type { Unfinished } from '../stop/unfinished.ts'

const SOCKET_HINT = "This path opens WebSockets, and they come by server.on('upgrade', deskbell.upgrade)"

export interface RoutingOptions {
  app: Hono
  mount: Mount
  /** Paths of WebSockets, relative to the base path */
  socketPaths: string[]
  /** Whether upgrades reach the chat at all */
  opensSockets: () => boolean
  requests: Gate
  /** See `clientAddress` */
  trustProxy: number
  unfinished: Pick<Unfinished, 'rest' | 'wait'>
  /** The process lives on after the answer */
  livesOn: boolean
}

export interface Routing {
  /** Answers every request: nobody else would */
  fetch: (request: Request, peer?: unknown) => Promise<Response>
  /** Answers what is the chat's; undefined for everything else */
  answer: (request: Request, peer?: unknown) => Promise<Response | undefined>
}

export function routing({
  app,
  mount,
  socketPaths,
  opensSockets,
  requests,
  trustProxy,
  unfinished,
  livesOn,
}: RoutingOptions): Routing {
  const known = [...app.routes.map(({ path }) => path), '/widget.js', ...socketPaths].filter(
    (path) => !path.includes('*'),
  )
  const ownPath = new RegExp(`^(?:${patternOf(known)})$`)
  // Every folder ends like the root
  const endsLikeOwn = new RegExp(`(?:${patternOf(known.filter((path) => path !== '/'))})$`)

  async function run(request: Request, peer: Peer, path: string, whyUnknown: () => string | undefined) {
    const address = clientAddress(request, peer, trustProxy)
    const response = await app.fetch(request, { address, path, whyUnknown } satisfies RequestContext)
    if (livesOn && !peer.waitUntil) return response
    const rest = unfinished.rest()
    if (rest && peer.waitUntil) peer.waitUntil(rest)
    else if (rest) await unfinished.wait(rest)
    return response
  }

  /** @param path relative to the base path */
  function socketHint(request: Request, path: string): string | undefined {
    if (!socketPaths.includes(path)) return undefined
    if (request.headers.get('upgrade')?.toLowerCase() === 'websocket' && !opensSockets()) mount.reportSocket()
    return SOCKET_HINT
  }

  return {
    async fetch(request, context) {
      const peer = peerIn(context)
      const whole = mount.pathOf(request, peer)
      const below = mount.below(whole)
      const path = below ?? whole
      const isOwn = ownPath.test(path)
      if (isOwn && endsLikeOwn.test(path)) mount.found()
      return run(request, peer, path, () => {
        const hint = socketHint(request, path)
        if (hint !== undefined) return hint
        const isMisplaced = mount.isElsewhere(peer) || (!isOwn && endsLikeOwn.test(whole))
        if (isMisplaced) mount.reportPath(whole)
        return isMisplaced || below === undefined ? mount.explain(whole) : undefined
      })
    },
    async answer(request, context) {
      const peer = peerIn(context)
      const whole = mount.pathOf(request, peer)
      if (mount.isElsewhere(peer)) {
        return run(request, peer, whole, () => {
          mount.reportPath(whole)
          return mount.explain(whole)
        })
      }
      const below = mount.below(whole)
      // A stopped chat refuses its own requests, not the host's
      if (below === undefined || (requests.isClosed && !ownPath.test(below))) return undefined
      let isOwn = true
      const response = await run(request, peer, below, () => {
        const hint = socketHint(request, below)
        isOwn = hint !== undefined
        return hint
      })
      return isOwn ? response : undefined
    },
  }
}

const patternOf = (paths: string[]): string =>
  paths.map((path) => path.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+')).join('|')

/** Runtimes and frameworks hand over objects of their own beside a request, with whatever in them */
function peerIn(context: unknown): Peer {
  const given = Object(context) as Record<keyof Peer, unknown>
  const { address, mountedAt, waitUntil } = given
  return {
    address: typeof address === 'string' ? address : undefined,
    mountedAt: typeof mountedAt === 'string' ? mountedAt : undefined,
    // A method of the runtime's own object looks at that object
    waitUntil: typeof waitUntil === 'function' ? (work) => void Reflect.apply(waitUntil, given, [work]) : undefined,
  }
}

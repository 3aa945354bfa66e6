import { getPath } from 'hono/utils/url'
import type { Peer } from './address.ts'

/**
 * The path at which a host mounts the chat: `/support`, or nothing for the root. Escapes are decoded, as in the paths of requests
 * with which it is compared.
 * @throws Error when it is not a path
 */
export function readBasePath(path: string): string {
  if (/[?#*]/.test(path)) throw new Error(`basePath ${path} is not a path such as /support`)
  const segments = path.split('/').filter(Boolean)
  return segments.length === 0 ? '' : getPath(new Request(`http://localhost/${segments.join('/')}`))
}

const isBelow = (path: string, base: string): boolean => path === base || path.startsWith(`${base}/`)

/** Finds the chat's part of a path, and says it in words when requests come for another path than the chat was told. */
export class Mount {
  readonly #basePath: string
  readonly #onError: (error: unknown) => void
  readonly #told = new Set<'path' | 'socket'>()

  constructor(basePath: string, onError: (error: unknown) => void) {
    this.#basePath = basePath
    this.#onError = onError
  }

  /** The path that the client asked for, with what a framework has cut off */
  pathOf(request: Request, { mountedAt = '' }: Peer): string {
    return readBasePath(mountedAt) + getPath(request)
  }

  /** The part of a path below the base path; undefined when it is elsewhere */
  below(path: string): string | undefined {
    return isBelow(path, this.#basePath) ? path.slice(this.#basePath.length) || '/' : undefined
  }

  /** Whether a framework serves the chat at a path from which no request can reach the base path */
  isElsewhere({ mountedAt = '' }: Peer): boolean {
    return !isBelow(this.#basePath, readBasePath(mountedAt))
  }

  /** What is wrong, for the one who asked: both paths and nothing else */
  explain(path: string): string {
    return `Deskbell is mounted at ${this.#basePath || '/'}, and this request is for ${brief(path)}`
  }

  /** A request came for a path of the chat: what asks for other paths from now on is a stranger, and no mistake of the host */
  found(): void {
    this.#told.add('path')
  }

  /** Tells the host, once, unless the chat has been found */
  reportPath(path: string): void {
    const cure =
      'Mount it there, or give publicUrl the path at which it is mounted. Where a proxy changes paths, basePath is the one that arrives'
    this.#tell(
      'path',
      `A request came for ${brief(path)}, but Deskbell is set up for ${this.#basePath || '/'}. ${cure}`,
    )
  }

  /** Tells the host, once */
  reportSocket(): void {
    const cure = "Add server.on('upgrade', deskbell.upgrade), or clients use event streams"
    this.#tell('socket', `A client asked for a WebSocket, and nothing of this server opens it. ${cure}`)
  }

  #tell(what: 'path' | 'socket', text: string): void {
    if (this.#told.has(what)) return
    this.#told.add(what)
    this.#onError(new Error(text))
  }
}

/** Clients choose how long it is */
const brief = (path: string): string => (path.length > 100 ? `${path.slice(0, 100)}…` : path)

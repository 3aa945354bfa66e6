// Finds the address that a request comes from. The adapter gives the socket's peer; `X-Forwarded-For` counts as far as it is trusted.

/** What an adapter knows of the client that a web-standard `Request` does not contain */
export interface Peer {
  /** IP address of the socket's peer */
  address?: string | undefined
  /** The path at which a framework serves the chat, where it has cut that path off the request's URL */
  mountedAt?: string | undefined
  /**
   * Keeps the process alive until the promise is settled, where it would stop after the answer: `(work) => after(work)` in Next.js,
   * `(work) => context.waitUntil(work)` elsewhere. It gets what goes on after the answer: publications, webhooks, and what else the request
   * began
   */
  waitUntil?: ((work: Promise<unknown>) => void) | undefined
}

/**
 * The client's address as a key for limits; undefined when neither the adapter nor a trusted proxy says it.
 * @param trusted how many of the host's own proxies are in front; each appends one entry to `X-Forwarded-For`. Entries to the left
 * of theirs can be forged by the client, so they are ignored. Without a proxy the whole header is.
 */
export function clientAddress(request: Request, { address }: Peer, trusted: number): string | undefined {
  if (trusted === 0) return address && networkOf(address)
  const forwarded = (request.headers.get('x-forwarded-for') ?? '').split(',').map((entry) => entry.trim())
  // Where no adapter says who the peer is, it is the nearest of those proxies
  const chain = [...forwarded.filter(Boolean), address]
  const found = chain.at(-1 - trusted) ?? chain[0]
  return found && networkOf(found)
}

/** An IPv6 address counts as its /64, all of which usually belongs to one client. All notations of an IPv4 address are equal. */
function networkOf(entry: string): string {
  const bare = /^\[([^\]]*)\]/.exec(entry)?.[1] ?? entry
  const mapped = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)(?::\d+)?$/i.exec(bare)?.[1]
  if (mapped !== undefined) return mapped
  const url = `http://[${bare.replace(/%.*$/, '')}]/`
  // Not an address, but a value of a proxy such as `unknown`. It is cut, because it is kept in memory
  if (!URL.canParse(url)) return entry.slice(0, 64)
  const [head = '', tail] = new URL(url).hostname.slice(1, -1).split('::')
  const left = head.split(':').filter(Boolean)
  const right = (tail ?? '').split(':').filter(Boolean)
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0')
  return `${[...left, ...zeros, ...right].slice(0, 4).join(':')}::/64`
}

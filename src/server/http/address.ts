// Which address a request comes from. The adapter says what the socket's other end is; headers count as far as they are trusted.

/** What an adapter knows of the other end and a web-standard Request does not say */
export interface Peer {
  /** IP address of the socket's other end */
  address?: string | undefined
}

/**
 * The client's address as a key for limits; undefined when the adapter did not say.
 * @param trusted how many proxies of the host's own stand in front, each of which appends to `X-Forwarded-For`. What is left of
 * their entries was written by the client itself, and proves nothing; without a proxy the whole header does not.
 */
export function clientAddress(request: Request, { address }: Peer, trusted: number): string | undefined {
  if (address === undefined || trusted === 0) return address && networkOf(address)
  const forwarded = (request.headers.get('x-forwarded-for') ?? '').split(',').map((entry) => entry.trim())
  const chain = [...forwarded.filter(Boolean), address]
  return networkOf(chain.at(-1 - trusted) ?? chain[0] ?? address)
}

/** Who has an IPv6 address has its whole /64, so that is what counts. IPv4 is the same in whatever dress. */
function networkOf(entry: string): string {
  const bare = /^\[([^\]]*)\]/.exec(entry)?.[1] ?? entry
  const mapped = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)(?::\d+)?$/i.exec(bare)?.[1]
  if (mapped !== undefined) return mapped
  const url = `http://[${bare.replace(/%.*$/, '')}]/`
  // What is no address is a proxy's own word, such as `unknown`; the map of limits keeps no long ones
  if (!URL.canParse(url)) return entry.slice(0, 64)
  const [head = '', tail] = new URL(url).hostname.slice(1, -1).split('::')
  const left = head.split(':').filter(Boolean)
  const right = (tail ?? '').split(':').filter(Boolean)
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0')
  return `${[...left, ...zeros, ...right].slice(0, 4).join(':')}::/64`
}

const LOCAL = 'http://localhost:*'

/** An app's own scheme (`capacitor://localhost`) counts as it is: its `origin` would be `null`, which every sandbox has */
function originOf(entry: string): string {
  if (entry.includes('*'))
    throw new Error(`${entry} matches nothing: name each origin; of those with *, ${LOCAL} alone is known`)
  const url = URL.canParse(entry) ? new URL(entry) : undefined
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url.origin
  if (/^[a-z][a-z0-9+.-]*:\/\/[^/\s]+$/.test(entry)) return entry
  throw new Error(`${entry} is no origin; it should look like https://app.example.com`)
}

/** Which web pages may talk to this server. */
export class Origins {
  readonly #allowed: Set<string>
  readonly #allowLocal: boolean

  /** @param allowed origins, or full URLs of which the origin counts; `http://localhost:*` allows every port of this machine */
  constructor(allowed: string[]) {
    this.#allowLocal = allowed.includes(LOCAL)
    this.#allowed = new Set(allowed.filter((entry) => entry !== LOCAL).map(originOf))
  }

  allows(origin: string): boolean {
    if (this.#allowed.has(origin)) return true
    return this.#allowLocal && /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(origin)
  }

  /**
   * A browser page that is not on the list is behind this request, be it only by an image or a link: reading a chat marks it
   * viewed, so GET counts too. Programs send none of these headers, and ride on no cookie.
   */
  refuses(request: Request): boolean {
    const origin = request.headers.get('origin')
    if (origin !== null) return !this.allows(origin) && origin !== new URL(request.url).origin
    return /^(cross|same)-site$/.test(request.headers.get('sec-fetch-site') ?? '')
  }

  cors(request: Request): Record<string, string> {
    const origin = request.headers.get('origin')
    if (origin === null || !this.allows(origin)) return { vary: 'Origin' }
    return {
      vary: 'Origin',
      'access-control-allow-origin': origin,
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'Link, Retry-After',
    }
  }
}

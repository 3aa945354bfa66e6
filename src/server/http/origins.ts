import { PERSON_HEADER } from '../../protocol/person.ts'
import { VISITORS_HEADER } from '../../protocol/visitor.ts'

const LOCAL = 'http://localhost:*'

/** An app's own scheme (`capacitor://localhost`) is compared as text: its `URL.origin` is `null`, as for every sandboxed page */
function originOf(entry: string): string {
  if (entry.includes('*')) throw new Error(`${entry} is not supported: list each origin. The only wildcard is ${LOCAL}`)
  const url = URL.canParse(entry) ? new URL(entry) : undefined
  if (url?.protocol === 'https:' || url?.protocol === 'http:') return url.origin
  if (/^[a-z][a-z0-9+.-]*:\/\/[^/\s]+$/.test(entry)) return entry
  throw new Error(`${entry} is not an origin such as https://app.example.com`)
}

/** The origins of web pages that may use this server. */
export class Origins {
  readonly #allowed: Set<string>
  readonly #allowLocal: boolean

  /** @param allowed origins, or URLs with these origins; `http://localhost:*` allows every port of this machine */
  constructor(allowed: string[]) {
    this.#allowLocal = allowed.includes(LOCAL)
    this.#allowed = new Set(allowed.filter((entry) => entry !== LOCAL).map(originOf))
  }

  allows(origin: string): boolean {
    if (this.#allowed.has(origin)) return true
    return this.#allowLocal && /^http:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d+)?$/.test(origin)
  }

  /**
   * Whether the request comes from a browser page that is not allowed, even by an image or a link. GET counts too, because
   * reading a chat marks it as viewed. Programs other than browsers send none of these headers, and are not refused.
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
      'access-control-expose-headers': `${PERSON_HEADER}, ${VISITORS_HEADER}, Link, Retry-After`,
    }
  }
}

// The cookies of staff. A browser sends the cookies of a host to every port and may send those of one path to another, so several
// installations on one host need names of their own, or signing in to one would sign out of the others.
import type { Context } from 'hono'
import { setCookie } from 'hono/cookie'
import { parse } from 'hono/utils/cookie'

export class Cookie {
  readonly name: string
  readonly #secure: boolean
  readonly #path: string

  /**
   * Over HTTPS the name begins with `__Host-` (RFC 6265bis): browsers take such a cookie from this host alone, and not from another one
   * of the same domain. It then belongs to the whole host, so the path of the mount is in its name.
   * @param what it holds, such as `session`
   */
  constructor(what: string, publicUrl: string) {
    const { protocol, port, pathname } = new URL(publicUrl)
    this.#secure = protocol === 'https:'
    this.#path = this.#secure ? '/' : pathname
    const name = [`deskbell_${what}`, port, ...pathname.split('/')].filter(Boolean).join('_')
    this.name = (this.#secure ? '__Host-' : '') + name.replace(/[^\w.~-]/g, '_')
  }

  read(request: Request): string | undefined {
    return parse(request.headers.get('cookie') ?? '')[this.name]
  }

  /** @param maxAge seconds */
  set(c: Context, value: string, maxAge: number): void {
    const options = { httpOnly: true, sameSite: 'Lax', secure: this.#secure, path: this.#path, maxAge } as const
    setCookie(c, this.name, value, options)
  }

  clear(c: Context): void {
    if (this.read(c.req.raw) !== undefined) this.set(c, '', 0)
  }
}

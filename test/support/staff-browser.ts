// What a browser does with the forms of signing in, without a browser: cookies, the Origin of a form, redirects that are not followed.

export interface Shown {
  status: number
  /** Of a redirect, as it was given */
  location: string
  text: string
  headers: Headers
}

export class StaffBrowser {
  readonly #server: string
  readonly #cookies = new Map<string, string>()
  /** Sent with each request, such as an `x-forwarded-for` */
  readonly headers: Record<string, string> = {}

  constructor(server: string) {
    this.#server = server
  }

  get cookie(): string {
    return [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ')
  }

  get cookies(): ReadonlyMap<string, string> {
    return this.#cookies
  }

  get(path: string): Promise<Shown> {
    return this.#request(path, { headers: { accept: 'text/html' } })
  }

  post(path: string, form: Record<string, string>, headers: Record<string, string> = {}): Promise<Shown> {
    const body = new URLSearchParams(form)
    return this.#request(path, { method: 'POST', body, headers: { accept: 'text/html', ...headers } })
  }

  /** As the dashboard asks */
  async api<T = unknown>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }> {
    const shown = await this.#request(path, {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    })
    return { status: shown.status, body: (shown.text === '' ? null : JSON.parse(shown.text)) as T }
  }

  signIn(email: string, password: string): Promise<Shown> {
    return this.post('/dashboard/sign_in', { email, password })
  }

  async #request(
    path: string,
    { headers, ...init }: Omit<RequestInit, 'headers'> & { headers?: Record<string, string> },
  ): Promise<Shown> {
    const url = new URL(path, this.#server)
    const answer = await fetch(url, {
      ...init,
      redirect: 'manual',
      // A connection that is kept may be one of a server that has ended since
      headers: { connection: 'close', origin: url.origin, cookie: this.cookie, ...this.headers, ...headers },
    })
    for (const line of answer.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (/max-age=0/i.test(line)) this.#cookies.delete(name)
      else this.#cookies.set(name, value)
    }
    const location = answer.headers.get('location') ?? ''
    return { status: answer.status, location, text: await answer.text(), headers: answer.headers }
  }
}

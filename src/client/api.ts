// Requests to the REST API. All paths are relative to one base, the mount point.
import type { ErrorCode } from '../protocol/errors.ts'
import { ANSWER_WITHIN } from '../protocol/timing.ts'
import type { AdminSupportChat, SupportChat } from '../protocol/types.ts'
import { ApiError, toApiError } from './api-error.ts'
import type { Session } from './connection/session.ts'

export interface ApiOptions {
  /** Absolute URL of the mount point */
  base: string
  session: Session
  fetch?: typeof fetch | undefined
}

export type Query = Record<string, string | number | boolean | undefined>

export class Api {
  declare readonly base: string
  declare readonly session: Session
  readonly #fetch: typeof fetch
  #told = ''

  constructor({ base, session, fetch: custom }: ApiOptions) {
    this.base = base.endsWith('/') ? base : `${base}/`
    this.session = session
    this.#fetch = custom ?? ((input, init) => fetch(input, init))
  }

  /** The user's own chat, which is created if need be. @param page the page that the person is on, shown to staff */
  openChat(page?: string): Promise<SupportChat> {
    return this.json('GET', `support_chat${queryString({ page })}`)
  }
  /** Marks the chat viewed */
  adminChat(id: string): Promise<AdminSupportChat> {
    return this.json('GET', `admin/chats/${id}`)
  }

  async json<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await this.request(method, path, body)
    try {
      return (await response.json()) as T
    } catch {
      throw new ApiError('network', 0, 'The answer broke off')
    }
  }

  /** Any path under the base; throws `ApiError` for everything but a 2xx */
  async request(method: string, path: string, body?: unknown): Promise<Response> {
    let token = await this.session.token()
    let response = await this.#once(method, path, body, token)
    if (response.status === 401) {
      // A host that has no token to give may say so by a rejection
      token = await this.session.freshToken(response).catch(() => null)
      if (token !== null) response = await this.#once(method, path, body, token)
    }
    this.session.answered(response)
    if (response.ok) return response
    const error = await problem(response)
    // A token that expired or was revoked is nothing that a developer must mend
    if (/^token_[^er]/.test(error.code)) this.#tellDeveloper(error.message)
    throw error
  }

  /** The person is told only that they are signed out. What is wrong with the token is for whoever signs it; once, since polls repeat */
  #tellDeveloper(what: string): void {
    if (what !== this.#told) console.error(`Deskbell: ${what}`)
    this.#told = what
  }

  async #once(method: string, path: string, body: unknown, token: string | null): Promise<Response> {
    const headers: Record<string, string> = { Accept: 'application/json', ...this.session.headers(token) }
    // A plain form cannot send this header, so with a cookie it proves that the request comes from a script of this origin.
    if (method !== 'GET') headers['X-Requested-With'] = 'deskbell'
    if (body !== undefined) headers['Content-Type'] = 'application/json'
    try {
      return await this.#fetch(new URL(path, this.base).href, {
        method,
        headers,
        credentials: token === null ? 'include' : 'omit',
        cache: 'no-store',
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(ANSWER_WITHIN),
      })
    } catch (error) {
      throw toApiError(error)
    }
  }
}

/** `?a=b`, or nothing */
export function queryString(query: Query): string {
  const params = new URLSearchParams()
  for (const [key, value] of Object.entries(query))
    if (value !== undefined && value !== '') params.set(key, String(value))
  const text = params.toString()
  return text && `?${text}`
}

async function problem(response: Response): Promise<ApiError> {
  const { code, detail, title } = Object(await response.json().catch(() => null)) as Record<string, unknown>
  // The content type tells our problem documents from others; a list of the codes would weigh more than all the rest here
  const isOurs = typeof code === 'string' && /problem\+json/.test(response.headers.get('Content-Type') ?? '')
  const known = isOurs ? (code as ErrorCode) : 'http'
  const text = typeof detail === 'string' ? detail : typeof title === 'string' ? title : `HTTP ${response.status}`
  return new ApiError(known, response.status, text, Number(response.headers.get('Retry-After')) || undefined)
}

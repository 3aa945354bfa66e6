import type { Identity } from '../people/identity.ts'
import type { Action } from '../people/policy.ts'

export interface RouteInput {
  request: Request
  identity: Identity
  params: Record<string, string>
  query: Record<string, string>
  /** The answer is that of GET, but nothing may change: see `onlyLooks` */
  onlyLooks: boolean
  /** The client's address as a key for limits; undefined when the runtime does not know it */
  address: string | undefined
}

/** A route for people who are signed in. */
export interface Route {
  method: 'GET' | 'POST' | 'PATCH'
  /** Relative to the base path, in Hono's notation */
  path: string
  /** Checked before `handle` runs. For an action in one chat, `handle` also checks that chat */
  action: Action
  /** The route has its own rate limit instead of that for commands */
  hasOwnLimit?: true
  handle: (input: RouteInput) => Promise<Response>
}

export const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
  })

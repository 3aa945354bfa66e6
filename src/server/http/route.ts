import type { Identity } from '../people/identity.ts'
import type { Action } from '../people/policy.ts'

export interface RouteInput {
  request: Request
  identity: Identity
  params: Record<string, string>
  query: Record<string, string>
  /** Where it comes from, as a key for limits; undefined when the runtime does not say */
  address: string | undefined
}

/** A route for people who are signed in. */
export interface Route {
  method: 'GET' | 'POST' | 'PATCH'
  /** Relative to the mount point, in Hono's notation */
  path: string
  /** The caller must be allowed to do this before `handle` runs, which asks about the chat itself, if there is one */
  action: Action
  /** It takes from a limit of its own, and not from that of commands */
  hasOwnLimit?: true
  handle: (input: RouteInput) => Promise<Response>
}

export const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
  })

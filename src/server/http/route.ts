import type { Identity } from '../people/identity.ts'
import type { SenderType } from '../../protocol/types.ts'

export interface RouteInput {
  request: Request
  identity: Identity
  params: Record<string, string>
  query: Record<string, string>
  /** Where it comes from, as a key for limits; undefined when the runtime does not say */
  address: string | undefined
}

/** A route for people who are signed in; `role` is checked before `handle` runs. */
export interface Route {
  method: 'GET' | 'POST' | 'PATCH'
  /** Relative to the mount point, in Hono's notation */
  path: string
  role: SenderType
  /** It takes from a limit of its own, so it is no command */
  hasOwnLimit?: true
  handle: (input: RouteInput) => Promise<Response>
}

export const json = (body: unknown, status = 200, headers: Record<string, string> = {}): Response =>
  new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store', ...headers },
  })

// A route that the dashboard calls: from a page of this server, by whoever is signed in.
import type { Context, Hono } from 'hono'
import { DeskbellError } from '../../protocol/errors.ts'
import { PERSON_HEADER, personTag } from '../../protocol/person.ts'
import { isMeantForAnother } from '../../server/http/authenticate.ts'
import { problem, PROBLEM_TYPE, reported } from '../../server/http/problem.ts'
import { AccountRefused } from './member.ts'
import type { Caller, RouteContext } from './route-context.ts'

export type AccountRoute = (
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  handle: (caller: Caller, c: Context) => Promise<Response>,
) => void

export function accountRoute(app: Hono, { origins, callerOf, report }: RouteContext): AccountRoute {
  return (method, path, handle) => {
    app.on(method, path, async (c) => {
      if (origins.refuses(c.req.raw)) return problem(new DeskbellError('forbidden_origin'))
      const caller = await callerOf(c.req.raw)
      if (caller === null) return problem(new DeskbellError('unauthorized'))
      const { identity } = caller
      const answer = async (): Promise<Response> => {
        if (isMeantForAnother(c.req.raw, identity)) throw new DeskbellError('other_person')
        return handle(caller, c)
      }
      const response = await answer().catch((error: unknown) =>
        error instanceof AccountRefused ? refusal(error) : reported(error, report),
      )
      response.headers.set(PERSON_HEADER, personTag(identity.role, identity.id))
      response.headers.set('cache-control', 'no-store')
      return response
    })
  }
}

/** A problem document (RFC 9457) with a code of `AccountRefusal` */
const refusal = ({ reason }: AccountRefused): Response =>
  new Response(JSON.stringify({ type: 'about:blank', title: reason, status: 422, code: reason }), {
    status: 422,
    headers: { 'content-type': PROBLEM_TYPE },
  })

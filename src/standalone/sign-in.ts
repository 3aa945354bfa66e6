// How staff get into the dashboard of the stand-alone server without an account, by a link or a token of the operator's; and how all of
// them get out.
import { randomBytes, randomUUID } from 'node:crypto'
import type { Context, Hono } from 'hono'
import type { Deskbell } from '../adapters/node.ts'
import { DeskbellError } from '../protocol/errors.ts'
import { readForm } from '../server/http/input.ts'
import { onlyLooks } from '../server/http/only-looks.ts'
import { Origins } from '../server/http/origins.ts'
import { problem } from '../server/http/problem.ts'
import { AUDIENCE } from '../server/people/token.ts'
import type { Accounts } from './accounts/accounts.ts'
import { addressOf } from './accounts/address-of.ts'
import type { Cookie } from './accounts/cookies.ts'
import type { RouteContext } from './accounts/route-context.ts'
import { withReturn } from './accounts/return-to.ts'
import type { StandaloneCatalogue } from './catalogue.ts'

/** Seconds */
const SESSION = 12 * 3600

/** Tickets are printed by the server, and each signs in once. They exist only outside production. */
export class Tickets {
  readonly #open = new Set<string>()

  issue(): string {
    const ticket = randomBytes(18).toString('base64url')
    this.#open.add(ticket)
    return ticket
  }

  redeem(ticket: string): boolean {
    return this.#open.delete(ticket)
  }
}

export interface SignInOptions {
  words: StandaloneCatalogue
  deskbell: Pick<Deskbell, 'tokens' | 'revoke'>
  tickets: Tickets
  sessions: Cookie
  callerOf: RouteContext['callerOf']
  /** Nobody who is not signed in sees the dashboard: they are led to the sign-in page */
  hasAccounts: boolean
  accounts: () => Promise<Accounts>
  publicUrl: string
  trustProxy: number
  /** Called for each attempt that was refused */
  refused: (error: DeskbellError) => void
}

export function mountSignIn(
  app: Hono,
  {
    words,
    deskbell: { tokens, revoke },
    tickets,
    sessions,
    callerOf,
    hasAccounts,
    accounts,
    publicUrl,
    refused,
    trustProxy,
  }: SignInOptions,
): void {
  const origins = new Origins([publicUrl])

  async function begin(c: Context, staff: { id: string; email: string; name: string | null }): Promise<void> {
    const claims = { sub: staff.id, email: staff.email, name: staff.name ?? undefined, jti: randomUUID() }
    const session = await tokens.sign(claims, { audience: AUDIENCE.session, expiresIn: SESSION })
    sessions.set(c, session, SESSION)
  }

  app.get('/dashboard', async (c, next) => {
    const ticket = c.req.query('ticket')
    if (ticket === undefined) {
      if (!hasAccounts || (await callerOf(c.req.raw))) return next()
      c.header('cache-control', 'no-store')
      return c.redirect(withReturn('dashboard/sign_in', new URL(c.req.url).search), 302)
    }
    if (c.req.method === 'HEAD') return next()
    // A browser that fetches ahead goes without the answer, and asks again when the page is wanted
    if (onlyLooks(c.req.raw)) return c.body(null, 503)
    // A used ticket in the history of somebody who is signed in still leads to the dashboard
    if (tickets.redeem(ticket))
      await begin(c, { id: 'support', email: 'support@localhost', name: words.signIn.staffName })
    else refused(new DeskbellError('token_invalid'))
    return c.redirect('dashboard', 302)
  })

  // The host's own page posts a staff token here, as a header or as the field `token` of a form
  app.post('/dashboard/session', async (c) => {
    try {
      const bearer = /^Bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '')?.[1]
      const inForm = (await readForm(c.req.raw)).get('token')
      const field = bearer ?? inForm
      if (typeof field !== 'string') throw new DeskbellError('unauthorized')
      await begin(c, await tokens.identify(field, [AUDIENCE.admin]))
      return bearer === undefined ? c.redirect('../dashboard', 303) : c.body(null, 204)
    } catch (error) {
      if (error instanceof DeskbellError && error.status === 401) refused(error)
      return problem(error)
    }
  })
  app.post('/dashboard/sign_out', async (c) => {
    if (origins.refuses(c.req.raw)) return problem(new DeskbellError('forbidden_origin'))
    const cookie = sessions.read(c.req.raw)
    const caller = await callerOf(c.req.raw)
    // The cookie may have been copied: the session itself ends, on every node, and its sockets with it
    if (caller?.member && cookie !== undefined) await (await accounts()).sessions.end(cookie)
    else if (caller?.identity.sessionId) await revoke({ session: caller.identity.sessionId })
    sessions.clear(c)
    return c.body(null, 204)
  })
  app.post('/dashboard/sign_out_everywhere', async (c) => {
    if (origins.refuses(c.req.raw)) return problem(new DeskbellError('forbidden_origin'))
    const caller = await callerOf(c.req.raw)
    if (caller?.member) await (await accounts()).sessions.signOutEverywhere(caller.member, addressOf(c, trustProxy))
    else if (caller) await revoke({ id: caller.identity.id, role: caller.identity.role })
    sessions.clear(c)
    return c.body(null, 204)
  })
  // With the list of chats, the dashboard learns what else it can show (RFC 8288)
  app.get('/admin/chats', async (c, next) => {
    await next()
    if (!c.res.ok) return
    const caller = await callerOf(c.req.raw)
    if (caller) c.header('link', '<../dashboard/account>; rel="account"', { append: true })
    if (caller?.member?.role === 'owner') c.header('link', '<../dashboard/team>; rel="team"', { append: true })
  })
}

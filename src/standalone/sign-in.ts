// How staff get into the dashboard of the stand-alone server: by a session cookie.
import { randomBytes, randomUUID } from 'node:crypto'
import type { Context, Hono } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { parse, type CookieOptions } from 'hono/utils/cookie'
import type { Deskbell } from '../adapters/node.ts'
import type { StaffAccount } from '../protocol/account.ts'
import { PERSON_HEADER, personTag } from '../protocol/person.ts'
import { DeskbellError } from '../protocol/errors.ts'
import { readForm } from '../server/http/input.ts'
import { onlyLooks } from '../server/http/only-looks.ts'
import { homeLink, PAGE_CSP, smallPage } from '../server/http/page.ts'
import { Origins } from '../server/http/origins.ts'
import { problem } from '../server/http/problem.ts'
import type { Identity } from '../server/people/identity.ts'
import type { Whom } from '../server/people/revocations.ts'
import { AUDIENCE, type Tokens } from '../server/people/token.ts'
import type { StandaloneCatalogue } from './catalogue.ts'

/** Seconds */
const SESSION = 12 * 3600

/**
 * The cookie's name: `deskbell_session`, then the port and the path of the public URL, if any. A browser sends the cookies of a
 * host to every port, so several installations on one host need names of their own, or signing in to one would sign out of the others.
 */
function cookieName(publicUrl: string): string {
  const { port, pathname } = new URL(publicUrl)
  return ['deskbell_session', port, ...pathname.split('/')]
    .filter(Boolean)
    .join('_')
    .replace(/[^\w.~-]/g, '_')
}

/** The person of the session cookie; null without a valid one */
export async function staffOf(request: Request, tokens: Tokens, publicUrl: string): Promise<Identity | null> {
  const session = parse(request.headers.get('cookie') ?? '')[cookieName(publicUrl)]
  if (session === undefined) return null
  return tokens.identify(session, [AUDIENCE.session]).catch(() => null)
}

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
  /** The server prints a link with a ticket, which is how people sign in */
  printsTicket: boolean
  publicUrl: string
  /** Called for each attempt that was refused */
  refused: (error: DeskbellError) => void
}

export function mountSignIn(
  app: Hono,
  { words, deskbell: { tokens, revoke }, tickets, printsTicket, publicUrl, refused }: SignInOptions,
): void {
  const name = cookieName(publicUrl)
  const secure = publicUrl.startsWith('https:')
  const cookie: CookieOptions = { httpOnly: true, sameSite: 'Lax', secure, path: new URL(publicUrl).pathname }
  const origins = new Origins([publicUrl])

  async function begin(c: Context, staff: { id: string; email: string; name: string | null }): Promise<void> {
    const claims = { sub: staff.id, email: staff.email, name: staff.name ?? undefined, jti: randomUUID() }
    const session = await tokens.sign(claims, { audience: AUDIENCE.session, expiresIn: SESSION })
    setCookie(c, name, session, { ...cookie, maxAge: SESSION })
  }

  app.get('/dashboard', async (c, next) => {
    const ticket = c.req.query('ticket')
    if (ticket === undefined || c.req.method === 'HEAD') return next()
    // A browser that fetches ahead goes without the answer, and asks again when the page is wanted
    if (onlyLooks(c.req.raw)) return c.body(null, 503)
    // A used ticket in the history of somebody who is signed in still leads to the dashboard
    if (tickets.redeem(ticket))
      await begin(c, { id: 'support', email: 'support@localhost', name: words.signIn.staffName })
    else refused(new DeskbellError('token_invalid'))
    return c.redirect('dashboard', 302)
  })

  if (printsTicket)
    app.get('/dashboard/sign_in', (c) => {
      const { title, printed, dashboard } = words.signIn
      const actions = homeLink('../dashboard', dashboard)
      const styles = '../pages.css'
      const page = smallPage({ locale: words.locale, direction: 'ltr', styles, title, text: printed, actions })
      return c.html(page, 200, PAGE_CSP)
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
  /** The cookie may have been copied: the sessions themselves end, on every node, and their sockets with them */
  const ends = (path: string, whom: (staff: Identity) => Whom | null): unknown =>
    app.post(path, async (c) => {
      if (origins.refuses(c.req.raw)) return problem(new DeskbellError('forbidden_origin'))
      const staff = await staffOf(c.req.raw, tokens, publicUrl)
      const ended = staff && whom(staff)
      if (ended) await revoke(ended)
      if (getCookie(c, name)) setCookie(c, name, '', { ...cookie, maxAge: 0 })
      return c.body(null, 204)
    })
  ends('/dashboard/sign_out', ({ sessionId }) => (sessionId ? { session: sessionId } : null))
  ends('/dashboard/sign_out_everywhere', ({ id, role }) => ({ id, role }))

  app.get('/dashboard/account', async (c) => {
    if (origins.refuses(c.req.raw)) return problem(new DeskbellError('forbidden_origin'))
    const staff = await staffOf(c.req.raw, tokens, publicUrl)
    if (staff === null) return problem(new DeskbellError('unauthorized'))
    const account: StaffAccount = { name: staff.name, email: staff.email }
    return c.json(account, 200, {
      'cache-control': 'no-store',
      [PERSON_HEADER]: personTag(staff.role, staff.id),
    })
  })
  // With the list of chats, the dashboard learns what else it can show (RFC 8288)
  app.get('/admin/chats', async (c, next) => {
    await next()
    if (c.res.ok && getCookie(c, name)) c.header('link', '<../dashboard/account>; rel="account"', { append: true })
  })
}

// The routes of signing in with an OpenID provider: there, and back.
import type { Context, Hono } from 'hono'
import { z } from 'zod'
import { DeskbellError } from '../../../protocol/errors.ts'
import { returnTo, type FormPages } from '../form-pages.ts'
import { pageLink } from '../pages.ts'
import { withReturn } from '../return-to.ts'
import type { RouteContext } from '../route-context.ts'
import { AccountRefused } from '../member.ts'
import { newToken } from '../secrets.ts'
import { MembershipRefused, type MembershipRefusal } from './membership.ts'
import { OidcFailed, OidcProvider, type OidcSettings } from './provider.ts'

/** Seconds that people may take at the provider */
const JOURNEY_FOR = 600

/** What the browser keeps meanwhile. Whatever it holds is checked as if it came from anybody */
const journeySchema = z.object({
  secret: z.string(),
  returnTo: z.string().optional(),
  /** Of a link to join */
  join: z.string().optional(),
})
type Journey = z.output<typeof journeySchema>

function readJourney(cookie: string | undefined): Journey | undefined {
  try {
    return journeySchema.parse(JSON.parse(Buffer.from(cookie ?? '', 'base64url').toString('utf8')))
  } catch {
    return undefined
  }
}
const writeJourney = (journey: Journey): string => Buffer.from(JSON.stringify(journey)).toString('base64url')

/** The same way once more. @param other choose who to be at the provider */
function again({ returnTo: back, join }: Omit<Journey, 'secret'>, other = false): string {
  const query = new URLSearchParams({
    ...(back && { return_to: back }),
    ...(join && { join }),
    ...(other && { other: '1' }),
  })
  return query.size === 0 ? 'oidc' : `oidc?${query.toString()}`
}

export function mountOidcPages(app: Hono, context: RouteContext, settings: OidcSettings, pages: FormPages): void {
  const { words, accounts, journey: cookie } = context
  const { says, gone, admit } = pages
  const provider = new OidcProvider(settings, context.publicUrl)
  const { provider: say } = words
  const { name } = provider

  const toSignIn = (back: string | undefined) => pageLink(withReturn('sign_in', back), words.toSignIn)

  async function failed(c: Context, error: unknown, way: Omit<Journey, 'secret'>) {
    const tryAgain = { href: again(way), text: say.tryAgain }
    const foot = toSignIn(way.returnTo)
    if (error instanceof DeskbellError && error.code === 'rate_limited')
      return says(c, { title: say.tooMany, text: pages.tooMany(c, error), link: tryAgain, foot }, 429)
    if (error instanceof DeskbellError && error.code === 'unavailable')
      return says(c, { title: say.away(name), text: words.errors.busy, link: tryAgain, foot }, 503)
    // Somebody else joined with this address at the same moment
    if (error instanceof AccountRefused && error.reason === 'address_taken')
      return says(c, { title: say.declined, text: words.errors.addressTaken, link: tryAgain, foot }, 422)
    if (!(error instanceof OidcFailed)) throw error
    if (error.reason === 'away') {
      context.report(error)
      return says(c, { title: say.away(name), text: say.awayHint, link: tryAgain, foot }, 503)
    }
    context.refused(new DeskbellError('unauthorized'))
    if (error.reason === 'stale') return says(c, { title: say.stale, text: say.staleHint, link: tryAgain, foot }, 400)
    return says(c, { title: say.declined, text: say.declinedHint(name), link: tryAgain, foot }, 403)
  }

  function refused(c: Context, reason: MembershipRefusal, email: string, way: Omit<Journey, 'secret'>) {
    context.refused(new DeskbellError('forbidden'))
    const said: Record<Exclude<MembershipRefusal, 'link_gone'>, [title: string, text: string]> = {
      unverified: [say.unverified, say.unverifiedHint(name)],
      not_invited: [say.notInvited, say.notInvitedHint(name, email)],
      other_address: [say.otherAddress, say.otherAddressHint(name, email)],
      other_identity: [say.otherIdentity, say.otherIdentityHint(name)],
    }
    if (reason === 'link_gone') return gone(c)
    const [title, text] = said[reason]
    const link = { href: again(way, true), text: say.otherAccount }
    return says(c, { title, text, link, foot: toSignIn(way.returnTo) }, 403)
  }

  app.get('/dashboard/oidc', async (c) => {
    const way = { returnTo: returnTo(c), join: c.req.query('join') }
    try {
      const { limits } = await accounts()
      await limits.request(context.addressOf(c))
      const secret = newToken()
      const url = await provider.begin(secret, c.req.query('other') !== undefined)
      cookie.set(c, writeJourney({ ...way, secret }), JOURNEY_FOR)
      c.header('cache-control', 'no-store')
      return c.redirect(url.href, 303)
    } catch (error) {
      return failed(c, error, way)
    }
  })

  app.get('/dashboard/oidc_callback', async (c) => {
    const known = readJourney(cookie.read(c.req.raw))
    // Good for one return
    cookie.clear(c)
    if (!known) return failed(c, new OidcFailed('stale', undefined), {})
    const { secret, ...way } = known
    try {
      // Anybody can make up a journey, and the provider is asked about each
      await (await accounts()).limits.request(context.addressOf(c))
      const identity = await provider.finish(new URL(c.req.url).searchParams, secret)
      const { memberships } = await accounts()
      try {
        return await admit(c, await memberships.memberOf(identity, way.join, context.addressOf(c)), way.returnTo)
      } catch (error) {
        if (error instanceof MembershipRefused) return await refused(c, error.reason, identity.verifiedEmail ?? '', way)
        throw error
      }
    } catch (error) {
      return failed(c, error, way)
    }
  })
}

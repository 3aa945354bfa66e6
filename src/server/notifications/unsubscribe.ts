import type { Context } from 'hono'
import { html } from 'hono/html'
import { z } from 'zod'
import { DeskbellError } from '../../protocol/errors.ts'
import type { ServerCatalogue } from '../catalogue.ts'
import { readForm } from '../http/input.ts'
import { directionOf } from '../http/direction.ts'
import { homeLink, PAGE_CSP, smallPage } from '../http/page.ts'
import type { PublicRoute } from '../http/route.ts'
import { AUDIENCE, type Audience, type Tokens } from '../people/token.ts'
import { isoTime, type Clock } from '../ports/clock.ts'
import type { Store } from '../ports/store/store.ts'

export interface UnsubscribeOptions {
  words: ServerCatalogue
  appName: string
  /** Where the pages lead on */
  home: string
  /** The path at which people find the chat, without a slash at its end */
  root: string
  store: Store
  tokens: Tokens
  clock: Clock
}

/** The e-mails that a link stops: those to a person, or those about visitors to an address */
interface Subscription {
  isOff(): Promise<boolean>
  stop(at: string): Promise<void>
  resume(at: string): Promise<void>
}

const linkQuery = z.object({ token: z.string().optional().describe('From the e-mail') })
const oneClick = z.object({
  'List-Unsubscribe': z.string().optional().describe('`One-Click`, from a mail program (RFC 8058)'),
})
const PAGES = { media: ['text/html'] }
const BROKEN = { when: 'The link is not one of this server’s' }

/** The link alone says what is asked for, so a form that cannot be read is none */
function noForm(error: unknown): FormData {
  if (error instanceof DeskbellError && error.code === 'invalid_request') return new FormData()
  throw error
}

/**
 * The pages behind the link in the e-mail. GET only asks, because link scanners follow links. POST unsubscribes. It comes from the
 * page's button, or from a mail program (RFC 8058), which sends `List-Unsubscribe=One-Click` and no cookie, and gets a line of text.
 * The link stays good for ever, and leads back too: somebody else may have pressed the button, or a scanner.
 */
export function unsubscribeRoutes(options: UnsubscribeOptions): PublicRoute[] {
  const { words, appName, home, root, store, tokens, clock } = options
  const say = words.unsubscribe
  const leadOn = homeLink(home, words.errorPage.home(appName))

  const show = async (c: Context, title: string, text: string, actions: typeof leadOn, status: 200 | 401 = 200) =>
    c.html(
      smallPage({ locale: words.locale, direction: directionOf(title), styles: 'pages.css', title, text, actions }),
      status,
      PAGE_CSP,
    )
  const isOff = (c: Context, token: string) =>
    show(
      c,
      say.done,
      say.doneHint,
      html`<form method="post" action="resubscribe?token=${token}"><button>${say.again}</button></form>
        ${leadOn}`,
    )

  const subjectOf = (token: string, audience: Audience): Promise<string | undefined> =>
    tokens.subject(token, audience).catch((error: unknown) => {
      if (error instanceof DeskbellError && error.status === 401) return undefined
      throw error
    })
  /** What the link is about; undefined: it was cut off, or made up, or the secret has changed since */
  async function subscriptionOf(token: string): Promise<Subscription | undefined> {
    const person = await subjectOf(token, AUDIENCE.unsubscribe)
    if (person !== undefined)
      return {
        isOff: async () => typeof (await store.unsubscribedAt(person)) === 'string',
        stop: (at) => store.unsubscribe(person, at),
        resume: (at) => store.resubscribe(person, at),
      }
    const address = await subjectOf(token, AUDIENCE.unsubscribeTyped)
    if (address === undefined) return undefined
    return {
      isOff: async () => (await store.typedUnsubscribedAt(address)) !== null,
      stop: (at) => store.unsubscribeTyped(address, at),
      resume: () => store.resubscribeTyped(address),
    }
  }
  const linkOf = async (c: Context) => {
    const token = c.req.query('token') ?? ''
    return { token, subscription: await subscriptionOf(token) }
  }
  const broken = (c: Context) => show(c, say.broken, say.brokenHint, leadOn, 401)

  return [
    {
      method: 'GET',
      path: '/unsubscribe',
      name: 'askUnsubscribe',
      summary:
        'The page behind the link in the e-mail, which asks. Changes nothing, because link scanners follow links',
      query: linkQuery,
      answers: { 200: PAGES, 401: { ...PAGES, ...BROKEN } },
      async handle(c) {
        const { token, subscription } = await linkOf(c)
        if (!subscription) return broken(c)
        if (await subscription.isOff()) return isOff(c, token)
        return show(c, say.question, say.consequence, html`<form method="post"><button>${say.confirm}</button></form>`)
      },
    },
    {
      method: 'POST',
      path: '/unsubscribe',
      name: 'unsubscribe',
      summary: 'Stops the e-mails: the button of that page, or that of a mail program (RFC 8058)',
      query: linkQuery,
      form: oneClick,
      answers: {
        200: { media: ['text/html', 'text/plain'] },
        401: { media: ['text/html', 'text/plain'], ...BROKEN },
      },
      problems: ['body_too_large'],
      async handle(c) {
        const form = await readForm(c.req.raw).catch(noForm)
        const byProgram = form.get('List-Unsubscribe') === 'One-Click'
        const { token, subscription } = await linkOf(c)
        if (!subscription) return byProgram ? c.text(say.broken, 401) : broken(c)
        await subscription.stop(isoTime(clock.now()))
        return byProgram ? c.text(say.done) : isOff(c, token)
      },
    },
    {
      method: 'POST',
      path: '/resubscribe',
      name: 'resubscribe',
      summary: 'Sends the e-mails again',
      query: linkQuery,
      answers: { 200: PAGES, 401: { ...PAGES, ...BROKEN } },
      async handle(c) {
        const { subscription } = await linkOf(c)
        if (!subscription) return broken(c)
        await subscription.resume(isoTime(clock.now()))
        return show(c, say.resubscribed, say.resubscribedHint, leadOn)
      },
    },
    {
      method: 'GET',
      // Somebody reloads the page or keeps its address
      path: '/resubscribe',
      name: 'askResubscribe',
      summary: 'Leads to the page behind the link in the e-mail',
      query: linkQuery,
      answers: { 302: { headers: { Location: 'That page' } } },
      handle: (c) => c.redirect(`${root}/unsubscribe?token=${encodeURIComponent(c.req.query('token') ?? '')}`),
    },
  ]
}

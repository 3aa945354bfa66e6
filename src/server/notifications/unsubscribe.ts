import type { Context, Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { html } from 'hono/html'
import { DeskbellError } from '../../protocol/errors.ts'
import { MAX_BODY } from '../../protocol/limits.ts'
import type { ServerCatalogue } from '../catalogue.ts'
import { directionOf } from '../http/direction.ts'
import { homeLink, PAGE_CSP, smallPage } from '../http/page.ts'
import { problem } from '../http/problem.ts'
import { AUDIENCE, type Tokens } from '../people/token.ts'
import { isoTime, type Clock } from '../ports/clock.ts'
import type { Store } from '../ports/store/store.ts'

export interface UnsubscribeOptions {
  words: ServerCatalogue
  appName: string
  /** Where the pages lead on */
  home: string
  store: Store
  tokens: Tokens
  clock: Clock
}

/**
 * The pages behind the link in the e-mail. GET only asks, because link scanners follow links. POST unsubscribes. It comes from the
 * page's button, or from a mail program (RFC 8058), which sends `List-Unsubscribe=One-Click` and no cookie, and gets a line of text.
 * The link stays good for ever, and leads back too: somebody else may have pressed the button, or a scanner.
 */
export function mountUnsubscribe(app: Hono, options: UnsubscribeOptions): void {
  const { words, appName, home, store, tokens, clock } = options
  const say = words.unsubscribe
  const limit = bodyLimit({ maxSize: MAX_BODY, onError: () => problem(new DeskbellError('body_too_large')) })
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

  /** Whom the link was sent to; undefined: it was cut off, or made up, or the secret has changed since */
  const personOf = (token: string): Promise<string | undefined> =>
    tokens.subject(token, AUDIENCE.unsubscribe).catch((error: unknown) => {
      if (error instanceof DeskbellError && error.status === 401) return undefined
      throw error
    })
  const linkOf = async (c: Context) => {
    const token = c.req.query('token') ?? ''
    return { token, person: await personOf(token) }
  }
  const broken = (c: Context) => show(c, say.broken, say.brokenHint, leadOn, 401)

  app.get('/unsubscribe', async (c) => {
    const { token, person } = await linkOf(c)
    if (person === undefined) return broken(c)
    if (typeof (await store.unsubscribedAt(person)) === 'string') return isOff(c, token)
    return show(c, say.question, say.consequence, html`<form method="post"><button>${say.confirm}</button></form>`)
  })

  app.post('/unsubscribe', limit, async (c) => {
    const form = await c.req.parseBody().catch(() => ({}) as Record<string, unknown>)
    const byProgram = form['List-Unsubscribe'] === 'One-Click'
    const { token, person } = await linkOf(c)
    if (person === undefined) return byProgram ? c.text(say.broken, 401) : broken(c)
    await store.unsubscribe(person, isoTime(clock.now()))
    return byProgram ? c.text(say.done) : isOff(c, token)
  })

  app.post('/resubscribe', async (c) => {
    const { person } = await linkOf(c)
    if (person === undefined) return broken(c)
    await store.resubscribe(person, isoTime(clock.now()))
    return show(c, say.resubscribed, say.resubscribedHint, leadOn)
  })
  // Somebody reloads the page or keeps its address
  app.get('/resubscribe', (c) => c.redirect(`unsubscribe?token=${encodeURIComponent(c.req.query('token') ?? '')}`))
}

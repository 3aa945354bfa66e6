import type { Hono } from 'hono'
import { mountUnsubscribe, type UnsubscribeOptions } from '../notifications/unsubscribe.ts'
import type { SettledOptions } from '../settled-options.ts'
import { directionOf } from './direction.ts'
import { homeLink, PAGE_CSP, smallPage } from './page.ts'
import { PAGES_CSS } from './pages-css.ts'

export type PublicRoutesOptions = UnsubscribeOptions &
  Pick<SettledOptions, 'appName' | 'publicUrl' | 'signInUrl' | 'assets'>

/** Mounts the routes that need no signed-in person. */
export function mountPublicRoutes(
  app: Hono,
  { publicUrl, signInUrl, assets, ...unsubscribe }: PublicRoutesOptions,
): void {
  // Liveness only: restarting this process would not help against an unavailable database
  app.get('/healthz', (c) => c.text('ok'))
  app.get('/pages.css', (c) => c.body(PAGES_CSS, 200, { 'content-type': 'text/css; charset=utf-8' }))
  mountUnsubscribe(app, unsubscribe)
  // Where the link in a mail leads when nobody knows on which page the person has the chat. Browsers keep its fragment
  const { pathname, origin } = new URL(publicUrl)
  if (pathname !== '/') app.get('/', (c) => c.redirect(`${origin}/`))
  // The dashboard's links are relative, so it has only one address
  app.get('/dashboard/', (c) => c.redirect('../dashboard', 301))
  // What people type, or keep from other products. The dashboard itself says what it finds there
  app.get('/dashboard/chats/:chat', (c) =>
    c.redirect(`../../dashboard?chat=${encodeURIComponent(c.req.param('chat'))}`),
  )
  app.get('/dashboard/sign_in', (c) =>
    signInUrl === undefined ? c.html(signInPage(unsubscribe), 200, PAGE_CSP) : c.redirect(signInUrl),
  )
  app.get('*', async (c, next) => {
    const asset = await assets?.(c.req.path, c.req.raw)
    return asset ?? next()
  })
}

function signInPage({ words, appName, home }: Pick<PublicRoutesOptions, 'words' | 'appName' | 'home'>) {
  const { title, text } = words.signIn
  const actions = homeLink(home, words.errorPage.home(appName))
  return smallPage({
    locale: words.locale,
    direction: directionOf(title),
    styles: '../pages.css',
    title,
    text,
    actions,
  })
}

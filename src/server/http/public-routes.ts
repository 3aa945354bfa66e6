import { z } from 'zod'
import { mailEventRoutes, type MailEventsOptions } from '../notifications/mail-events.ts'
import { unsubscribeRoutes, type UnsubscribeOptions } from '../notifications/unsubscribe.ts'
import type { SettledOptions } from '../settled-options.ts'
import { directionOf } from './direction.ts'
import { homeLink, PAGE_CSP, smallPage } from './page.ts'
import { PAGES_CSS } from './pages-css.ts'
import type { PublicRoute } from './route.ts'

export type PublicRoutesOptions = Omit<UnsubscribeOptions, 'root'> &
  MailEventsOptions &
  Pick<SettledOptions, 'appName' | 'publicUrl' | 'signInUrl'>

const LEADS_ON = { headers: { Location: 'Where it leads' } }

/** The routes that need no signed-in person. */
export function publicRoutes({ publicUrl, signInUrl, mailEvents, ...unsubscribe }: PublicRoutesOptions): PublicRoute[] {
  const { pathname, origin } = new URL(publicUrl)
  // Redirects name whole paths: some frameworks resolve a relative one by their own routes
  const root = pathname.replace(/\/$/, '')
  // Where the link in a mail leads when nobody knows on which page the person has the chat. Browsers keep its fragment
  const app: PublicRoute = {
    method: 'GET',
    path: '/',
    name: 'openApp',
    summary: 'Leads to the app',
    answers: { 302: LEADS_ON },
    handle: (c) => c.redirect(`${origin}/`),
  }
  return [
    {
      method: 'GET',
      path: '/healthz',
      name: 'checkHealth',
      summary: 'Says that the server runs',
      answers: { 200: { media: ['text/plain'] } },
      // Liveness only: restarting this process would not help against an unavailable database
      handle: (c) => c.text('ok'),
    },
    {
      method: 'GET',
      path: '/pages.css',
      name: 'getPageStyles',
      summary: 'The styles of this server’s pages',
      answers: { 200: { media: ['text/css'] } },
      handle: (c) => c.body(PAGES_CSS, 200, { 'content-type': 'text/css; charset=utf-8' }),
    },
    ...unsubscribeRoutes({ ...unsubscribe, root }),
    ...mailEventRoutes({ ...unsubscribe, mailEvents }),
    ...(pathname === '/' ? [] : [app]),
    {
      method: 'GET',
      // The dashboard's links are relative, so it has only one address
      path: '/dashboard/',
      name: 'openDashboard',
      summary: 'Leads to the dashboard',
      answers: { 301: LEADS_ON },
      handle: (c) => c.redirect(`${root}/dashboard`, 301),
    },
    {
      method: 'GET',
      // What people type, or keep from other products. The dashboard itself says what it finds there
      path: '/dashboard/chats/:chat',
      name: 'openChatInDashboard',
      summary: 'Leads to a chat in the dashboard',
      params: z.object({ chat: z.string().describe('The chat') }),
      answers: { 302: LEADS_ON },
      handle: (c) => c.redirect(`${root}/dashboard?chat=${encodeURIComponent(c.req.param('chat') ?? '')}`),
    },
    {
      method: 'GET',
      path: '/dashboard/sign_in',
      name: 'openSignIn',
      summary: 'Leads to where staff sign in, or says it',
      answers: signInUrl === undefined ? { 200: { media: ['text/html'] } } : { 302: LEADS_ON },
      handle: (c) => (signInUrl === undefined ? c.html(signInPage(unsubscribe), 200, PAGE_CSP) : c.redirect(signInUrl)),
    },
  ]
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

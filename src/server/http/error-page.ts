import type { MiddlewareHandler } from 'hono'
import type { ServerCatalogue } from '../catalogue.ts'
import { directionOf } from './direction.ts'
import { homeLink, PAGE_CSP, smallPage } from './page.ts'
import { PROBLEM_TYPE } from './problem.ts'

export interface ErrorPageOptions {
  words: ServerCatalogue
  appName: string
  publicUrl: string
  /** Where the page leads on, unless it is the dashboard's */
  home: string
}

/** Whether a person looks at the answer: browsers ask for HTML when they open a page, and programs do not */
const wantsPage = (request: Request): boolean => /\btext\/html\b/i.test(request.headers.get('accept') ?? '')

/** Turns problem documents into pages in words, for people who look at them. Status and headers stay. */
export const errorPages =
  (options: ErrorPageOptions): MiddlewareHandler =>
  async (c, next) => {
    await next()
    const answer = c.res
    if (answer.headers.get('content-type') !== PROBLEM_TYPE || !wantsPage(c.req.raw)) return
    c.res = undefined
    c.res = new Response(String(await page(answer.status, c.req.path, options)), {
      status: answer.status,
      headers: { ...Object.fromEntries(answer.headers), ...PAGE_CSP, 'content-type': 'text/html; charset=UTF-8' },
    })
  }

function page(status: number, path: string, { words, appName, publicUrl, home }: ErrorPageOptions) {
  const kind = kindOf(status)
  const [title, text] = words.errorPage[kind]
  const base = new URL(publicUrl).pathname.replace(/\/$/, '')
  const styles = `${base}/pages.css`
  // Who is signed out has to go to the app first, as the text says
  const isForStaff = kind !== 'signedOut' && /^\/dashboard(\/|$)/.test(path)
  const actions = isForStaff
    ? homeLink(`${base}/dashboard`, words.errorPage.dashboard)
    : homeLink(home, words.errorPage.home(appName))
  return smallPage({ locale: words.locale, direction: directionOf(title), styles, title, text, actions })
}

function kindOf(status: number): 'notFound' | 'signedOut' | 'busy' | 'failed' {
  if (status === 404 || status === 405) return 'notFound'
  if (status === 401 || status === 403) return 'signedOut'
  return status === 429 || status === 503 ? 'busy' : 'failed'
}

// What the pages of signing in share: how a form is shown, posted and refused, and how somebody gets in.
import type { Context, Hono } from 'hono'
import { DeskbellError } from '../../protocol/errors.ts'
import { readForm } from '../../server/http/input.ts'
import { problem } from '../../server/http/problem.ts'
import type { StaffMember } from '../../server/ports/store/accounts.ts'
import { isToken } from './callers.ts'
import type { AccountsCatalogue } from './catalogue.ts'
import { AccountRefused } from './member.ts'
import { formPage, PAGE_HEADERS, saysPage, type Form, type Says } from './pages.ts'
import { MIN_PASSWORD } from './passwords.ts'
import { wayBack, withReturn } from './return-to.ts'
import { KNOWN_BROWSER_FOR, type RouteContext } from './route-context.ts'

/** Seconds. As long as the link that it holds */
const SECOND_FACTOR_FOR = 600

export type PageForm = Omit<Form, 'words'>
type Refused = 400 | 403 | 410 | 422 | 429 | 503

export interface FormPages {
  show: (c: Context, form: PageForm, status?: 200 | Refused) => Response | Promise<Response>
  says: (c: Context, page: Says, status?: 200 | Refused) => Response | Promise<Response>
  /** A link that is not good */
  gone: (c: Context) => Response | Promise<Response>
  /** A form that a page of this server sent, and nobody else's */
  post: (path: string, answer: (c: Context, form: Record<string, string>) => Promise<Response>) => void
  /** Shows the form again with what was wrong */
  orSay: (c: Context, form: PageForm, work: () => Promise<Response | AccountRefused['reason']>) => Promise<Response>
  /** How often to try: the words, where an attempt was refused for that; it sets the header as well */
  tooMany: (c: Context, error: DeskbellError) => string
  /** Begins a session */
  enter: (c: Context, member: StaffMember, returnTo: string | undefined) => Promise<Response>
  /** The same for who has proved who they are, but not with the second factor that they may have */
  admit: (c: Context, member: StaffMember, returnTo: string | undefined) => Promise<Response>
}

export const returnTo = (c: Context): string | undefined => c.req.query('return_to')

export function formPages(app: Hono, context: RouteContext): FormPages {
  const { words, accounts, sessions, secondFactor, knownBrowser } = context

  const show: FormPages['show'] = (c, form, status = 200) => c.html(formPage({ words, ...form }), status, PAGE_HEADERS)
  const says: FormPages['says'] = (c, page, status = 200) => c.html(saysPage(words, page), status, PAGE_HEADERS)
  const tooMany: FormPages['tooMany'] = (c, { retryAfter = 60 }) => {
    c.header('retry-after', String(Math.ceil(retryAfter)))
    return words.errors.tooMany(Math.max(1, Math.ceil(retryAfter / 60)))
  }
  const enter: FormPages['enter'] = async (c, member, back) => {
    const open = await accounts()
    // Whoever sat here before is signed out, and a cookie that somebody planted is worth nothing
    const old = sessions.read(c.req.raw)
    if (old !== undefined && !isToken(old)) await open.sessions.end(old)
    const { token, expiresAt } = await open.sessions.start(member, context.addressOf(c))
    sessions.set(c, token, Math.floor((expiresAt - context.clock.now()) / 1000))
    secondFactor.clear(c)
    knownBrowser.set(c, open.browserMark(member), KNOWN_BROWSER_FOR)
    return c.redirect(wayBack(back), 303)
  }

  return {
    show,
    says,
    tooMany,
    enter,
    gone: (c) =>
      says(
        c,
        { title: words.linkGone, text: words.linkGoneHint, link: { href: 'sign_in', text: words.toSignIn } },
        410,
      ),

    post(path, answer) {
      app.post(path, async (c) => {
        if (context.origins.refuses(c.req.raw)) return problem(new DeskbellError('forbidden_origin'))
        const fields = [...(await readForm(c.req.raw))]
        return answer(
          c,
          Object.fromEntries(fields.filter((field): field is [string, string] => typeof field[1] === 'string')),
        )
      })
    },

    async orSay(c, form, work) {
      try {
        const result = await work()
        return typeof result === 'string' ? await show(c, { ...form, problem: sayRefusal(words, result) }, 422) : result
      } catch (error) {
        if (error instanceof AccountRefused) return show(c, { ...form, problem: sayRefusal(words, error.reason) }, 422)
        if (!(error instanceof DeskbellError)) throw error
        if (error.code === 'rate_limited') return show(c, { ...form, problem: tooMany(c, error) }, 429)
        if (error.code === 'unavailable') return show(c, { ...form, problem: words.errors.busy }, 503)
        throw error
      }
    },

    async admit(c, member, back) {
      if (member.totp === null) return enter(c, member, back)
      const { links } = await accounts()
      secondFactor.set(c, await links.add({ kind: 'second_factor', staff_id: member.id }), SECOND_FACTOR_FOR)
      return c.redirect(withReturn('code', back), 303)
    },
  }
}

function sayRefusal(words: AccountsCatalogue, reason: AccountRefused['reason']): string {
  const say: Partial<Record<AccountRefused['reason'], string>> = {
    wrong_password: words.errors.wrongPassword,
    wrong_code: words.errors.wrongCode,
    weak_password: words.errors.weakPassword(MIN_PASSWORD),
    invalid_address: words.errors.invalidAddress,
    address_taken: words.errors.addressTaken,
  }
  return say[reason] ?? words.errors.busy
}

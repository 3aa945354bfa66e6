// The routes of the pages by which staff get in: sign in, the second factor, a forgotten password, and the links of e-mails.
import type { Context, Hono } from 'hono'
import { DeskbellError } from '../../protocol/errors.ts'
import { readForm } from '../../server/http/input.ts'
import { problem } from '../../server/http/problem.ts'
import type { StaffLink, StaffMember } from '../../server/ports/store/accounts.ts'
import type { Accounts } from './accounts.ts'
import { AccountRefused } from './member.ts'
import { isToken } from './callers.ts'
import type { AccountsCatalogue } from './catalogue.ts'
import { ACCOUNTS_CSS, formPage, PAGE_HEADERS, pageLink, saysPage, type Field, type Form } from './pages.ts'
import { MIN_PASSWORD } from './passwords.ts'
import { wayBack, withReturn } from './return-to.ts'
import { KNOWN_BROWSER_FOR, type RouteContext } from './route-context.ts'

/** Seconds. As long as the link that it holds */
const SECOND_FACTOR_FOR = 600

const returnTo = (c: Context): string | undefined => c.req.query('return_to')

export function mountStaffPages(app: Hono, context: RouteContext): void {
  const { words, accounts, sessions, secondFactor, knownBrowser, mailer } = context

  const show = (c: Context, form: Omit<Form, 'words'>, status: 200 | 422 | 429 | 503 = 200) =>
    c.html(formPage({ words, ...form }), status, PAGE_HEADERS)
  const gone = (c: Context) =>
    c.html(
      saysPage(words, words.linkGone, words.linkGoneHint, { href: 'sign_in', text: words.toSignIn }),
      410,
      PAGE_HEADERS,
    )

  /** A form that a page of this server sent, and nobody else's */
  const post = (path: string, answer: (c: Context, form: Record<string, string>) => Promise<Response>): void => {
    app.post(path, async (c) => {
      if (context.origins.refuses(c.req.raw)) return problem(new DeskbellError('forbidden_origin'))
      const fields = [...(await readForm(c.req.raw))]
      return answer(
        c,
        Object.fromEntries(fields.filter((field): field is [string, string] => typeof field[1] === 'string')),
      )
    })
  }
  /** Shows the form again with what was wrong */
  const orSay = async (
    c: Context,
    form: Omit<Form, 'words'>,
    work: () => Promise<Response | AccountRefused['reason']>,
  ): Promise<Response> => {
    try {
      const result = await work()
      return typeof result === 'string' ? await show(c, { ...form, problem: sayRefusal(words, result) }, 422) : result
    } catch (error) {
      if (error instanceof AccountRefused) return show(c, { ...form, problem: sayRefusal(words, error.reason) }, 422)
      if (!(error instanceof DeskbellError)) throw error
      if (error.code === 'rate_limited') {
        const minutes = Math.max(1, Math.ceil((error.retryAfter ?? 60) / 60))
        c.header('retry-after', String(Math.ceil(error.retryAfter ?? 60)))
        return show(c, { ...form, problem: words.errors.tooMany(minutes) }, 429)
      }
      if (error.code === 'unavailable') return show(c, { ...form, problem: words.errors.busy }, 503)
      throw error
    }
  }

  const seenFrom = (c: Context) => ({ address: context.addressOf(c), browserMark: knownBrowser.read(c.req.raw) })

  async function enter(c: Context, member: StaffMember): Promise<Response> {
    const open = await accounts()
    // Whoever sat here before is signed out, and a cookie that somebody planted is worth nothing
    const old = sessions.read(c.req.raw)
    if (old !== undefined && !isToken(old)) await open.endSession(old)
    const { token, expiresAt } = await open.startSession(member, context.addressOf(c))
    sessions.set(c, token, Math.floor((expiresAt - context.clock.now()) / 1000))
    secondFactor.clear(c)
    knownBrowser.set(c, open.browserMark(member), KNOWN_BROWSER_FOR)
    return c.redirect(wayBack(returnTo(c)), 303)
  }

  app.get('/dashboard/accounts.css', (c) =>
    c.body(ACCOUNTS_CSS, 200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'public, max-age=300' }),
  )

  // --- sign in -----------------------------------------------------------------------------------------------------

  const signInForm = (c: Context, email = ''): Omit<Form, 'words'> => ({
    title: words.signIn,
    told: c.req.query('done') === 'reset' ? words.resetDone : undefined,
    fields: [
      { name: 'email', label: words.email, type: 'email', fills: 'username', value: email },
      { name: 'password', label: words.password, type: 'password', fills: 'current-password' },
    ],
    submit: words.signIn,
    foot: pageLink(withReturn('forgot', returnTo(c)), words.forgot),
  })

  app.get('/dashboard/sign_in', async (c) => {
    if (await context.callerOf(c.req.raw)) return c.redirect(wayBack(returnTo(c)), 303)
    const open = await accounts()
    if ((await open.list()).length > 0) return show(c, signInForm(c))
    const link = { href: '../dashboard', text: words.dashboard }
    const hint = context.printsTicket ? words.noAccountTicket : words.noAccountHint
    return c.html(saysPage(words, words.noAccount, hint, link), 200, PAGE_HEADERS)
  })
  post('/dashboard/sign_in', (c, { email = '', password = '' }) =>
    orSay(c, signInForm(c, email), async () => {
      const open = await accounts()
      const member = await open.checkPassword({ email, password, ...seenFrom(c) })
      if (!member) {
        context.refused(new DeskbellError('unauthorized'))
        return 'wrong_password'
      }
      if (member.totp === null) return enter(c, member)
      secondFactor.set(c, await open.links.add({ kind: 'second_factor', staff_id: member.id }), SECOND_FACTOR_FOR)
      return c.redirect(withReturn('code', returnTo(c)), 303)
    }),
  )

  const codeForm = (): Omit<Form, 'words'> => ({
    title: words.codeTitle,
    intro: words.codeIntro,
    fields: [
      { name: 'code', label: words.code, type: 'text', fills: 'one-time-code', hint: words.codeHint, isCode: true },
    ],
    submit: words.confirm,
    foot: pageLink('sign_in', words.toSignIn),
  })
  /** Whose password was right a moment ago */
  async function awaited(c: Context): Promise<{ token: string; member: StaffMember } | undefined> {
    const token = secondFactor.read(c.req.raw)
    if (token === undefined) return undefined
    const open = await accounts()
    const link = await open.links.open(token, ['second_factor'])
    const member = link?.staff_id ? await open.find(link.staff_id) : undefined
    return member && { token, member }
  }
  app.get('/dashboard/code', async (c) =>
    (await awaited(c)) ? show(c, codeForm()) : c.redirect(withReturn('sign_in', returnTo(c)), 303),
  )
  post('/dashboard/code', (c, { code = '' }) =>
    orSay(c, codeForm(), async () => {
      const known = await awaited(c)
      if (!known) return c.redirect(withReturn('sign_in', returnTo(c)), 303)
      const { token, member } = known
      const open = await accounts()
      if (!(await open.checkCode(member, { code, ...seenFrom(c) }))) {
        context.refused(new DeskbellError('unauthorized'))
        return 'wrong_code'
      }
      if (!(await open.links.take(token, ['second_factor']))) return c.redirect(withReturn('sign_in', returnTo(c)), 303)
      return enter(c, member)
    }),
  )

  // --- a forgotten password ----------------------------------------------------------------------------------------

  const forgotForm = (told?: string): Omit<Form, 'words'> => ({
    title: words.forgotTitle,
    intro: words.forgotIntro,
    told,
    fields: [{ name: 'email', label: words.email, type: 'email', fills: 'username' }],
    submit: words.sendLink,
    foot: pageLink('sign_in', words.toSignIn),
  })
  app.get('/dashboard/forgot', (c) => {
    const link = { href: 'sign_in', text: words.toSignIn }
    if (mailer === null) return c.html(saysPage(words, words.forgotTitle, words.forgotNoMail, link), 200, PAGE_HEADERS)
    return show(c, forgotForm())
  })
  /** Whoever asks too often gets no more mails, and the page does not say so */
  const sendReset = async ({ limits }: Accounts, member: StaffMember): Promise<void> => {
    if (await limits.mayMail(member.id)) await context.sendReset(member)
  }
  post('/dashboard/forgot', (c, { email = '' }) =>
    orSay(c, forgotForm(), async () => {
      const open = await accounts()
      await open.limits.request(context.addressOf(c))
      const member = await open.findByEmail(email)
      // The answer does not wait for the mail, so it takes as long without an account
      if (member) void sendReset(open, member).catch(context.report)
      return show(c, forgotForm(words.forgotSent))
    }),
  )

  const passwordField = (label: string): Field => ({
    name: 'password',
    label,
    type: 'password',
    fills: 'new-password',
    hint: words.passwordHint(MIN_PASSWORD),
  })
  const resetForm = (member: StaffMember): Omit<Form, 'words'> => ({
    title: words.resetTitle,
    fields: [
      { name: 'email', label: words.email, type: 'email', fills: 'username', value: member.email, isFixed: true },
      passwordField(words.newPassword),
    ],
    submit: words.setPassword,
  })
  const resetting = async (c: Context): Promise<StaffMember | undefined> => {
    const open = await accounts()
    const link = await open.links.open(c.req.query('token') ?? '', ['reset'])
    return link?.staff_id ? open.find(link.staff_id) : undefined
  }
  app.get('/dashboard/reset', async (c) => {
    const member = await resetting(c)
    return member ? show(c, resetForm(member)) : gone(c)
  })
  post('/dashboard/reset', async (c, { password = '' }) => {
    const member = await resetting(c)
    if (!member) return gone(c)
    return orSay(c, resetForm(member), async () => {
      const open = await accounts()
      const done = await open.reset(c.req.query('token') ?? '', password, context.addressOf(c))
      if (!done) return gone(c)
      // Whoever was locked out by others' attempts gets in with the new password
      knownBrowser.set(c, open.browserMark(done), KNOWN_BROWSER_FOR)
      return c.redirect('sign_in?done=reset', 303)
    })
  })

  // --- the first account, and an invitation ------------------------------------------------------------------------

  const joinForm = (link: StaffLink, { name = '', email = '' }: Record<string, string> = {}): Omit<Form, 'words'> => ({
    title: link.kind === 'first_owner' ? words.firstOwnerTitle : words.joinTitle(context.appName),
    intro: link.kind === 'first_owner' ? words.firstOwnerIntro : words.joinIntro,
    fields: [
      {
        name: 'email',
        label: words.email,
        type: 'email',
        fills: 'username',
        value: link.email ?? email,
        isFixed: link.email !== null,
      },
      { name: 'name', label: words.name, type: 'text', fills: 'name', value: name, hint: words.nameHint },
      passwordField(words.password),
    ],
    submit: words.create,
  })
  const joining = async (c: Context): Promise<StaffLink | undefined> => {
    const open = await accounts()
    const link = await open.links.open(c.req.query('token') ?? '', ['first_owner', 'invitation'])
    const isLate = link?.kind === 'first_owner' && (await open.list()).length > 0
    return isLate ? undefined : link
  }
  app.get('/dashboard/join', async (c) => {
    const link = await joining(c)
    return link ? show(c, joinForm(link)) : gone(c)
  })
  post('/dashboard/join', async (c, form) => {
    const link = await joining(c)
    if (!link) return gone(c)
    return orSay(c, joinForm(link, form), async () => {
      const { email = '', name = '', password = '' } = form
      const open = await accounts()
      const joined = await open.join(c.req.query('token') ?? '', { email, name, password }, context.addressOf(c))
      return joined ? enter(c, joined) : gone(c)
    })
  })
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

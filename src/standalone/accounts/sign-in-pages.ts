// The routes by which members sign in: password, second factor, and the operator's link.
import type { Context, Hono } from 'hono'
import { DeskbellError } from '../../protocol/errors.ts'
import type { StaffMember } from '../../server/ports/store/accounts.ts'
import { returnTo, type FormPages, type PageForm } from './form-pages.ts'
import { nameOf } from './member.ts'
import { ACCOUNTS_CSS, pageLink } from './pages.ts'
import { wayBack, withReturn } from './return-to.ts'
import type { RouteContext } from './route-context.ts'

export function mountSignInPages(app: Hono, context: RouteContext, pages: FormPages): void {
  const { words, accounts, secondFactor, knownBrowser, passwords, oidc } = context
  const { show, says, gone, post, orSay, enter, admit } = pages

  app.get('/dashboard/accounts.css', (c) =>
    c.body(ACCOUNTS_CSS, 200, { 'content-type': 'text/css; charset=utf-8', 'cache-control': 'public, max-age=300' }),
  )

  const seenFrom = (c: Context) => ({ address: context.addressOf(c), browserMark: knownBrowser.read(c.req.raw) })

  const signInForm = (c: Context, email = ''): PageForm => ({
    title: words.signIn,
    told: c.req.query('done') === 'reset' ? words.resetDone : undefined,
    ...(passwords && {
      fields: [
        { name: 'email', label: words.email, type: 'email', fills: 'username', value: email },
        { name: 'password', label: words.password, type: 'password', fills: 'current-password' },
      ],
      submit: words.signIn,
      foot: pageLink(withReturn('forgot', returnTo(c)), words.forgot),
    }),
    provider: oidc && { href: withReturn('oidc', returnTo(c)), text: words.signInWith(oidc.name) },
  })

  app.get('/dashboard/sign_in', async (c) => {
    if (await context.callerOf(c.req.raw)) return c.redirect(wayBack(returnTo(c)), 303)
    const open = await accounts()
    if ((await open.list()).length > 0) return show(c, signInForm(c))
    const link = { href: '../dashboard', text: words.dashboard }
    const text = context.printsTicket ? words.noAccountTicket : words.noAccountHint
    return says(c, { title: words.noAccount, text, link })
  })
  if (passwords)
    post('/dashboard/sign_in', (c, { email = '', password = '' }) =>
      orSay(c, signInForm(c, email), async () => {
        const open = await accounts()
        const member = await open.checkPassword({ email, password, ...seenFrom(c) })
        if (member) return admit(c, member, returnTo(c))
        context.refused(new DeskbellError('unauthorized'))
        return 'wrong_password'
      }),
    )

  const codeForm = (): PageForm => ({
    title: words.codeTitle,
    intro: words.codeIntro,
    fields: [
      { name: 'code', label: words.code, type: 'text', fills: 'one-time-code', hint: words.codeHint, isCode: true },
    ],
    submit: words.confirm,
    foot: pageLink('sign_in', words.toSignIn),
  })
  /** Who proved a moment ago who they are, but not with the second factor */
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
      return enter(c, member, returnTo(c))
    }),
  )

  // --- a link of the operator's ------------------------------------------------------------------------------------

  const entering = async (c: Context): Promise<StaffMember | undefined> => {
    const open = await accounts()
    const link = await open.links.open(c.req.query('token') ?? '', ['sign_in'])
    return link?.staff_id ? open.find(link.staff_id) : undefined
  }
  // A form, because programs that only look at links must not use it up
  app.get('/dashboard/enter', async (c) => {
    const member = await entering(c)
    if (!member) return gone(c)
    return show(c, {
      title: words.enterTitle(nameOf(member)),
      intro: words.enterIntro,
      fields: [],
      submit: words.signIn,
    })
  })
  post('/dashboard/enter', async (c) => {
    const member = await entering(c)
    const open = await accounts()
    if (!member || !(await open.links.take(c.req.query('token') ?? '', ['sign_in']))) return gone(c)
    return admit(c, member, undefined)
  })
}

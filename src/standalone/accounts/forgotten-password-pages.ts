// The routes of a forgotten password.
import type { Context, Hono } from 'hono'
import type { StaffMember } from '../../server/ports/store/accounts.ts'
import type { Accounts } from './accounts.ts'
import type { FormPages, PageForm } from './form-pages.ts'
import { newPassword, pageLink } from './pages.ts'
import { KNOWN_BROWSER_FOR, type RouteContext } from './route-context.ts'

export function mountForgottenPasswordPages(app: Hono, context: RouteContext, pages: FormPages): void {
  const { words, accounts, knownBrowser, mailer } = context
  const { show, says, gone, post, orSay } = pages

  const forgotForm = (told?: string): PageForm => ({
    title: words.forgotTitle,
    intro: words.forgotIntro,
    told,
    fields: [{ name: 'email', label: words.email, type: 'email', fills: 'username' }],
    submit: words.sendLink,
    foot: pageLink('sign_in', words.toSignIn),
  })
  app.get('/dashboard/forgot', (c) => {
    const link = { href: 'sign_in', text: words.toSignIn }
    if (mailer === null) return says(c, { title: words.forgotTitle, text: words.forgotNoMail, link })
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

  const resetForm = (member: StaffMember): PageForm => ({
    title: words.resetTitle,
    fields: [
      { name: 'email', label: words.email, type: 'email', fills: 'username', value: member.email, isFixed: true },
      newPassword(words, words.newPassword),
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
      // The new password also lets in a member whom other people's attempts have locked out
      knownBrowser.set(c, open.browserMark(done), KNOWN_BROWSER_FOR)
      return c.redirect('sign_in?done=reset', 303)
    })
  })
}

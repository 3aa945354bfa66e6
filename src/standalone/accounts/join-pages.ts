// The routes by which somebody becomes a member: the first account, and an invitation.
import type { Context, Hono } from 'hono'
import type { StaffLink } from '../../server/ports/store/accounts.ts'
import type { FormPages, PageForm } from './form-pages.ts'
import { JOINING } from './joining.ts'
import { newPassword } from './pages.ts'
import type { RouteContext } from './route-context.ts'

const tokenOf = (c: Context): string => c.req.query('token') ?? ''

export function mountJoinPages(app: Hono, context: RouteContext, pages: FormPages): void {
  const { words, accounts, passwords, oidc } = context
  const { show, gone, post, orSay, enter } = pages

  const joinForm = (
    link: StaffLink,
    token: string,
    { name = '', email = '' }: Record<string, string> = {},
  ): PageForm => ({
    title: link.kind === 'first_owner' ? words.firstOwnerTitle : words.joinTitle(context.appName),
    intro: introOf(link),
    ...(passwords && passwordForm(link, name, email)),
    provider: oidc && { href: `oidc?join=${token}`, text: words.joinWith(oidc.name) },
  })
  const introOf = ({ kind }: StaffLink): string => {
    if (kind === 'first_owner') return words.firstOwnerIntro
    return passwords || oidc === null ? words.joinIntro : words.joinWithIntro(oidc.name)
  }
  const passwordForm = (link: StaffLink, name: string, email: string): Pick<PageForm, 'fields' | 'submit'> => ({
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
      newPassword(words, words.password),
    ],
    submit: words.create,
  })
  const joining = async (c: Context): Promise<StaffLink | undefined> => {
    const open = await accounts()
    const link = await open.links.open(tokenOf(c), JOINING)
    const isLate = link?.kind === 'first_owner' && (await open.list()).length > 0
    return isLate ? undefined : link
  }
  app.get('/dashboard/join', async (c) => {
    const link = await joining(c)
    return link ? show(c, joinForm(link, tokenOf(c))) : gone(c)
  })
  if (!passwords) return
  post('/dashboard/join', async (c, form) => {
    const link = await joining(c)
    if (!link) return gone(c)
    return orSay(c, joinForm(link, tokenOf(c), form), async () => {
      const { email = '', name = '', password = '' } = form
      const open = await accounts()
      const joined = await open.join(tokenOf(c), { email, name, password }, context.addressOf(c))
      return joined ? enter(c, joined, undefined) : gone(c)
    })
  })
}

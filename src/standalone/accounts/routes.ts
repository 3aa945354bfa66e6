import { Hono } from 'hono'
import { DeskbellError } from '../../protocol/errors.ts'
import { problem, reported } from '../../server/http/problem.ts'
import { accounts as words } from '../locales/accounts.en.ts'
import { mountAccountApi } from './account-api.ts'
import { mountForgottenPasswordPages } from './forgotten-password-pages.ts'
import { formPages } from './form-pages.ts'
import { mountJoinPages } from './join-pages.ts'
import { mountSignInPages } from './sign-in-pages.ts'
import { routeContext, type MountOptions } from './route-context.ts'
import { mountTeamApi } from './team-api.ts'

/** The pages and the API of accounts */
export async function accountRoutes({ getPath, hasAccounts, ...options }: MountOptions): Promise<Hono> {
  const app = new Hono({ getPath })
  const context = routeContext({ ...options, words })
  mountAccountApi(app, context)
  if (hasAccounts) {
    const pages = formPages(app, context)
    mountSignInPages(app, context, pages)
    mountJoinPages(app, context, pages)
    if (options.passwords) mountForgottenPasswordPages(app, context, pages)
    if (options.oidc) (await import('./oidc/pages.ts')).mountOidcPages(app, context, options.oidc, pages)
    mountTeamApi(app, context)
  }
  app.notFound(() => problem(new DeskbellError('not_found')))
  app.onError((error) => reported(error, options.report))
  return app
}

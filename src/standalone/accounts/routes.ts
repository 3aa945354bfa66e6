import { Hono } from 'hono'
import { DeskbellError } from '../../protocol/errors.ts'
import { problem, reported } from '../../server/http/problem.ts'
import { accounts as words } from '../locales/accounts.en.ts'
import { mountAccountApi } from './account-api.ts'
import { routeContext, type MountOptions } from './route-context.ts'
import { mountStaffPages } from './staff-pages.ts'
import { mountTeamApi } from './team-api.ts'

/** The pages and the API of accounts */
export function accountRoutes({ getPath, hasAccounts, ...options }: MountOptions): Hono {
  const app = new Hono({ getPath })
  const context = routeContext({ ...options, words })
  mountAccountApi(app, context)
  if (hasAccounts) {
    mountStaffPages(app, context)
    mountTeamApi(app, context)
  }
  app.notFound(() => problem(new DeskbellError('not_found')))
  app.onError((error) => reported(error, options.report))
  return app
}

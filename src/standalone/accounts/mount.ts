// Mounts the accounts of staff. Their pages, their API and what these need are loaded when somebody first asks for one.
import type { Hono } from 'hono'
import { lazy } from './lazy.ts'
import type { MountOptions } from './route-context.ts'

/** Everything that routes.ts answers */
const PAGES = ['/dashboard/:page{accounts\\.css|sign_in|code|forgot|reset|join|enter|oidc|oidc_callback}']
const API = ['/dashboard/account', '/dashboard/account/*', '/dashboard/team', '/dashboard/team/*', '/dashboard/audit']

export function mountAccounts(app: Hono, options: MountOptions): void {
  const routes = lazy(async () => (await import('./routes.ts')).accountRoutes(options))
  for (const path of options.hasAccounts ? [...PAGES, ...API] : API.slice(0, 1))
    app.all(path, async (c) => (await routes()).fetch(c.req.raw, c.env))
}

// The description of the HTTP API, for programs and for people. It is public: the routes and their shapes are those of the source,
// which is open, and nothing of an installation is in it but its address.
import { z } from 'zod'
import { PAGE_CSP } from '../http/page.ts'
import type { PublicRoute } from '../http/route.ts'
import type { ApiDescription } from './document.ts'

/** Made when somebody asks for the first time: few do, and starting must stay quick */
const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}

/** @param api the other routes; those that are made here describe themselves too */
export function apiRoutes(api: ApiDescription): PublicRoute[] {
  const document = once(async () => {
    const { openApiDocument } = await import('./document.ts')
    return openApiDocument({ ...api, publicRoutes: [...api.publicRoutes, ...routes] })
  })
  const text = once(async () => JSON.stringify(await document()))
  const page = once(async () => {
    const { apiPage } = await import('./page.ts')
    return String(await apiPage(await document()))
  })
  const routes: PublicRoute[] = [
    {
      method: 'GET',
      path: '/openapi.json',
      name: 'getOpenApi',
      summary: 'This description, as an OpenAPI document',
      answers: { 200: { json: z.looseObject({ openapi: z.string() }) } },
      handle: async (c) =>
        c.body(await text(), 200, { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-cache' }),
    },
    {
      method: 'GET',
      path: '/openapi',
      name: 'readOpenApi',
      summary: 'This description, as a page',
      answers: { 200: { media: ['text/html'] } },
      handle: async (c) => c.html(await page(), 200, PAGE_CSP),
    },
    {
      method: 'GET',
      path: '/openapi.css',
      name: 'getOpenApiStyles',
      summary: 'The styles of that page',
      answers: { 200: { media: ['text/css'] } },
      async handle(c) {
        const { API_CSS } = await import('./page-css.ts')
        return c.body(API_CSS, 200, { 'content-type': 'text/css; charset=utf-8' })
      },
    },
  ]
  return routes
}

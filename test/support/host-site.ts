// Pages of a host, on an origin of their own, whose content a test decides.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface HostPage {
  body: string
  /** text/html unless given */
  type?: string
  headers?: Record<string, string>
}

export interface HostSite {
  url: string
  /** The page at a path, from now on; returns its URL */
  set(path: string, page: string | HostPage): string
  stop(): Promise<void>
}

export async function startHostSite(): Promise<HostSite> {
  const pages = new Map<string, HostPage>()
  const server = createServer((request, response) => {
    const page = pages.get(new URL(request.url ?? '/', 'http://host').pathname)
    if (!page) return void response.writeHead(404).end()
    response.writeHead(200, { 'content-type': page.type ?? 'text/html; charset=utf-8', ...page.headers })
    response.end(page.body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://localhost:${(server.address() as AddressInfo).port}`
  return {
    url,
    set(path, page) {
      pages.set(path, typeof page === 'string' ? { body: page } : page)
      return url + path
    },
    stop: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** A whole page around some markup */
export const htmlPage = (body: string, head = ''): string =>
  `<!doctype html><html lang="en"><head><title>Host</title><link rel="icon" href="data:,">${head}</head><body>${body}</body></html>`

// Routes for operators: readiness and metrics.
import { timingSafeEqual } from 'node:crypto'
import type { Context, Hono } from 'hono'
import type { Metrics, Sources } from './metrics.ts'
import type { Health } from './readiness.ts'

const NO_STORE = { 'cache-control': 'no-store' }

export function mountReadiness(app: Hono, health: Health): void {
  app.get('/readyz', async (c) => {
    const state = await health.state()
    return state === 'ok' ? c.text('ok', 200, NO_STORE) : c.text(state, 503, { ...NO_STORE, 'retry-after': '1' })
  })
}

/** @param token that a request must carry; null: none */
export function mountMetrics(app: Hono, metrics: Metrics, sources: Sources, token: string | null): void {
  app.get('/metrics', async (c) => {
    if (token !== null && !carries(c, token))
      return c.text('Send METRICS’ token as Authorization: Bearer', 401, { ...NO_STORE, 'www-authenticate': 'Bearer' })
    const { type, text } = await metrics.scrape(sources)
    return c.body(text, 200, { ...NO_STORE, 'content-type': type })
  })
}

function carries(c: Context, token: string): boolean {
  const [given, expected] = [c.req.header('authorization') ?? '', `Bearer ${token}`].map((text) => Buffer.from(text))
  return (
    given !== undefined &&
    expected !== undefined &&
    given.length === expected.length &&
    timingSafeEqual(given, expected)
  )
}

import type { Context } from 'hono'
import { z } from 'zod'
import { DeskbellError } from '../../protocol/errors.ts'
import { isEqual, sha256 } from '../bytes.ts'
import type { AddressLimits } from '../http/address-limits.ts'
import type { RequestContext } from '../http/app.ts'
import { parse } from '../http/input.ts'
import { onlyLooks } from '../http/only-looks.ts'
import type { PublicRoute } from '../http/route.ts'
import { RUN_WITHIN, type Jobs, type JobsRun } from './jobs.ts'

const LONGEST_RUN = 300

const jobsQuery = z.object({
  within: z.coerce
    .number()
    .min(1)
    .max(LONGEST_RUN)
    .default(RUN_WITHIN / 1000)
    .describe('Seconds that the run may take: fewer than the function may live'),
})

const jobsRun = z.object({
  answers: z.number(),
  mails: z.number(),
  webhooks: z.number(),
  erased_visitors: z.number(),
  deleted_files: z.number(),
  is_done: z.boolean(),
}) satisfies z.ZodType<JobsRun>

export interface JobsRoutesOptions {
  jobs: Jobs
  secret: string
  /** Counts refused secrets; null: not limited */
  addresses: AddressLimits | null
}

/** Some schedules send GET, others POST */
export function jobsRoutes({ jobs, secret, addresses }: JobsRoutesOptions): PublicRoute[] {
  const expected = sha256(`Bearer ${secret}`)

  async function demandSecret(c: Context): Promise<void> {
    // As digests, so that the time it takes does not tell how long the secret is
    if (isEqual(await sha256(c.req.header('authorization') ?? ''), await expected)) return
    addresses?.failed((c.env as RequestContext).address)
    throw new DeskbellError('unauthorized', 'Send the secret as Authorization: Bearer')
  }

  return (['GET', 'POST'] as const).map((method) => ({
    method,
    path: '/jobs/run',
    name: method === 'GET' ? 'runJobsByGet' : 'runJobs',
    summary:
      'Sends the e-mails and webhooks that are due, and deletes what is old, where no process lives on to do it. For a schedule that knows the secret: `Authorization: Bearer SECRET`',
    query: jobsQuery,
    answers: { 200: { json: jobsRun } },
    problems: ['invalid_request', 'unauthorized', 'rate_limited'],
    async handle(c) {
      await demandSecret(c)
      c.header('cache-control', 'no-store')
      if (onlyLooks(c.req.raw)) return c.body(null)
      const { within } = parse(jobsQuery, c.req.query())
      return c.json(await jobs.run(within * 1000))
    },
  }))
}

/** Jobs are run by who knows this */
const MIN_JOBS_SECRET = 16

/** For hosts where a process lives for the time of a request */
export interface ServerlessOptions {
  /**
   * What a schedule sends to `jobs/run` as `Authorization: Bearer …`, at least 16 characters; Vercel has it in `CRON_SECRET`.
   * Default: the route is not there, and your own code calls `deskbell.runJobs()`
   */
  jobsSecret?: string | undefined
}

/** @throws Error when the secret can be guessed */
export function checkServerless({ jobsSecret }: ServerlessOptions): void {
  if (jobsSecret !== undefined && jobsSecret.length < MIN_JOBS_SECRET)
    throw new Error(`serverless.jobsSecret needs at least ${MIN_JOBS_SECRET} characters`)
}

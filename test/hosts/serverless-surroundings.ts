// What examples/next-serverless needs beside itself: a PostgreSQL, and a service that browsers listen to.
import { startPostgres } from '../support/databases/postgres.ts'
import { PUSHER_APP, startPusher } from '../support/realtime-services/pusher.ts'
import type { TestService } from '../support/realtime-services/service.ts'

export const CRON_SECRET = 'what the schedule knows'

export interface Surroundings {
  env: Record<string, string>
  pusher: TestService
  stop(): Promise<void>
}

/** @throws Error where there is no PostgreSQL */
export async function startSurroundings(): Promise<Surroundings> {
  const database = await startPostgres()
  if (!database) throw new Error('No PostgreSQL for examples/next-serverless: apt-get install postgresql')
  const pusher = await startPusher()
  const env = {
    DATABASE_URL: database.url,
    CRON_SECRET,
    PUSHER_APP_ID: PUSHER_APP.appId,
    PUSHER_KEY: PUSHER_APP.key,
    PUSHER_SECRET: PUSHER_APP.secret,
    PUSHER_HOST: pusher.host,
    PUSHER_PORT: String(pusher.port),
  }
  return {
    env,
    pusher,
    async stop() {
      await pusher.stop()
      await database.remove()
    },
  }
}

// A client of our own, for a store that was named by a URL.
import type { MongoClient } from 'mongodb'
import { withDeadline } from './deadline.ts'
import { driver } from '../../server/ports/driver.ts'

/** How long to look for a server, to connect to one, or to wait for a connection that is free (ms) */
const CONNECT_TIMEOUT = 10_000
/** How long a server may take to answer (ms). One that takes longer is unavailable */
const ANSWER_TIMEOUT = 10_000

/** Between two attempts to connect (ms) */
const PAUSE = 500

export interface OwnClient {
  client: MongoClient
  /** Connects anew, and tries until that works. Operations are refused meanwhile */
  renew(): void
  close(): Promise<void>
}

/** @throws Error when no server that can be written to is found */
export async function connectMongo(url: string): Promise<OwnClient> {
  const client = await connect(url)
  let renewing: Promise<void> | undefined
  let isClosed = false
  // To close, it writes to its sockets once more
  const close = (): Promise<void> => withDeadline(client).close()
  async function renew(): Promise<void> {
    while (!isClosed) {
      await close().catch(() => undefined)
      if (isClosed) break
      try {
        await client.connect()
        break
      } catch {
        // It is still away
        await new Promise((resolve) => setTimeout(resolve, PAUSE))
      }
    }
    // It was closed while it connected
    if (isClosed) await close().catch(() => undefined)
  }
  return {
    client,
    renew() {
      renewing ??= renew().finally(() => (renewing = undefined))
    },
    async close() {
      isClosed = true
      await close()
      await renewing
    },
  }
}

async function connect(url: string): Promise<MongoClient> {
  const { MongoClient } = await driver('mongodb', import('mongodb'))
  const client = new MongoClient(url, {
    appName: 'deskbell',
    connectTimeoutMS: CONNECT_TIMEOUT,
    serverSelectionTimeoutMS: CONNECT_TIMEOUT,
    // Without it, an operation waits for good
    waitQueueTimeoutMS: CONNECT_TIMEOUT,
    socketTimeoutMS: ANSWER_TIMEOUT,
  })
  try {
    return await client.connect()
  } catch (error) {
    await client.close()
    throw error
  }
}

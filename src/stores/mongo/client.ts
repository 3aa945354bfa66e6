// A client of our own, for a store that was named by a URL.
import type { MongoClient } from 'mongodb'

/** How long to look for a server, to connect to one, or to wait for a connection that is free (ms) */
const CONNECT_TIMEOUT = 10_000
/** How long a server may take to answer (ms). One that takes longer is unavailable */
const ANSWER_TIMEOUT = 10_000

/** @throws Error when no server that can be written to is found */
export async function connectMongo(url: string): Promise<MongoClient> {
  const { MongoClient } = await import('mongodb')
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

// Ports for what begins to listen later, or again, or never.
import { once } from 'node:events'
import { createServer } from 'node:net'

/**
 * Systems give connections and listeners that name no port one from 32768 on. One of those is anybody's again as soon as it is let go,
 * so a server that is started later, or anew, may find it taken. Browsers refuse some of those below 11000.
 */
const FIRST = 11_000
const COUNT = 21_000
/** More than one process asks for, so that those that run at the same time do not meet */
const APART = 97

let next = (process.pid * APART) % COUNT

/** One on which nothing listens, and which nobody is given by chance */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + next
    next = (next + 1) % COUNT
    if (await isFree(port)) return port
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
  } catch {
    return false
  }
  server.close()
  await once(server, 'close')
  return true
}

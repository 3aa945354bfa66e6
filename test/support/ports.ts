// Ports for what begins to listen later, or again, or never.
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'

/**
 * Systems give connections and listeners that name no port one from 32768 on. One of those is anybody's again as soon as it is let go,
 * so a server that is started later, or anew, may find it taken. Browsers refuse some of those below 11000.
 */
const FIRST = 11_000
/** Whoever listens on the first port of a block has the others. Nobody else gets them until the process ends */
const BLOCK = 30
const BLOCKS = 700

let block = process.pid % BLOCKS
/** In the block; beyond it, another one is taken */
let next = BLOCK
let taking: Promise<void> | undefined

/** One on which nothing listens, and which nobody is given by chance */
export async function freePort(): Promise<number> {
  for (;;) {
    if (next === BLOCK) {
      await (taking ??= takeBlock().finally(() => (taking = undefined)))
      continue
    }
    const port = FIRST + block * BLOCK + next++
    const server = await listening(port)
    if (!server) continue
    server.close()
    await once(server, 'close')
    return port
  }
}

async function takeBlock(): Promise<void> {
  for (let tries = 0; tries < BLOCKS; tries++) {
    block = (block + 1) % BLOCKS
    const guard = await listening(FIRST + block * BLOCK)
    if (!guard) continue
    guard.unref()
    next = 1
    return
  }
  throw new Error('No block of ports is free')
}

/** @returns undefined: something listens there */
async function listening(port: number): Promise<Server | undefined> {
  const server = createServer().listen(port, '127.0.0.1')
  try {
    await once(server, 'listening')
    return server
  } catch {
    return undefined
  }
}

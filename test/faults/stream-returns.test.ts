// A stream that a network ends again and again: nobody is told of it while it comes back soon, and everybody when it does not.
import { createServer, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, it } from 'vitest'
import { createBackoff } from '../../src/client/connection/backoff.ts'
import { createCredentials } from '../../src/client/connection/credentials.ts'
import { createSession } from '../../src/client/connection/session.ts'
import { openStream } from '../../src/client/connection/event-stream.ts'
import { pause, until } from '../support/desk.ts'

type Answer = (response: ServerResponse) => void
const works: Answer = (response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' }).write(':\n\n')
}
/** As where a proxy ends the connection that the request was sent on */
const breaks: Answer = (response) => response.destroy()

const ends: (() => void)[] = []
afterEach(() => {
  for (const end of ends.splice(0)) end()
})

/** A stream against a network that answers so, in this order, and then breaks everything */
async function meet(...answers: Answer[]) {
  let asked = 0
  const open: ServerResponse[] = []
  const server = createServer((_request, response) => {
    open.push(response)
    ;(answers[asked++] ?? breaks)(response)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const told: boolean[] = []
  const stream = openStream({
    cable: `ws://127.0.0.1:${(server.address() as AddressInfo).port}/cable`,
    session: createSession(createCredentials({ token: 'x' })),
    handlers: { events: 'events', message: () => undefined },
    backoff: createBackoff(100, 200),
    changed: () => told.push(stream.live),
    lost: () => undefined,
  })
  ends.push(() => {
    stream.close()
    server.closeAllConnections()
    server.close()
  })
  return { told, asked: () => asked, cut: () => open.at(-1)?.destroy() }
}

it('a stream that is cut, and on its way back cut before its first byte, is nothing to tell', async () => {
  async function isQuiet(): Promise<boolean> {
    const { told, asked, cut } = await meet(works, breaks, breaks, works)
    await until(() => told.length === 1)
    cut()
    await until(() => asked() === 4)
    await pause(4_000)
    return told.length === 1
  }
  // Where the machine stands still for three seconds, it does not come back soon
  await until(isQuiet)
})

it('a stream that does not come back is told, three seconds after it ended and not after its last try', async () => {
  const { told, cut } = await meet(works)
  await until(() => told.length === 1)
  const ended = performance.now()
  cut()
  await until(() => told.length === 2)
  expect(told).toEqual([true, false])
  expect(performance.now() - ended).toBeGreaterThan(2_900)
})

it('a stream that never worked was never live', async () => {
  const { told, asked } = await meet()
  await until(() => asked() === 4)
  expect(told).toEqual([])
})

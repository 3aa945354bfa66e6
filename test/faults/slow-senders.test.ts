// Slow senders of headers and bodies are let go by the stand-alone server, and cost nobody else anything.
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { loopTime } from '../../src/testing/loop-time.ts'
import { startServer, type TestServer } from '../support/running-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

/** Milliseconds until the server closes a connection that gets a byte of `text` every half second */
function drip(start: string, rest: string): Promise<number> {
  const begun = loopTime()
  return new Promise((resolve) => {
    const socket: Socket = connect(Number(new URL(server.url).port), '127.0.0.1', () => socket.write(start))
    let at = 0
    const timer = setInterval(() => socket.write(rest[at++ % rest.length] ?? 'x'), 500)
    socket.on('error', () => undefined)
    socket.on('data', () => undefined)
    socket.on('close', () => {
      clearInterval(timer)
      resolve(loopTime() - begun)
    })
  })
}

it('the server closes a request whose headers or body never end', async () => {
  const headers = drip('GET /healthz HTTP/1.1\r\nhost: x\r\nx-slow: ', 'y')
  const token = await server.userToken('ada')
  const head = `POST /support_chat/messages HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\n`
  const body = drip(`${head}content-length: 5000\r\n\r\n`, ' ')
  const answer = await fetch(`${server.url}/healthz`)
  expect(answer.status).toBe(200)
  expect(await headers).toBeLessThan(18_000)
  expect(await body).toBeLessThan(34_000)
})

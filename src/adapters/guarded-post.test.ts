import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { lookup } from 'node:dns'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { guardedPost } from './guarded-post.ts'

let server: Server
let port: number
let asked: number
beforeEach(async () => {
  asked = 0
  server = createServer((_request, response) => {
    asked++
    response.end('ok')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterEach(() => new Promise((resolve) => server.closeAllConnections() ?? server.close(resolve)))

const requestTo = (url: string, more: object = {}) => ({
  url,
  headers: {},
  body: '{}',
  allowPrivateHost: false,
  signal: AbortSignal.timeout(10_000),
  ...more,
})
const failureOf = (reason: string) => ({ name: 'WebhookFailed', reason })

describe('a guarded post', () => {
  it('connects to a private host only where that is allowed, also when it has connected there before', async () => {
    const post = guardedPost()
    for (const host of ['127.0.0.1', 'localhost']) {
      const url = `http://${host}:${port}/`
      expect(await post(requestTo(url, { allowPrivateHost: true }))).toBe(200)
      await expect(post(requestTo(url))).rejects.toMatchObject(failureOf('private_address'))
    }
    expect(asked).toBe(2)
  })

  it('looks a name up once, and connects to the address that it checked: a later answer of the DNS is not asked for', async () => {
    const answers: string[] = []
    const post = guardedPost(((_name: string, _options: object, callback: (...found: unknown[]) => void) => {
      // First a public address, where nobody answers, and then this machine
      const address = answers.length === 0 ? '198.51.101.1' : '127.0.0.1'
      answers.push(address)
      callback(null, [{ address, family: 4 }])
    }) as typeof lookup)
    const url = `http://rebinding.example:${port}/`
    await expect(post(requestTo(url, { signal: AbortSignal.timeout(300) }))).rejects.toThrow()
    expect([answers, asked]).toEqual([['198.51.101.1'], 0])
    // At the next attempt the name leads here
    await expect(post(requestTo(url))).rejects.toMatchObject(failureOf('private_address'))
    expect([answers.length, asked]).toEqual([2, 0])
  })

  it('refuses a name with a private address among its addresses', async () => {
    const post = guardedPost(((_name: string, _options: object, callback: (...found: unknown[]) => void) =>
      callback(null, [
        { address: '93.184.216.34', family: 4 },
        { address: '10.0.0.1', family: 4 },
      ])) as typeof lookup)
    await expect(post(requestTo('https://mixed.example/'))).rejects.toMatchObject(failureOf('private_address'))
  })

  it('says why there was no answer', async () => {
    const post = guardedPost()
    const own = { allowPrivateHost: true }
    await expect(post(requestTo('https://no-such-name.invalid/'))).rejects.toMatchObject(failureOf('unknown_host'))
    await expect(post(requestTo(`https://127.0.0.1:${port}/`, own))).rejects.toMatchObject(failureOf('tls'))
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
    await expect(post(requestTo(`http://127.0.0.1:${port}/`, own))).rejects.toMatchObject(failureOf('unreachable'))
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  })
})

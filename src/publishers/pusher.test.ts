import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { pusherPublisher } from './pusher.ts'

let answer: object = {}
const server = createServer((_request, response) => response.end(JSON.stringify(answer)))
beforeAll(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)))
afterAll(() => void server.close())

test.each([
  [401, false, undefined],
  [413, true, undefined],
  [429, false, 1_000],
])('a refusal with the status 200 and the code %i, as soketi sends it, is one', async (code, final, retryAfter) => {
  const { port } = server.address() as AddressInfo
  const publisher = pusherPublisher({ appId: '1', key: 'k', secret: 's', host: '127.0.0.1', port, useTLS: false })
  const signal = AbortSignal.timeout(30_000)
  const publish = (): Promise<void> =>
    publisher.publish({ topics: [{ type: 'staff' }], event: 'new-message', data: { chat_id: 'c', seq: 1 } }, signal)
  answer = { ok: true }
  await publish()
  answer = { error: 'No', code }
  await expect(publish()).rejects.toMatchObject({ message: `Pusher answered ${code} No`, final, retryAfter })
  await expect(publisher.verify?.(signal)).rejects.toThrow(String(code))
})

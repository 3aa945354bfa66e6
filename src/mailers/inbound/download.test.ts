import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { download } from './download.ts'

it('takes what is as long as may be, and nothing that is longer', async () => {
  const server = createServer(({ url = '' }, response) => void response.end(Buffer.alloc(Number(url.slice(1)))))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  const bytes = (count: number) =>
    download({ url: `http://127.0.0.1:${port}/${count}`, method: 'GET', headers: {} }, 60_000)
  expect((await bytes(50_000_000)).body).toHaveLength(50_000_000)
  await expect(bytes(50_000_001)).rejects.toThrow('more than 50000000 bytes')
})

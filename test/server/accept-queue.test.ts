// After a restart, thousands connect while the server is busy with those before them.
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { ServerProcess } from '../support/server-process.ts'

/** More than the 511 that Node asks for by itself, and far less than what Linux allows */
const CONNECTIONS = 700
/** Where the system allows fewer, nothing can be asked for */
const SOMAXCONN = '/proc/sys/net/core/somaxconn'
const isAllowed = existsSync(SOMAXCONN) && Number(readFileSync(SOMAXCONN, 'utf8')) > CONNECTIONS
const folder = mkdtempSync(join(tmpdir(), 'accept-queue-'))
let server: ServerProcess
const sockets: Socket[] = []

beforeAll(async () => {
  server = await ServerProcess.start({ DATA_DIR: folder })
})
afterAll(async () => {
  for (const socket of sockets) socket.destroy()
  await server.stop()
  rmSync(folder, { recursive: true })
})

it.runIf(isAllowed)(
  'a server that accepts nothing for a while keeps the connections that come meanwhile, and answers them',
  async () => {
    server.pause()
    const connected = Array.from({ length: CONNECTIONS }, async () => {
      const socket = connect(server.port, '127.0.0.1')
      sockets.push(socket)
      await once(socket, 'connect')
    })
    await Promise.all(connected)
    const answers = sockets.map(async (socket) => {
      socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n')
      const [answer] = (await once(socket, 'data')) as [Buffer]
      return answer.toString().slice(0, 15)
    })
    server.resume()
    expect(new Set(await Promise.all(answers))).toEqual(new Set(['HTTP/1.1 200 OK']))
  },
)

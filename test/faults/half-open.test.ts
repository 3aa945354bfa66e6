// Thousands of peers that begin a handshake and never finish it: the server goes on, lets them go, and keeps nothing of them.
import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { pause, SECRET } from '../support/desk.ts'
import { MeasuredServer } from '../support/measured-server.ts'
import { TestSocket, V1 } from '../support/socket.ts'
import { AUDIENCE, tokens } from '../../src/server/people/token.ts'

/** Each costs this process and the server a file descriptor; 10,000 need `ulimit -n 20000` */
const PEERS = Number(process.env['FAULT_PEERS'] ?? 4_000)
/** Megabytes that the server may hold more than before: a peer that is kept costs some 10 kB */
const SLACK = 3

let server: MeasuredServer
beforeAll(async () => {
  server = await MeasuredServer.start()
})
afterAll(() => server.stop())

const half = (): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const peer = connect(Number(new URL(server.url).port), '127.0.0.1', () => {
      peer.write('GET /cable HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: Upg')
      resolve(peer)
    })
    peer.on('error', reject)
    peer.on('data', () => undefined)
  })

it(`outlives ${PEERS} half-open handshakes`, { timeout: 90_000 }, async () => {
  const token = await tokens(SECRET).sign({ sub: 'ada', email: 'ada@example.com' }, AUDIENCE.user, 600)
  const neighbour = await TestSocket.open(`${server.wsUrl}/cable?jid=${token}`, [V1])
  const before = await server.weigh()

  const peers: Socket[] = []
  while (peers.length < PEERS) peers.push(...(await Promise.all(Array.from({ length: 250 }, half))))
  const open = new Set(peers)
  for (const peer of peers) peer.on('close', () => open.delete(peer))
  const during = await server.weigh()
  const begun = Date.now()
  let slowest = 0
  while (open.size > 0 && Date.now() - begun < 40_000) {
    const asked = Date.now()
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200)
    slowest = Math.max(slowest, Date.now() - asked)
    await pause(100)
  }
  const held = Date.now() - begun
  const after = await server.weigh()
  const megabytes = [before, during, after].map((n) => Number(n.toFixed(1)))
  console.log(
    `held ${held} ms, the slowest answer took ${slowest} ms; before, during and after: ${megabytes.join(', ')} MB`,
  )

  expect(open.size).toBe(0)
  expect(held).toBeLessThan(25_000)
  expect(slowest).toBeLessThan(3_000)
  expect(after - before).toBeLessThan(SLACK)
  expect(neighbour.closed).toBeUndefined()
  expect(server.errors).toBe('')
  neighbour.close()
})

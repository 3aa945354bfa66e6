// How soon is everybody back whose server went away? npm run bench:storm [-- sqlite|postgres] [--clients 10000] [--kill]
// Clients are the real client core. On SQLite the only server ends and starts again; on PostgreSQL one of three nodes ends. Meanwhile staff send 200
// messages a second. Servers and database share one core, the driver has the other.
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { connect } from '../../src/client/connect.ts'
import type { Cable } from '../../src/client/connection/cable.ts'
import { Conversation } from '../../src/client/conversation/conversation.ts'
import { freePort } from '../../test/support/ports.ts'
import { Latencies } from '../driver/latencies.ts'
import { sideBySide } from '../driver/side-by-side.ts'
import { measureUsage } from '../driver/usage.ts'
import { DRIVER_CORE, moveTo, SERVER_CORE } from '../scenarios/cores.ts'
import { Laboratory } from '../scenarios/laboratory.ts'
import { ServerProcess } from '../scenarios/server-process.ts'
import { targetNamed } from '../targets/targets.ts'
import type { Launch } from '../targets/target.ts'
import { dropped } from './dropped.ts'
import { caughtUp, LightSocket, nodesUp } from './light-socket.ts'
import { countRequests, requests } from './requests.ts'
import { Writer } from './writer.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { clients: { type: 'string', default: '10000' }, kill: { type: 'boolean', default: false } },
})
const onPostgres = positionals[0] === 'postgres'
const clients = Number(values.clients)
const OPEN_AT_ONCE = 50
/** Chats in which staff write */
const WRITTEN = Math.min(100, clients)
/** Milliseconds after which those who are not back count as lost */
const PATIENCE = 120_000
/** From when everybody is back until all that was sent has to be there (ms) */
const ARRIVES = 3_000

interface Node {
  launch: Launch
  port: number
  server: ServerProcess
}

Object.assign(globalThis, { WebSocket: LightSocket })
moveTo(DRIVER_CORE, process.pid)
const laboratory = new Laboratory()
try {
  await storm()
} finally {
  await laboratory.close()
}
process.exit()

async function start(databaseUrl: string): Promise<Node> {
  const port = await freePort()
  const folder = mkdtempSync(join(laboratory.folder, 'node-'))
  const target = targetNamed(onPostgres ? 'deskbell-postgres' : 'deskbell')
  const launch = await target.prepare({ folder, port, databaseUrl, users: clients, staff: 1 })
  if (onPostgres) delete launch.env['BUS_URL']
  const server = await ServerProcess.start(launch, port, SERVER_CORE)
  nodesUp.push(`127.0.0.1:${port}`)
  return { launch, port, server }
}

async function storm(): Promise<void> {
  const postgres = onPostgres ? await laboratory.database('postgres') : undefined
  if (postgres) moveTo(SERVER_CORE, postgres.pid)
  const nodes: Node[] = []
  for (let n = 0; n < (onPostgres ? 3 : 1); n++) nodes.push(await start(postgres?.url ?? ''))
  const [first] = nodes as [Node]
  const staffed = nodes.at(-1) ?? first

  const conversations: Conversation[] = []
  const cables: [Cable, string][] = []
  await sideBySide(clients, OPEN_AT_ONCE, async (index) => {
    const { port } = nodes[index % nodes.length] ?? first
    const token = first.launch.reach.userTokens[index] ?? ''
    const { api, cable } = connect({ server: `http://127.0.0.1:${port}/`, token })
    const conversation = new Conversation({ api, cable, role: 'user' })
    conversations.push(conversation)
    cables.push([cable, token])
    await conversation.open()
    while (conversation.state.connection !== 'connected') await pause(20)
  })
  /** Whoever polls meanwhile is away too */
  const away = new Set<string>()
  const backAt = new Map<string, number>()
  for (const [cable, token] of cables) cable.onStatus((status) => status !== 'connected' && away.add(token))
  caughtUp.by = (token) => away.delete(token) && backAt.set(token, performance.now())

  const written = conversations.slice(0, WRITTEN).map(({ state }) => state.chat_id ?? '')
  const reach = { ...staffed.launch.reach, serverPids: [], databasePids: [] }
  const writer = new Writer(reach, written)
  const writing = writer.write()
  while (writer.contents.length === 0) await pause(20)

  console.log(
    `${clients} clients are there; ${values.kill ? 'killing' : 'stopping'} ${onPostgres ? 'one of three nodes' : 'the server'}`,
  )
  const survivors = nodes.slice(1)
  const others = survivors.map(({ server }) => server.pid)
  const databasePids = postgres ? [postgres.pid] : []
  nodesUp.splice(0, 1)
  countRequests()
  const droppedSince = dropped()
  const driverLag = monitorEventLoopDelay({ resolution: 5 })
  driverLag.enable()
  const began = performance.now()
  const usageOfOthers = measureUsage({ serverPids: others, databasePids })
  await (values.kill ? first.server.kill() : first.server.stop())
  const ended = performance.now()
  if (!onPostgres) {
    first.server = await ServerProcess.start(first.launch, first.port, SERVER_CORE)
    nodesUp.push(`127.0.0.1:${first.port}`)
  }
  const ready = performance.now()
  const usageSince = onPostgres ? usageOfOthers : measureUsage({ serverPids: [first.server.pid], databasePids })
  while (away.size > 0 && performance.now() - ready < PATIENCE) await pause(5)
  const usage = usageSince()
  driverLag.disable()
  writer.stop()
  await writing
  await pause(ARRIVES)

  const arrived = new Set(
    conversations.slice(0, WRITTEN).flatMap(({ state }) => state.messages.map(({ content }) => content)),
  )
  const missing = writer.contents.filter((content) => !arrived.has(content)).length
  const backAfter = new Latencies()
  const eachSecond: number[] = []
  for (const at of backAt.values()) {
    backAfter.add(at - began)
    const second = Math.max(0, Math.ceil((at - (onPostgres ? began : ready)) / 1_000))
    eachSecond[second] = (eachSecond[second] ?? 0) + 1
  }
  const { count, p50, p99, max } = backAfter.summary()
  const seconds = (ms: number): string => (ms / 1000).toFixed(1)
  console.log(
    `back: ${count} of those who were sent away, ${away.size} not; half after ${seconds(p50)} s, 99 % after ${seconds(p99)} s, all after ${seconds(max)} s`,
  )
  console.log(
    `the server had ended after ${seconds(ended - began)} s, and another answered after ${seconds(ready - began)} s`,
  )
  console.log(
    `each second${onPostgres ? '' : ' since then, and before it'}: ${Array.from(eachSecond, (n) => n ?? 0).join(', ')}`,
  )
  const { overflows, retransmitted } = droppedSince()
  console.log(
    `the machine found no place for ${overflows} connections in a queue to be accepted, and sent ${retransmitted} again`,
  )
  console.log(`meanwhile they asked for ${requests.streams} event streams, and made ${requests.others} other requests`)
  const { latency, sent, contents } = writer
  console.log(
    `messages: ${sent} sent, ${contents.length} echoed, ${missing} of them missing at their readers; echo p50 ${latency.p50.toFixed(0)} ms, p99 ${latency.p99.toFixed(0)} ms`,
  )
  const { seconds: lasted, server: own, database, driver } = usage
  console.log(
    `CPU over ${lasted.toFixed(1)} s: servers ${own.toFixed(1)} s, database ${database.toFixed(1)} s, driver ${driver.toFixed(1)} s (its loop late by ${(driverLag.percentile(99) / 1e6).toFixed(0)} ms in 99 %, ${(driverLag.max / 1e6).toFixed(0)} ms at most), the rest of the machine ${usage.others.toFixed(1)} s`,
  )
  if (away.size > 0 || missing > 0) process.exitCode = 1
  for (const node of onPostgres ? survivors : [first]) await node.server.kill()
  await postgres?.drop()
}

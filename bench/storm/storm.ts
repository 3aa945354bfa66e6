// How soon is everybody back whose server went away? npm run bench:storm [-- sqlite|postgres] [--clients 10000] [--kill]
// Clients are the real client core. On SQLite the only server ends and starts again; on PostgreSQL one of three nodes ends. Meanwhile staff send 200
// messages a second. Servers and database share one core, the driver has the other.
import { mkdtempSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { connect } from '../../src/client/connect.ts'
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
import { LightSocket, nodesUp } from './light-socket.ts'
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
  await sideBySide(clients, OPEN_AT_ONCE, async (index) => {
    const { port } = nodes[index % nodes.length] ?? first
    const token = first.launch.reach.userTokens[index] ?? ''
    const { api, cable } = connect({ server: `http://127.0.0.1:${port}/`, token })
    const conversation = new Conversation({ api, cable, role: 'user' })
    conversations.push(conversation)
    await conversation.open()
    while (conversation.state.connection !== 'connected') await pause(20)
  })
  const away = new Map<Conversation, number>()
  const backAfter = new Latencies()
  let began = Infinity
  for (const one of conversations) {
    one.subscribe(() => {
      const isBack = one.state.connection === 'connected'
      const since = away.get(one)
      if (!isBack && since === undefined) away.set(one, performance.now())
      else if (isBack && since !== undefined && away.delete(one)) backAfter.add(performance.now() - began)
    })
  }

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
  began = performance.now()
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
  writer.stop()
  await writing
  await pause(ARRIVES)

  const arrived = new Set(
    conversations.slice(0, WRITTEN).flatMap(({ state }) => state.messages.map(({ content }) => content)),
  )
  const missing = writer.contents.filter((content) => !arrived.has(content)).length
  const { count, p50, p99, max } = backAfter.summary()
  const seconds = (ms: number): string => (ms / 1000).toFixed(1)
  console.log(
    `back: ${count} of those who were sent away, ${away.size} not; half after ${seconds(p50)} s, 99 % after ${seconds(p99)} s, all after ${seconds(max)} s`,
  )
  console.log(
    `the server had ended after ${seconds(ended - began)} s, and another answered after ${seconds(ready - began)} s`,
  )
  console.log(`meanwhile they asked for ${requests.streams} event streams, and made ${requests.others} other requests`)
  const { latency, sent, contents } = writer
  console.log(
    `messages: ${sent} sent, ${contents.length} echoed, ${missing} of them missing at their readers; echo p50 ${latency.p50.toFixed(0)} ms, p99 ${latency.p99.toFixed(0)} ms`,
  )
  const { seconds: lasted, server: own, database, driver } = usage
  console.log(
    `CPU over ${lasted.toFixed(1)} s: servers ${own.toFixed(1)} s, database ${database.toFixed(1)} s, driver ${driver.toFixed(1)} s, the rest of the machine ${usage.others.toFixed(1)} s`,
  )
  if (away.size > 0 || missing > 0) process.exitCode = 1
  for (const node of onPostgres ? survivors : [first]) await node.server.kill()
  await postgres?.drop()
}

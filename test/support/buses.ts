// Real servers for the buses' tests, each suite's own because it kills them. Where one comes from, in this order:
// DESKBELL_TEST_REDIS, DESKBELL_TEST_NATS and DESKBELL_TEST_POSTGRES (URLs; a proxy plays its death), programs on the machine,
// `apt-get` as root. Without any, suites are skipped and say so; under CI, or with DESKBELL_TEST_ALL=1, that is a failure.
import { once } from 'node:events'
import { connect } from 'node:net'
import { FaultProxy } from '../../src/testing/fault-proxy.ts'
import { mustHaveAll } from './databases.ts'
import { startPostgres } from './databases/postgres.ts'
import { aptInstall, findProgram, runServer, temporaryFolder, type DatabaseServer } from './databases/process.ts'
import { freePort } from './ports.ts'

export type BusKind = 'redis' | 'nats' | 'postgres'

/** A server that can die and return */
export interface MortalServer {
  url: URL
  kill(): Promise<void>
  start(): Promise<void>
  remove(): Promise<void>
}

const KINDS = {
  redis: { variable: 'DESKBELL_TEST_REDIS', install: 'redis-server', start: () => startRedis() },
  nats: { variable: 'DESKBELL_TEST_NATS', install: 'nats-server', start: () => startNats() },
  postgres: {
    variable: 'DESKBELL_TEST_POSTGRES',
    install: 'postgresql',
    start: async () => orSkip('postgres', await startPostgres()),
  },
}

/** A server of this kind; undefined when there is none here. */
export async function busServer(kind: BusKind): Promise<MortalServer | undefined> {
  const { start, variable } = KINDS[kind]
  const given = process.env[variable]
  if (given) return behindProxy(new URL(given))
  const server = await start()
  return server === undefined ? undefined : mortal(server)
}

function orSkip(kind: BusKind, server: DatabaseServer | undefined): DatabaseServer | undefined {
  if (server) return server
  const missing = `No ${kind} for tests: set ${KINDS[kind].variable}, or apt-get install ${KINDS[kind].install}`
  if (mustHaveAll()) throw new Error(missing)
  console.warn(`${missing}. What needs it is skipped.`)
  return undefined
}

/** @param args more of them, such as a password */
export async function startRedis(...args: string[]): Promise<DatabaseServer | undefined> {
  const find = (): string | undefined => findProgram(['redis-server', 'valkey-server'])
  const command = find() ?? (aptInstall('redis-server') ? find() : undefined)
  if (command === undefined) return orSkip('redis', undefined)
  return runOnPort(command, 'redis', (port) => ['--port', port, '--bind', '127.0.0.1', '--save', '', ...args])
}

/** @param args more of them, such as a password */
export async function startNats(...args: string[]): Promise<DatabaseServer | undefined> {
  const find = (): string | undefined => findProgram(['nats-server'])
  const command = find() ?? (aptInstall('nats-server') ? find() : undefined)
  if (command === undefined) return orSkip('nats', undefined)
  return runOnPort(command, 'nats', (port) => ['--port', port, '--addr', '127.0.0.1', ...args])
}

async function runOnPort(command: string, scheme: string, args: (port: string) => string[]): Promise<DatabaseServer> {
  const port = await freePort()
  return runServer({
    command,
    args: args(`${port}`),
    dir: temporaryFolder(scheme, undefined),
    user: undefined,
    url: `${scheme}://127.0.0.1:${port}`,
    stopSignal: 'SIGTERM',
    async ping() {
      const socket = connect(port, '127.0.0.1')
      await once(socket, 'connect')
      socket.destroy()
    },
  })
}

function mortal(server: DatabaseServer): MortalServer {
  return {
    url: new URL(server.url),
    kill: () => server.halt('SIGKILL'),
    start: () => server.start(),
    remove: () => server.remove(),
  }
}

async function behindProxy(real: URL): Promise<MortalServer> {
  const proxy = await FaultProxy.start(Number(real.port))
  const url = new URL(real)
  url.host = `127.0.0.1:${proxy.port}`
  return {
    url,
    async kill() {
      proxy.refuse(true)
      proxy.cut()
    },
    async start() {
      proxy.refuse(false)
    },
    remove: () => proxy.close(),
  }
}

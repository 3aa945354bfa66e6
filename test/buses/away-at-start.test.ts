// A bus that is away when a server starts, in whichever way, ends nothing: a node that restarts meanwhile must not be down as well.
// What no waiting cures does, with one line that says what is wrong.
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { Client } from 'pg'
import { afterAll, describe, expect, it } from 'vitest'
import { openBus } from '../../src/standalone/bus.ts'
import { SettingsError } from '../../src/standalone/settings.ts'
import { startNats, startRedis, type BusKind } from '../support/buses.ts'
import { startPostgres } from '../support/databases/postgres.ts'
import { startServer } from '../support/running-server.ts'
import { freePort } from '../support/ports.ts'

const KINDS: BusKind[] = ['redis', 'nats', 'postgres']

const ends: (() => unknown)[] = []
afterAll(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** @returns where a server listens that does this to its connections */
async function listen(serve: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    ends.push(() => socket.destroy())
    serve(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  ends.push(() => server.close())
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

const AWAY = {
  refused: async () => `127.0.0.1:${await freePort()}`,
  'an unknown name': async () => 'no-such-host.invalid:4000',
  'accepts, then closes': () => listen((socket) => socket.end()),
  mute: () => listen((socket) => socket.resume()),
}

describe.concurrent.each(KINDS)('%s', (kind) => {
  it.each(Object.entries(AWAY))('%s: the server starts, and stores', async (_way, where) => {
    const server = await startServer({ BUS_URL: `${kind}://${await where()}`, LOG_LEVEL: 'silent' })
    const response = await fetch(`${server.url}/support_chat/messages`, {
      method: 'POST',
      headers: { authorization: `Bearer ${await server.userToken('ann')}`, 'content-type': 'application/json' },
      body: JSON.stringify({ content: 'hello' }),
    })
    expect(response.status).toBe(201)
    await server.stop()
  })
})

/** What is said where a start ends: one line, without the password */
async function endOn(url: string): Promise<string> {
  const error: unknown = await openBus(url, 'e', { evenAway: true }).catch((e: unknown) => e)
  expect(error).toBeInstanceOf(SettingsError)
  const { message } = error as SettingsError
  expect(message).toMatch(/^The bus \S+ cannot be used: .+\. Set BUS_URL to another bus, or to off for a single node$/)
  expect(message).not.toMatch(/:wrong@/)
  return message
}

const redis = await startRedis('--requirepass', 'right')
const nats = await startNats('--user', 'bus', '--pass', 'right')
const postgres = await startPostgres()
ends.push(...[redis, nats, postgres].map((server) => () => server?.remove()))
if (postgres) await needPasswords(postgres.url)

/** Of a role `bus`, whose password is `right` */
async function needPasswords(url: string): Promise<void> {
  const client = new Client(url)
  await client.connect()
  await client.query("CREATE ROLE bus LOGIN PASSWORD 'right'")
  const [row] = (await client.query<{ hba_file: string }>('SHOW hba_file')).rows
  const file = row?.hba_file ?? ''
  writeFileSync(file, `host all bus 127.0.0.1/32 scram-sha-256\n${readFileSync(file, 'utf8')}`)
  await client.query('SELECT pg_reload_conf()')
  await client.end()
}

describe.each([
  { kind: 'redis', server: redis },
  { kind: 'nats', server: nats },
  { kind: 'postgres', server: postgres },
])('$kind', ({ kind, server }) => {
  const withPassword = (word: string): string => {
    const url = new URL(server?.url ?? '')
    url.username = kind === 'redis' ? '' : 'bus'
    url.password = word
    return url.href
  }

  it.skipIf(!server)('is taken with the right password, and ends the start with a wrong one', async () => {
    await (await openBus(withPassword('right'), 'e')).close()
    expect(await endOn(withPassword('wrong'))).toMatch(/WRONGPASS|Authorization Violation|password authentication/)
  })
})

// By NATS and PostgreSQL it cannot be told from a server that is mute, or closes: they wait for its first word, or for its answer
describe('redis', () => {
  it.skipIf(!nats)('ends the start where NATS answers', async () => {
    expect(await endOn(`redis://${new URL(nats?.url ?? '').host}`)).toContain('Unknown RESP type 73 "I"')
  })

  it('ends the start where a web server answers', async () => {
    const where = await listen((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n')),
    )
    expect(await endOn(`redis://${where}`)).toContain('Unknown RESP type 72 "H"')
  })

  it('ends the start with a database that is no number', async () => {
    expect(await endOn(`redis://127.0.0.1:${await freePort()}/x`)).toContain('Invalid pathname')
  })
})

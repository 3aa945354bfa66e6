// Hosts that hand in what they have: their client, their pool, their connection. It serves them as before.
import { connect, type NatsConnection } from '@nats-io/transport-node'
import { createClient } from '@redis/client'
import pg from 'pg'
import { afterAll, describe, expect, it } from 'vitest'
import { natsBus } from '../../src/buses/nats.ts'
import { postgresBus } from '../../src/buses/postgres.ts'
import { redisBus } from '../../src/buses/redis.ts'
import type { Bus } from '../../src/server/ports/bus.ts'
import { hearEachOther, until, type Ear } from '../../src/testing/bus-conformance/kit.ts'
import { busServer, type MortalServer } from '../support/buses.ts'

const [redis, nats, postgres] = await Promise.all([busServer('redis'), busServer('nats'), busServer('postgres')])
afterAll(async () => {
  await Promise.all([redis, nats, postgres].map(async (server) => server?.remove()))
})

async function listening(bus: Bus): Promise<Ear> {
  const ear: Ear = { bus, hints: [], resumed: 0 }
  await bus.listen(
    (hint) => ear.hints.push(hint),
    () => ear.resumed++,
  )
  return ear
}

async function survives(server: MortalServer, ears: [Ear, Ear]): Promise<void> {
  await hearEachOther(...ears)
  await server.kill()
  await server.start()
  await until(() => ears.every((ear) => ear.resumed > 0))
  await hearEachOther(...ears)
  await Promise.all(ears.map((ear) => ear.bus.close()))
}

describe.skipIf(!redis)("redis: the host's client", () => {
  it('lends its settings, and neither listens nor ends', async () => {
    const client = createClient({ url: redis!.url.href })
    client.on('error', () => undefined)
    await client.connect()
    const ears: [Ear, Ear] = [await listening(redisBus(client)), await listening(redisBus(redis!.url.href))]
    await survives(redis!, ears)
    await until(() => client.isReady)
    expect(await client.ping()).toBe('PONG')
    // The server may not have seen yet that the others are gone
    await expect.poll(() => client.clientList()).toHaveLength(1)
    await client.close()
  })
})

describe.skipIf(!postgres)("postgres: the host's pool", () => {
  it('lends its settings, and none of its connections', async () => {
    const pool = new pg.Pool({ connectionString: postgres!.url.href, max: 1 })
    pool.on('error', () => undefined)
    const ears: [Ear, Ear] = [await listening(postgresBus(pool)), await listening(postgresBus(postgres!.url.href))]
    await pool.query('SELECT 1')
    expect(pool.totalCount).toBe(1)
    await survives(postgres!, ears)
    await pool.query('SELECT 1').catch(() => undefined)
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
    await pool.end()
  })
})

describe.skipIf(!nats)("nats: the host's connection", () => {
  const options = { maxReconnectAttempts: -1, reconnectTimeWait: 100 }
  const open = (): Promise<NatsConnection> => connect({ servers: [nats!.url.host], ...options })

  it('is shared, and comes back by itself', async () => {
    const connection = await open()
    const ears: [Ear, Ear] = [await listening(natsBus(connection)), await listening(natsBus(nats!.url.href))]
    await survives(nats!, ears)
    expect(connection.isClosed()).toBe(false)
    await connection.close()
  })

  it('takes the bus with it when it is closed, until that is closed too', async () => {
    const connection = await open()
    const ear = await listening(natsBus(connection))
    await connection.close()
    ear.bus.publish('to nobody')
    await ear.bus.close()
    expect(ear.resumed).toBe(0)
  })
})

// The store over a client of the host's, and over one of our own.
import { MongoClient } from 'mongodb'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { mongoMigrations, mongoStore } from '../../src/entries/node.ts'
import { freshMongodb } from '../support/mongodb.ts'
import { freePort } from '../support/ports.ts'

const AT = '2026-03-02T09:00:00.000Z'
const database = await freshMongodb()

describe.skipIf(!database)('mongoStore', () => {
  const url = database?.url ?? 'mongodb://unused/x'
  const client = new MongoClient(url)
  beforeAll(() => client.connect())
  afterAll(async () => {
    await client.close()
    await database?.drop()
  })
  const collections = async () => (await client.db().listCollections().toArray()).map(({ name }) => name)

  it("leaves the host's client open, and keeps to its prefix", async () => {
    expect(await mongoMigrations(client.db(), { prefix: 'desk_' })).not.toEqual([])
    const store = await mongoStore(client.db(), { prefix: 'desk_' })
    await store.savePeople([{ id: 'ada', email: 'ada@example.com', name: 'Ada' }], AT)
    await store.close()
    await expect(store.ping()).rejects.toMatchObject({ name: 'StoreUnavailable' })
    expect((await collections()).filter((name) => !name.startsWith('desk_support_'))).toEqual([])
    expect(await collections()).toContain('desk_support_users')
    expect(await mongoMigrations(client.db(), { prefix: 'desk_' })).toEqual([])
  })

  it('closes a client of its own', async () => {
    const store = await mongoStore(url)
    expect((await store.ping()).epoch).toBe(store.epoch)
    await store.close()
    await store.close()
    await expect(store.ping()).rejects.toMatchObject({ name: 'StoreUnavailable' })
  })

  it('takes no prefix that would need quoting', async () => {
    await expect(mongoStore(url, { prefix: 'a b' })).rejects.toThrow(/^prefix must be up to 30 letters/)
  })
})

it('is unavailable where no server is', async () => {
  const away = mongoStore(`mongodb://127.0.0.1:${await freePort()}/x`)
  await expect(away).rejects.toMatchObject({ name: 'StoreUnavailable' })
})

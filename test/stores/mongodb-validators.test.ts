// The validators of collections: what they say of the documents that Deskbell writes, and what happens on a server that refuses them.
import { Ajv } from 'ajv'
import { MongoClient, type Db, type Document } from 'mongodb'
import { afterAll, describe, expect, it } from 'vitest'
import { mongoMigrations, mongoStore } from '../../src/stores/mongo.ts'
import { VALIDATORS } from '../../src/stores/mongo/validators.ts'
import { at, message, newChat, newPrefix } from '../../src/testing/database-conformance/kit.ts'
import { freshMongodb } from '../support/mongodb.ts'

const database = await freshMongodb()
const DOCUMENT_REFUSED = 121

/** BSON has more types than JSON; of these, all have a name there too */
const inJson = (schema: Document): Document =>
  JSON.parse(JSON.stringify(schema).replaceAll('"bsonType"', '"type"').replaceAll('"bool"', '"boolean"')) as Document

describe.skipIf(!database)('validators on MongoDB', () => {
  const client = new MongoClient(database?.url ?? 'mongodb://unused')
  afterAll(async () => {
    await client.close()
    await database?.drop()
  })
  const db = client.db()
  const schemas = new Map(VALIDATORS.map(([name, validator]) => [name, validator['$jsonSchema'] as Document]))
  const metaOf = (prefix: string) => db.collection<{ _id: string; value: string }>(`${prefix}support_meta`)
  const noteOf = async (prefix: string) => (await metaOf(prefix).findOne({ _id: 'validators' }))?.value

  /** The server takes validators, but for the part that FerretDB lacks: it forgets them, and checks nothing */
  function taking(): { db: Db; commands: Document[] } {
    const commands: Document[] = []
    const command = (asked: Document) => {
      if (!('validator' in asked)) return db.command(asked)
      commands.push(asked)
      const { validator: _, validationLevel: __, validationAction: ___, ...rest } = asked
      return 'create' in rest ? db.command(rest) : Promise.resolve({ ok: 1 })
    }
    const proxy = new Proxy(db, {
      get: (target, name) => {
        const value: unknown = name === 'command' ? command : Reflect.get(target, name)
        return typeof value === 'function'
          ? (...values: unknown[]): unknown => Reflect.apply(value, target, values)
          : value
      },
    })
    return { db: proxy, commands }
  }

  it('accept what Deskbell writes', async () => {
    const prefix = newPrefix()
    const store = await mongoStore(db, { prefix })
    const chat = await newChat(store, 'u')
    await store.appendMessages(Array.from({ length: 70 }, () => message(chat)))
    await store.appendMessages([message(chat, { sender_type: 'admin', sender_id: 's', notify_at: at(5) })])
    await store.markRead(chat, 'user', 10, at(6))
    await store.changeTags(chat, () => ['vip'], { actor: { id: 's', name: 'S' }, at: at(7) })
    for (const [name, schema] of schemas) {
      const documents = await db.collection(`${prefix}support_${name}`).find().toArray()
      expect(documents.length, name).toBeGreaterThan(0)
      const validate = new Ajv({ allErrors: true, allowUnionTypes: true }).compile(inJson(schema))
      for (const one of documents) expect([validate(one), validate.errors]).toEqual([true, null])
    }
    await store.close()
  })

  it('refuse what Deskbell could not read', () => {
    const validate = new Ajv({ allowUnionTypes: true }).compile(inJson(schemas.get('chats') ?? {}))
    expect(validate({ _id: 'c', user_id: 'u', version: 1 })).toBe(false)
  })

  it('are set as collections are made, or afterwards, and once', async () => {
    const prefix = newPrefix()
    const server = taking()
    await (await mongoStore(server.db, { prefix })).close()
    expect(server.commands.map(({ create }) => create as string)).toEqual(
      ['users', 'chats', 'messages'].map((name) => `${prefix}support_${name}`),
    )
    expect(await noteOf(prefix)).toBe('set')
    server.commands.length = 0
    await (await mongoStore(server.db, { prefix })).close()
    expect(server.commands).toEqual([])

    await metaOf(prefix).updateOne({ _id: 'version' }, { $set: { value: '3' } })
    expect((await mongoMigrations(server.db, { prefix })).slice(0, 3)).toMatchObject(
      ['users', 'chats', 'messages'].map(
        (name) => expect.stringContaining(`{"collMod":"${prefix}support_${name}"`) as string,
      ),
    )
    await (await mongoStore(server.db, { prefix })).close()
    expect(server.commands.map(({ collMod }) => typeof collMod)).toEqual(['string', 'string', 'string'])
    expect(await mongoMigrations(server.db, { prefix })).toEqual([])
  })

  it.runIf(database?.isFerretdb)('are left out on a server that refuses, until there is another one', async () => {
    const prefix = newPrefix()
    expect((await mongoMigrations(db, { prefix })).filter((line) => line.includes('validator'))).toHaveLength(3)
    await (await mongoStore(db, { prefix })).close()
    expect(await noteOf(prefix)).toMatch(/^refused by .*FerretDB/)
    expect(await mongoMigrations(db, { prefix })).toEqual([])

    await metaOf(prefix).deleteOne({ _id: 'validators' })
    expect(await mongoMigrations(db, { prefix })).toHaveLength(3)
    await metaOf(prefix).insertOne({ _id: 'validators', value: 'refused by an earlier one' })
    const server = taking()
    expect(await mongoMigrations(server.db, { prefix })).toHaveLength(3)
    await (await mongoStore(server.db, { prefix })).close()
    expect(server.commands).toHaveLength(3)
    expect(await noteOf(prefix)).toBe('set')
  })

  it.skipIf(database?.isFerretdb)('are checked by the server', async () => {
    const prefix = newPrefix()
    await (await mongoStore(db, { prefix })).close()
    expect(await noteOf(prefix)).toBe('set')
    for (const name of schemas.keys()) {
      const wrong = db.collection<{ _id: string }>(`${prefix}support_${name}`).insertOne({ _id: 'wrong' })
      await expect(wrong).rejects.toMatchObject({ code: DOCUMENT_REFUSED })
    }
  })
})

// MongoDB takes documents of 16 MB. Ours stay far below, whatever people write, and whatever nodes leave to be done.
import { BSON, MongoClient, type Document } from 'mongodb'
import { afterAll, describe, expect, it } from 'vitest'
import { MAX_CONTENT, MAX_FILE_NAME, MAX_FILES } from '../../src/protocol/limits.ts'
import { MAX_TAG, MAX_TAGS } from '../../src/protocol/tags.ts'
import { mongoStore } from '../../src/stores/mongo.ts'
import type { Store } from '../../src/server/ports/store/store.ts'
import { at, message, newChat, newId, newPrefix } from '../../src/testing/database-conformance/kit.ts'
import { dyingNode } from '../support/dying-mongodb.ts'
import { freshMongodb } from '../support/mongodb.ts'

const MOST = 1_000_000
/** Three bytes in each of the UTF-16 units that are counted: more than any other character has */
const widest = (units: number): string => '界'.repeat(units)
const WEBHOOKS = { 'message.created': Array.from({ length: 5 }, () => newId()) }
const STAFF = { id: 's', name: widest(200) }

const database = await freshMongodb()

describe.skipIf(!database)('MongoDB', () => {
  const client = new MongoClient(database?.url ?? 'mongodb://unused', { monitorCommands: true })
  afterAll(async () => {
    await client.close()
    await database?.drop()
  })
  const db = client.db()

  /** The largest document that was read or made, and the most that an update has put into one: no document was larger than both */
  const largest = { document: 0, update: 0 }
  client.on('commandSucceeded', ({ reply }) => {
    const { cursor } = reply as { cursor?: { firstBatch?: Document[] } }
    for (const doc of cursor?.firstBatch ?? []) largest.document = Math.max(largest.document, sizeOf(doc))
  })
  client.on('commandStarted', ({ command }) => {
    const { updates = [], documents = [] } = command as { updates?: { u: Document }[]; documents?: Document[] }
    for (const { u } of updates) largest.update = Math.max(largest.update, sizeOf(u))
    for (const doc of documents) largest.document = Math.max(largest.document, sizeOf(doc))
  })
  const sizeOf = (doc: Document): number => BSON.calculateObjectSize(doc)

  async function files(store: Store, chat_id: string): Promise<string[]> {
    const ids = Array.from({ length: MAX_FILES }, () => newId())
    for (const id of ids) {
      const by = { chat_id, sender_type: 'user', sender_id: 'u' } as const
      const name = widest(MAX_FILE_NAME)
      await store.reserveUpload({ id, ...by, name, size: 1, created_at: at(1), due_at: at(9_000) }, null)
      await store.finishUpload({ id, type: 'x/y', width: null, height: null, client_id: null, due_at: at(9_000) })
    }
    return ids
  }

  it('has no document of a megabyte, whatever people write', async () => {
    const store = await mongoStore(db, { prefix: newPrefix(), fullTextSearch: true })
    const chat = await newChat(store, 'u')
    const texts = Array.from({ length: 120 }, (_, n) =>
      message(chat, { content: widest(MAX_CONTENT), client_id: `t${n}`, sender_name: STAFF.name }),
    )
    const many = Array.from({ length: 200 }, (_, n) => message(chat, { content: 'a b', client_id: `m${n}` }))
    const carrying = []
    for (let n = 0; n < 8; n++) carrying.push(message(chat, { attachment_ids: await files(store, chat) }))
    for (const batch of [texts, many, carrying])
      expect(new Set((await store.appendMessages(batch, WEBHOOKS)).map(({ kind }) => kind))).toEqual(
        new Set(['stored']),
      )
    for (let n = 0; n < 12; n++)
      await store.addNote({
        chat_id: chat,
        content: widest(MAX_CONTENT),
        actor: STAFF,
        client_id: null,
        created_at: at(n),
      })
    const tags = Array.from({ length: MAX_TAGS }, (_, n) => widest(MAX_TAG - 2) + String(n).padStart(2, '0'))
    await store.changeTags(chat, () => tags, { actor: STAFF, at: at(100) })
    expect((await store.messages(chat, { after: 0, limit: 1_000 })).messages).toHaveLength(328)
    expect(largest.document).toBeGreaterThan(30_000)
    expect(largest.document + largest.update).toBeLessThan(MOST)
    await store.close()
  })

  it('lets no document grow while nobody finishes what is left', async () => {
    const prefix = newPrefix()
    const store = await mongoStore(db, { prefix })
    const chat = await newChat(store, 'u')
    const node = dyingNode(db)
    const dying = await mongoStore(node.db, { prefix })
    const sent = Array.from({ length: 40 }, (_, n) =>
      message(chat, { content: widest(MAX_CONTENT), client_id: `c${n}` }),
    )
    for (const one of sent) {
      // It dies when the message is in the chat, and nothing else is done
      node.dieAt(1, 'after')
      await expect(dying.appendMessages([one])).rejects.toMatchObject({ name: 'StoreUnavailable' })
    }
    expect(largest.document + largest.update).toBeLessThan(MOST)
    for (const one of sent) await store.appendMessages([one])
    const { messages } = await store.messages(chat, { after: 0, limit: 100 })
    expect(messages.map(({ seq }) => seq)).toEqual(sent.map((_, i) => i + 1))
    await Promise.all([store.close(), dying.close()])
  })
})

// On MongoDB what belongs to a person is in many collections, which no foreign key cleans up. Nothing of somebody who is gone is to stay.
import { MongoClient } from 'mongodb'
import { afterAll, describe, expect, it } from 'vitest'
import { mongoStore } from '../../src/stores/mongo.ts'
import type { Store } from '../../src/server/ports/store/store.ts'
import { at, message, newChat, newId, newPrefix } from '../../src/testing/database-conformance/kit.ts'
import { freshMongodb } from '../support/mongodb.ts'

const VISITOR = `visitor:${'v'.repeat(43)}`
const QUOTA = { since: at(0), files: 10, bytes: 1_000 }
const WEBHOOKS = { 'message.created': [newId()] }

const database = await freshMongodb()

describe.skipIf(!database)('somebody who is gone from MongoDB', () => {
  const client = new MongoClient(database?.url ?? 'mongodb://unused')
  afterAll(async () => {
    await client.close()
    await database?.drop()
  })
  const db = client.db()

  /** The collections in which a text is */
  async function whereIs(prefix: string, text: string): Promise<string[]> {
    const all = await db.listCollections({ name: new RegExp(`^${prefix}support_`) }).toArray()
    const found = await Promise.all(
      all.map(async ({ name }) => {
        const documents = await db.collection(name).find().toArray()
        return JSON.stringify(documents).includes(text) ? [name.slice(prefix.length)] : []
      }),
    )
    return found.flat().sort()
  }

  async function sendFiles(store: Store, chat_id: string, user: string): Promise<string[]> {
    const files = [newId(), newId()]
    for (const id of files) {
      const by = { chat_id, sender_type: 'user', sender_id: user } as const
      await store.reserveUpload({ id, ...by, name: 'a.png', size: 9, created_at: at(1), due_at: at(90) }, QUOTA)
      await store.finishUpload({ id, type: 'image/png', width: null, height: null, client_id: newId(), due_at: at(90) })
    }
    const sent = message(chat_id, { sender_id: user, attachment_ids: files })
    const [outcome] = await store.appendMessages([sent], WEBHOOKS)
    expect(outcome?.kind).toBe('stored')
    return files
  }

  const sweepFiles = async (store: Store): Promise<void> => {
    const gone = await store.goneAttachments(at(10_000), 100)
    await store.forgetAttachments(gone)
  }

  it('leaves nothing behind when they are erased', async () => {
    const prefix = newPrefix()
    const store = await mongoStore(db, { prefix, fullTextSearch: true })
    const user = 'ada-who-leaves'
    const chat = await newChat(store, user)
    await sendFiles(store, chat, user)
    for (let n = 0; n < 70; n++)
      await store.appendMessages([message(chat, { sender_id: user, content: 'hello there' })])
    expect(await whereIs(prefix, user)).toEqual(
      ['attachments', 'chats', 'messages', 'upload_quotas', 'users'].map((name) => `support_${name}`),
    )
    expect(await store.erasePerson(user)).toMatchObject({ chat_id: chat })
    await sweepFiles(store)
    expect(await whereIs(prefix, user)).toEqual([])
    // A note by which later nodes delete what one that was held up wrote, and the batches that a number remembers to count each once
    expect(await whereIs(prefix, chat)).toEqual(['support_erasures', 'support_numbers'])
    await store.close()
  })

  it('leaves nothing of a visitor who became an account', async () => {
    const prefix = newPrefix()
    const store = await mongoStore(db, { prefix })
    const chat = await newChat(store, VISITOR)
    await sendFiles(store, chat, VISITOR)
    await newChat(store, 'ada')
    expect(await store.mergeVisitor(VISITOR, 'ada', at(5))).toBeDefined()
    expect(await whereIs(prefix, VISITOR)).toEqual([])
    await store.close()
  })

  it('counts the uploads of one who is still there', async () => {
    const prefix = newPrefix()
    const store = await mongoStore(db, { prefix })
    const chat = await newChat(store, 'u')
    const reserve = (id: string) =>
      store.reserveUpload(
        {
          id,
          chat_id: chat,
          sender_type: 'user',
          sender_id: 'u',
          name: 'a',
          size: 9,
          created_at: at(1),
          due_at: at(2),
        },
        { ...QUOTA, files: 2 },
      )
    const first = newId()
    expect(await reserve(first)).toBe('reserved')
    expect(await reserve(newId())).toBe('reserved')
    expect(await reserve(newId())).toBe('too_many')
    await store.dropUpload(first)
    await store.forgetAttachments([first])
    expect(await reserve(newId())).toBe('reserved')
    expect(await reserve(newId())).toBe('too_many')
    await store.close()
  })
})

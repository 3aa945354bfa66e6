// How often a store on MongoDB asks the server for what happens most. Counted, since each costs a way there and back, however fast the server is.
import { MongoClient } from 'mongodb'
import { afterAll, describe, expect, it, vi } from 'vitest'
import { mongoStore } from '../../src/stores/mongo.ts'
import { at, message, newChat, newId, newPrefix } from '../../src/testing/database-conformance/kit.ts'
import { freshMongodb } from '../support/mongodb.ts'

const WEBHOOKS = { 'message.created': [newId()] }

const database = await freshMongodb()

describe.skipIf(!database)('round trips to MongoDB', () => {
  const client = new MongoClient(database?.url ?? 'mongodb://unused', { monitorCommands: true })
  let commands: string[] = []
  client.on('commandStarted', ({ commandName }) => void commands.push(commandName))
  afterAll(async () => {
    vi.restoreAllMocks()
    await client.close()
    await database?.drop()
  })

  async function counted(work: () => Promise<unknown>): Promise<string> {
    commands = []
    await work()
    return commands.join(' ')
  }

  it('are as few as docs/mongodb.md says', async () => {
    // Numbers forget old batches now and then, by chance: not now
    vi.spyOn(Math, 'random').mockReturnValue(0.9)
    const store = await mongoStore(client.db(), { prefix: newPrefix() })
    const chat = await newChat(store, 'u')
    await store.appendMessages([message(chat)])
    const one = message(chat, { client_id: 'one' })
    const found = {
      'a message': await counted(() => store.appendMessages([one])),
      'a message again': await counted(() => store.appendMessages([one])),
      'ten messages of a chat': await counted(() =>
        store.appendMessages(Array.from({ length: 10 }, () => message(chat))),
      ),
      'a message with a webhook': await counted(() => store.appendMessages([message(chat)], WEBHOOKS)),
      'a read mark': await counted(() => store.markRead(chat, 'admin', undefined, at(5))),
      'the newest page': await counted(() => store.messages(chat, { before: 1_000, limit: 10 })),
      'an older page': await counted(() => store.messages(chat, { before: 3, limit: 10 })),
      'a page of the list': await counted(() => store.listChats({ archived: false, limit: 50 })),
    }
    expect(found).toEqual({
      'a message': 'find update update update',
      'a message again': 'find',
      'ten messages of a chat': 'find update update update',
      'a message with a webhook': 'find update insert find find update update update',
      'a read mark': 'find update',
      'the newest page': 'find',
      'an older page': 'find find',
      'a page of the list': 'find find',
    })
    await store.close()
  })
})

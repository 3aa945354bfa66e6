import type { Db } from 'mongodb'
import { describe, expect, it } from 'vitest'
import { mongoMigrations, mongoStore } from '../../src/stores/mongo.ts'
import type { Store } from '../../src/server/ports/store/store.ts'
import { at, message, newChat, newPrefix } from '../../src/testing/database-conformance/kit.ts'
import { searchConformance } from '../../src/testing/search-conformance.ts'
import { wholePage } from '../../src/testing/whole-page.ts'
import { interceptedDb } from '../support/intercepted-db.ts'
import { freshMongodb } from '../support/mongodb.ts'
import { connect } from '../support/mongodb-queries.ts'

const database = await freshMongodb()

const found = async (store: Store, text: string): Promise<string[]> =>
  (await wholePage(store, { text, limit: 100 })).found.map((one) => one.message.content)

const VISITOR = `visitor:${'v'.repeat(43)}`

/** The database of a node that waits before it writes to the index of search */
function heldIndex(db: Db) {
  const isHeld = Promise.withResolvers<void>()
  const isFree = Promise.withResolvers<void>()
  const isWritten = Promise.withResolvers<void>()
  async function write(run: () => unknown): Promise<unknown> {
    isHeld.resolve()
    await isFree.promise
    try {
      return await run()
    } finally {
      isWritten.resolve()
    }
  }
  return {
    db: interceptedDb(db, ({ collection, name, run }) =>
      collection.endsWith('_search') && name === 'bulkWrite' ? write(run) : run(),
    ),
    isHeld: isHeld.promise,
    letGo: async (): Promise<void> => {
      isFree.resolve()
      await isWritten.promise
    },
  }
}

describe.skipIf(!database)('MongoDB', () => {
  const { client, queries } = connect(database)
  const db = client.db()
  const on = (prefix: string) => mongoStore(db, { prefix, fullTextSearch: true })
  const off = (prefix: string) => mongoStore(db, { prefix })
  const indexed = (prefix: string) => db.collection<{ chat_id: string }>(`${prefix}support_search`).find().toArray()

  // Each takes FerretDB half a second. test/faults/stores asks many
  searchConformance('mongodb', () => on('found_'), 10)

  describe('mongodb: the index of search', () => {
    it('is made when it is asked for, of messages that are there already, and not before', async () => {
      const prefix = newPrefix()
      const before = await off(prefix)
      expect(before.searchMessages).toBeUndefined()
      const chat = await newChat(before, 'u')
      // More than a step takes, and most of them outside of the chat's document
      await before.appendMessages(
        Array.from({ length: 250 }, (_, n) => message(chat, { content: `Old question ${n}` })),
      )
      expect(await mongoMigrations(db, { prefix })).toEqual([])
      expect((await mongoMigrations(db, { prefix, fullTextSearch: true })).join('\n')).toContain('support_search')
      const store = await on(prefix)
      expect(await mongoMigrations(db, { prefix, fullTextSearch: true })).toEqual([])
      expect(await found(store, '"question 7"')).toEqual(['Old question 7'])
      expect(await indexed(prefix)).toHaveLength(250)
      await Promise.all([before.close(), store.close()])
    })

    it('has what a process wrote that was not asked to search', async () => {
      const prefix = newPrefix()
      const [with_, without] = [await on(prefix), await off(prefix)]
      const chat = await newChat(without, 'u')
      for (const [n, store] of [without, with_, without].entries())
        await store.appendMessages([message(chat, { content: `walrus ${n}` })])
      for (const n of [0, 1, 2]) expect(await found(with_, `"walrus ${n}"`)).toEqual([`walrus ${n}`])
      await Promise.all([with_.close(), without.close()])
    })

    it('loses the words of a person who is erased', async () => {
      const prefix = newPrefix()
      const store = await on(prefix)
      const [gone, kept] = [await newChat(store, 'u'), await newChat(store, 'v')]
      await store.appendMessages([message(gone), message(gone), message(kept, { sender_id: 'v' })])
      await store.erasePerson('u')
      expect((await indexed(prefix)).map(({ chat_id }) => chat_id)).toEqual([kept])
      await store.close()
    })

    it('does not put back where a message was before its chat became part of another one', async () => {
      const prefix = newPrefix()
      const { db: held, isHeld, letGo } = heldIndex(db)
      const slow = await mongoStore(held, { prefix, fullTextSearch: true })
      const [store, without] = [await on(prefix), await off(prefix)]
      const [own, theirs] = [await newChat(store, 'u'), await newChat(store, VISITOR)]
      await store.appendMessages([message(own)])
      await without.appendMessages([message(theirs, { sender_id: VISITOR, content: 'A walrus' })])
      // It has read the visitor's chat, and is about to index it
      const searched = found(slow, 'walrus').catch(() => undefined)
      await isHeld
      await store.mergeVisitor(VISITOR, 'u', at(9))
      expect(await found(store, 'walrus')).toEqual(['A walrus'])
      await letGo()
      await searched
      expect((await indexed(prefix)).map(({ chat_id }) => chat_id)).toEqual([own, own])
      await store.erasePerson('u')
      expect(await indexed(prefix)).toEqual([])
      await Promise.all([slow, store, without].map((one) => one.close()))
    })

    it('finds a word of any length, by all of it', async () => {
      const store = await on(newPrefix())
      const chat = await newChat(store, 'u')
      const [one, other] = ['a'.repeat(200), `${'a'.repeat(199)}b`]
      await store.appendMessages([message(chat, { content: one })])
      expect(await found(store, `${one} `)).toEqual([one])
      expect(await found(store, `${other} `)).toEqual([])
      await store.close()
    })

    // After all that the store was asked before
    it('asks nothing that would read a whole collection', async () => {
      expect(await queries.withoutIndex(db)).toEqual([])
    })
  })
})

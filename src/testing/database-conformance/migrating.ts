import { describe, expect, it } from 'vitest'
import { message, newChat, newPrefix, type DatabaseKit } from './kit.ts'

export function migratingConformance(name: string, kit: Pick<DatabaseKit, 'open' | 'plan' | 'run'>): void {
  describe(`${name}: migrating`, () => {
    it('happens once when ten nodes start at once', async () => {
      const prefix = newPrefix()
      const stores = await Promise.all(Array.from({ length: 10 }, () => kit.open(prefix)))
      expect(new Set(stores.map((s) => s.epoch)).size).toBe(1)
      await Promise.all(stores.map((s) => s.migrate()))
      await Promise.all(stores.map((s) => s.close()))
    })

    it('can be shown first without changing anything', async () => {
      const prefix = newPrefix()
      const plan = await kit.plan(prefix)
      expect(plan.join(';')).toMatch(new RegExp(`create table .*${prefix}support_messages`))
      expect(await kit.plan(prefix)).toHaveLength(plan.length)
      await (await kit.open(prefix)).close()
      expect(await kit.plan(prefix)).toEqual([])
    })

    it('does what it shows: running the shown statements by hand brings the database up to date', async () => {
      const prefix = newPrefix()
      for (const statement of await kit.plan(prefix)) await kit.run(statement)
      expect(await kit.plan(prefix)).toEqual([])
      const store = await kit.open(prefix)
      expect(await store.appendMessages([message(await newChat(store, 'u'))])).toMatchObject([{ kind: 'stored' }])
      await store.close()
    })

    it('refuses a database of a newer version', async () => {
      const prefix = newPrefix()
      await (await kit.open(prefix)).close()
      await kit.run(`insert into ${prefix}support_migrations values (999, '2099-01-01 00:00:00')`)
      await expect(kit.open(prefix)).rejects.toThrow(/newer version/)
      await expect(kit.plan(prefix)).rejects.toThrow(/newer version/)
    })

    it('keeps tables of different prefixes apart', async () => {
      const [a, b] = [await kit.open(newPrefix()), await kit.open(newPrefix())]
      expect(a.epoch).not.toBe(b.epoch)
      const id = await newChat(a, 'u')
      await a.appendMessages([message(id)])
      expect(await b.findChat(id)).toBeUndefined()
      expect(await b.findPerson('u')).toBeUndefined()
      await Promise.all([a.close(), b.close()])
    })

    it.each(['a-b', '1a', 'a"b', 'x'.repeat(31)])('refuses the prefix %s', async (prefix) => {
      await expect(kit.open(prefix)).rejects.toThrow(/prefix/)
    })
  })
}

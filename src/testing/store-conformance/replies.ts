import { describe, expect, it } from 'vitest'
import { MAX_CANNED_REPLIES } from '../../protocol/canned-replies.ts'
import { at, uuid, type Kit } from './kit.ts'

const text = (shortcut: string, body = `Text of ${shortcut}`) => ({ shortcut, title: '', body })

export function repliesConformance(name: string, kit: Kit): void {
  describe(`${name}: canned replies`, () => {
    const shortcuts = async () => (await kit.store.cannedReplies()).map(({ shortcut }) => shortcut)

    it('stores each shortcut once, compared exactly, and lists them in its order', async () => {
      const add = (n: number, of: ReturnType<typeof text>) => kit.store.addCannedReply(uuid(n), of, at(n))
      const hello = { shortcut: 'hello', title: 'Hello 😀', body: 'Hi {{user.name}},\n\nthanks \\ عربى ' }
      const reply = { id: uuid(1), ...hello, updated_at: at(1) }
      expect(await add(1, hello)).toEqual({ kind: 'stored', reply })
      expect(await add(2, hello)).toEqual({ kind: 'repeated', reply })
      expect(await add(2, text('hello'))).toEqual({ kind: 'taken' })
      for (const [n, shortcut] of ['héllo', 'Hello', 'a', 'ß', 'ss', '😀'].entries())
        expect(await add(10 + n, text(shortcut))).toMatchObject({ kind: 'stored' })
      expect(await shortcuts()).toEqual(['Hello', 'a', 'hello', 'héllo', 'ss', 'ß', '😀'])
      expect((await kit.store.cannedReplies())[2]).toEqual(reply)
    })

    it('changes one, unless its new shortcut is that of another, and removes it', async () => {
      await kit.store.addCannedReply(uuid(1), text('one'), at(1))
      await kit.store.addCannedReply(uuid(2), text('two'), at(1))
      const change = (n: number, changes: Partial<ReturnType<typeof text>>) =>
        kit.store.changeCannedReply(uuid(n), changes, at(2))
      expect(await change(1, { shortcut: 'two' })).toEqual({ kind: 'taken' })
      expect(await change(1, {})).toMatchObject({ kind: 'repeated', reply: { updated_at: at(1) } })
      const changed = { id: uuid(1), shortcut: 'uno', title: 'Eins', body: 'Text of one', updated_at: at(2) }
      expect(await change(1, { shortcut: 'uno', title: 'Eins' })).toEqual({ kind: 'stored', reply: changed })
      expect(await change(3, { title: 'x' })).toEqual({ kind: 'unknown' })
      expect(await kit.store.changeCannedReply('nonsense', {}, at(2))).toEqual({ kind: 'unknown' })
      expect(await kit.store.cannedReplies()).toMatchObject([{ shortcut: 'two' }, changed])
      expect(await kit.store.removeCannedReply(uuid(2))).toBe(true)
      expect(await kit.store.removeCannedReply(uuid(2))).toBe(false)
      expect(await kit.store.removeCannedReply('nonsense')).toBe(false)
      expect(await shortcuts()).toEqual(['uno'])
    })

    it('gives a shortcut to one of those who want it at once', async () => {
      await kit.store.addCannedReply(uuid(1), text('one'), at(1))
      await kit.store.addCannedReply(uuid(2), text('two'), at(1))
      const outcomes = await Promise.all([
        kit.store.changeCannedReply(uuid(1), { shortcut: 'new' }, at(2)),
        kit.store.changeCannedReply(uuid(2), { shortcut: 'new' }, at(2)),
        kit.store.addCannedReply(uuid(3), text('new'), at(2)),
      ])
      expect(outcomes.map(({ kind }) => kind).toSorted()).toEqual(['stored', 'taken', 'taken'])
      expect((await shortcuts()).filter((one) => one === 'new')).toHaveLength(1)
    })

    it('changes one as two want it at once, and removes it though it is changed at the same time', async () => {
      for (let n = 1; n <= 5; n++) {
        await kit.store.addCannedReply(uuid(n), text(`one-${n}`), at(1))
        const changes = Array.from({ length: 4 }, (_, i) =>
          kit.store.changeCannedReply(uuid(n), { body: `Text ${i}`, shortcut: `new-${n}-${i}` }, at(2)),
        )
        expect(await Promise.all(changes)).toMatchObject(changes.map(() => ({ kind: 'stored' })))
        const more = Array.from({ length: 3 }, (_, i) =>
          kit.store.changeCannedReply(uuid(n), { body: `Later text ${i}` }, at(3)),
        )
        expect(await kit.store.removeCannedReply(uuid(n))).toBe(true)
        for (const { kind } of await Promise.all(more)) expect(['stored', 'unknown']).toContain(kind)
        expect(await shortcuts()).toEqual([])
      }
    })

    it('never stores more than it may, and imports what others import at once', async () => {
      const some = (from: number, n: number) => Array.from({ length: n }, (_, i) => text(`some-${from + i}`))
      await kit.store.importCannedReplies(some(0, MAX_CANNED_REPLIES - 2), at(1))
      const changed = some(0, 20).map(({ shortcut }) => text(shortcut, 'changed'))
      const imports = [changed, changed.toReversed()].map((texts) => kit.store.importCannedReplies(texts, at(2)))
      const adding = some(2_000, 5).map((one, i) => kit.store.addCannedReply(uuid(10 + i), one, at(2)))
      expect((await Promise.all(adding)).map(({ kind }) => kind).toSorted()).toEqual([
        'full',
        'full',
        'full',
        'stored',
        'stored',
      ])
      const counts = await Promise.all(imports)
      expect(counts.map((count) => count?.changed ?? -1).toSorted((a, b) => a - b)).toEqual([0, 20])
      expect(await shortcuts()).toHaveLength(MAX_CANNED_REPLIES)
    })

    it('imports all or none: new ones are added, and known ones changed', async () => {
      await kit.store.addCannedReply(uuid(1), text('same'), at(1))
      await kit.store.addCannedReply(uuid(2), text('old'), at(1))
      const given = [text('same'), text('old', 'new text'), text('added')]
      expect(await kit.store.importCannedReplies(given, at(2))).toEqual({ added: 1, changed: 1, unchanged: 1 })
      expect(await kit.store.importCannedReplies(given, at(3))).toEqual({ added: 0, changed: 0, unchanged: 3 })
      expect(await kit.store.cannedReplies()).toMatchObject([
        { shortcut: 'added', updated_at: at(2) },
        { id: uuid(2), shortcut: 'old', body: 'new text', updated_at: at(2) },
        { id: uuid(1), shortcut: 'same', updated_at: at(1) },
      ])
      const many = Array.from({ length: MAX_CANNED_REPLIES - 3 }, (_, i) => text(`many-${i}`))
      expect(await kit.store.importCannedReplies([...many, text('one too many')], at(4))).toBeUndefined()
      expect(await shortcuts()).toHaveLength(3)
      expect(await kit.store.importCannedReplies(many, at(4))).toMatchObject({ added: MAX_CANNED_REPLIES - 3 })
      expect(await kit.store.addCannedReply(uuid(3), text('one too many'), at(5))).toEqual({ kind: 'full' })
      expect(await kit.store.addCannedReply(uuid(3), text('same'), at(5))).toMatchObject({ kind: 'repeated' })
    })
  })
}

import { describe, expect, it } from 'vitest'
import { at, type Kit } from './kit.ts'

export function blockingConformance(name: string, kit: Kit): void {
  const { chat, message, reply, append, all } = kit
  const sam = { id: 'sam', name: 'Sam' }
  const block = (id: string, seconds: number, blocked = true) =>
    kit.store.setBlocked(id, blocked, { actor: sam, at: at(seconds) })
  const shown = async (id: string) => (await kit.store.listItems([id]))[0]?.blocked_at
  const kinds = async (id: string) =>
    (await kit.store.activities(id, { after: 0, limit: 99 })).activities.map(({ kind }) => kind)

  describe(`${name}: blocking`, () => {
    it('refuses what the user sends from then on, and nothing of staff, until it is undone', async () => {
      const id = await chat('u')
      await append(message(id, { client_id: 'before' }))
      expect(await block(id, 2)).toMatchObject({
        seq: 1,
        kind: 'blocked',
        actor_id: 'sam',
        actor_name: 'Sam',
        body: {},
      })
      expect([await shown(id), (await kit.store.findChat(id))?.blocked_at]).toEqual([at(2), at(2)])
      await kit.store.setArchived(id, true, at(3))

      // What was stored before the block is answered like any other repeat
      const outcomes = await append(
        message(id, { client_id: 'before' }),
        message(id, { client_id: 'before', content: 'another' }),
        message(id, { client_id: 'after', notify_at: at(9) }),
        message(id),
        reply(id, 4),
      )
      expect(outcomes.map(({ kind }) => kind)).toEqual(['repeated', 'conflict', 'blocked', 'blocked', 'stored'])
      expect((await all(id)).map(({ sender_type }) => sender_type)).toEqual(['user', 'admin'])
      expect((await kit.store.listItems([id]))[0]).toMatchObject({ archived: true, message_count: 2 })
      expect(await kinds(id)).toEqual(['blocked', 'archived'])

      expect(await block(id, 5, false)).toMatchObject({ seq: 3, kind: 'unblocked' })
      expect(await shown(id)).toBeNull()
      const [sent] = await append(message(id, { client_id: 'after' }))
      expect(sent).toMatchObject({ kind: 'stored', message: { seq: 3 } })
    })

    it('happens once, whoever asks again, and needs a chat', async () => {
      const id = await chat('u')
      const asked = await Promise.all([1, 2, 3].map((seconds) => block(id, seconds)))
      expect(asked.filter((activity) => activity !== undefined)).toHaveLength(1)
      expect(await block(id, 4)).toBeUndefined()
      expect(await kinds(id)).toEqual(['blocked'])
      for (const none of ['01950000-0000-7000-8000-00000000ffff', 'nonsense'])
        expect(await block(none, 1)).toBeUndefined()
    })

    it('decides together with what is sent at the same time: a message is stored before it, or refused', async () => {
      const id = await chat('u')
      const [first, , second] = await Promise.all([append(message(id)), block(id, 2), append(message(id))])
      const kinds = [first, second].flat().map(({ kind }) => kind)
      expect(await all(id)).toHaveLength(kinds.filter((kind) => kind === 'stored').length)
      expect(kinds.every((kind) => kind === 'stored' || kind === 'blocked')).toBe(true)
      expect((await append(message(id)))[0]).toEqual({ kind: 'blocked' })
    })

    it('goes with a visitor to the account, and stays with the account, with the activity of it', async () => {
      const [theirs, own] = [await chat('visitor:v'), await chat('u')]
      const visitors = { sender_id: 'visitor:v', created_at: at(2) }
      await append(message(own), message(theirs, visitors))
      await block(theirs, 3)
      await kit.store.mergeVisitor('visitor:v', 'u', at(9))
      expect(await shown(own)).toBe(at(3))
      expect(await kinds(own)).toEqual(['blocked', 'blocked'])

      // Of the account, whose visitor was blocked once and is not any more
      const second = await chat('visitor:w')
      await append(message(second, { ...visitors, sender_id: 'visitor:w' }))
      await block(second, 10)
      await block(second, 11, false)
      await kit.store.mergeVisitor('visitor:w', 'u', at(12))
      expect(await shown(own)).toBe(at(3))
      expect((await kinds(own)).at(-1)).toBe('blocked')
      expect((await append(message(own)))[0]).toEqual({ kind: 'blocked' })
    })

    it('goes with the chat of a visitor that becomes that of an account', async () => {
      const [theirs, own] = [await chat('visitor:v'), await chat('u')]
      await append(message(theirs, { sender_id: 'visitor:v' }))
      await block(own, 3)
      await kit.store.mergeVisitor('visitor:v', 'u', at(9))
      expect(await shown(theirs)).toBe(at(3))
      expect((await kinds(theirs)).at(-1)).toBe('blocked')

      const alone = await chat('visitor:x')
      await append(message(alone, { sender_id: 'visitor:x' }))
      await block(alone, 4)
      await kit.store.savePeople([{ id: 'x', email: '', name: null }], at(5))
      await kit.store.mergeVisitor('visitor:x', 'x', at(9))
      expect(await shown(alone)).toBe(at(4))
      expect(await kinds(alone)).toEqual(['blocked'])
    })

    it('is exported with the user', async () => {
      const id = await chat('u')
      await block(id, 2)
      expect((await kit.store.personalData('u'))?.chat?.blocked_at).toBe(at(2))
    })
  })
}

import { describe, expect, it } from 'vitest'
import { at, uuid, type Kit } from './kit.ts'

/** Characters as people see them, after so many others that they do not fit whole */
const CHARACTERS = [
  [98, '😀'],
  [97, '🇩🇪'],
  [96, '👩‍👩‍👧‍👦'],
  [98, 'e\u0301'],
  [97, '👍🏽'],
  [97, '각'.normalize('NFD')],
  [98, 'नि'],
  [97, `Z${'\u0300\u0301'.repeat(200)}`],
] as const

export function appendingConformance(name: string, kit: Kit): void {
  const { chat, message, reply, append, all } = kit

  describe(`${name}: appending`, () => {
    it('numbers messages 1..n in each chat, within a batch and across batches', async () => {
      const [a, b] = [await chat('a'), await chat('b')]
      await append(message(a), message(b), message(a))
      await append(message(b), message(a))
      expect((await all(a)).map((m) => m.seq)).toEqual([1, 2, 3])
      expect((await all(b)).map((m) => m.seq)).toEqual([1, 2])
      expect((await kit.store.findChat(a))?.last_seq).toBe(3)
    })

    it('stores a repeated client_id once, also within a batch, and leaves no gap', async () => {
      const id = await chat('u')
      const first = message(id, { client_id: 'c1' })
      const outcomes = await append(first, message(id, { client_id: 'c1' }), message(id, { client_id: 'c2' }))
      expect(outcomes.map((o) => o.kind)).toEqual(['stored', 'repeated', 'stored'])
      const [again] = await append(message(id, { client_id: 'c1' }))
      expect(again).toMatchObject({ kind: 'repeated', message: { id: first.id, seq: 1, client_id: 'c1' } })
      expect((await all(id)).map((m) => m.seq)).toEqual([1, 2])
    })

    it('scopes a client_id to its chat and sender', async () => {
      const [a, b] = [await chat('a'), await chat('b')]
      const outcomes = await append(
        message(a, { client_id: 'c' }),
        message(b, { client_id: 'c' }),
        message(a, { client_id: 'c', sender_id: 'sam', sender_type: 'admin' }),
      )
      expect(outcomes.map((o) => o.kind)).toEqual(['stored', 'stored', 'stored'])
    })

    it('treats a user and a member of staff with the same id as two people', async () => {
      const id = await chat('u')
      const outcomes = await append(
        message(id, { client_id: 'c', sender_id: '42' }),
        message(id, { client_id: 'c', sender_id: '42', sender_type: 'admin' }),
      )
      expect(outcomes.map((o) => o.kind)).toEqual(['stored', 'stored'])
      const [again] = await append(message(id, { client_id: 'c', sender_id: '42', sender_type: 'admin' }))
      expect(again).toMatchObject({ kind: 'repeated', message: { seq: 2 } })
    })

    it('reports a conflict for other content under the same client_id', async () => {
      const id = await chat('u')
      await append(message(id, { client_id: 'c' }))
      expect(await append(message(id, { client_id: 'c', content: 'other' }))).toEqual([{ kind: 'conflict' }])
      expect((await all(id)).map((m) => m.content)).toEqual(['hello'])
    })

    it('reports an unknown chat and stores the rest of the batch', async () => {
      const id = await chat('u')
      const outcomes = await append(message(id), message(uuid(7)), message(id))
      expect(outcomes.map((o) => o.kind)).toEqual(['stored', 'no_chat', 'stored'])
      expect(await all(id)).toHaveLength(2)
    })

    it('writes a batch completely or not at all', async () => {
      const id = await chat('u')
      const twice = message(id)
      await expect(append(message(id), twice, message(id, { id: twice.id }))).rejects.toThrow()
      expect(await all(id)).toEqual([])
      expect((await kit.store.findChat(id))?.last_seq).toBe(0)
      expect(await append(message(id))).toMatchObject([{ kind: 'stored', message: { seq: 1 } }])
    })

    it('never dates a message earlier than the one before it', async () => {
      const id = await chat('u')
      await append(message(id, { created_at: at(10) }), message(id, { created_at: at(5) }))
      await append(message(id, { created_at: at(7) }), message(id, { created_at: at(11) }))
      expect((await all(id)).map((m) => m.created_at)).toEqual([at(10), at(10.001), at(10.002), at(11)])
    })

    it('keeps at most 100 characters of the last message, and cuts none of them in two', async () => {
      const id = await chat('u')
      const preview = async (content: string) => {
        await append(message(id, { content }))
        return (await kit.store.listItems([id]))[0]?.last_message_preview ?? ''
      }
      expect(await preview('x'.repeat(100))).toBe('x'.repeat(100))
      expect(await preview('x'.repeat(101))).toBe(`${'x'.repeat(99)}…`)
      expect(await preview(`${'x'.repeat(97)}😀 and more`)).toBe(`${'x'.repeat(97)}😀…`)
      for (const [room, character] of CHARACTERS)
        expect(await preview(`${'x'.repeat(room)}${character} and more`)).toBe(`${'x'.repeat(room)}…`)
    })

    it('unarchives a chat on a user message, not on a reply', async () => {
      const id = await chat('u')
      await append(message(id))
      await kit.store.setArchived(id, true, at(2))
      expect(await append(reply(id, 3))).toMatchObject([{ unarchived: null }])
      expect((await kit.store.findChat(id))?.archived_at).toBe(at(2))
      expect(await append(message(id), message(id))).toMatchObject([
        { unarchived: { kind: 'unarchived', actor_id: null, body: { by_message: true } } },
        { unarchived: null },
      ])
      expect((await kit.store.findChat(id))?.archived_at).toBeNull()
    })

    it('does not unarchive it for a repeated message', async () => {
      const id = await chat('u')
      await append(message(id, { client_id: 'c' }))
      await kit.store.setArchived(id, true, at(2))
      await append(message(id, { client_id: 'c' }))
      expect((await kit.store.findChat(id))?.archived_at).toBe(at(2))
    })
  })
}

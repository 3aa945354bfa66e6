import { describe, expect, it } from 'vitest'
import type { AttachedBy, FinishedUpload, NewUpload, UploadQuota } from '../../server/ports/store/attachments.ts'
import { at, uuid, type Kit } from './kit.ts'

const VISITOR = `visitor:${'v'.repeat(43)}`

export function attachmentsConformance(name: string, kit: Kit): void {
  const { chat, message, append, all } = kit
  const by = (chat_id: string, sender_id = 'u'): AttachedBy => ({ chat_id, sender_type: 'user', sender_id })

  const reserve = (id: string, who: AttachedBy, more: Partial<NewUpload> = {}, quota: UploadQuota | null = null) =>
    kit.store.reserveUpload(
      { id, ...who, name: 'café 😀.png', size: 100, created_at: at(1), due_at: at(3_600), ...more },
      quota,
    )
  const finish = (id: string, more: Partial<FinishedUpload> = {}) =>
    kit.store.finishUpload({
      id,
      type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
      width: 800,
      height: 600,
      client_id: null,
      due_at: at(90_000),
      ...more,
    })
  /** A file that can be sent */
  async function file(n: number, who: AttachedBy, client_id: string | null = null): Promise<string> {
    await reserve(uuid(n), who)
    await finish(uuid(n), { client_id })
    return uuid(n)
  }
  const gone = async (seconds: number): Promise<string[]> => (await kit.store.goneAttachments(at(seconds), 100)).sort()
  const stored = (id: string) => ({
    id,
    name: 'café 😀.png',
    type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    size: 100,
    width: 800,
    height: 600,
  })

  describe(`${name}: attachments`, () => {
    it('go with one message, in its order, and the message has all that is shown of them', async () => {
      const id = await chat('u')
      const [a, b] = [await file(1, by(id)), await file(2, by(id))]
      const sent = message(id, { content: '', attachment_ids: [b, a] })
      const expected = [b, a].map((one) => ({ ...stored(one), url: '' }))
      expect(await append(sent)).toMatchObject([{ kind: 'stored', message: { attachments: expected } }])
      expect(await all(id)).toMatchObject([{ content: '', attachments: expected }])
      expect(await kit.store.findAttachment(a)).toEqual({ ...stored(a), ...by(id), message_id: sent.id })
      await append(message(id))
      expect((await all(id))[1]?.attachments).toEqual([])
      expect((await kit.store.listItems([id]))[0]?.last_message_preview).toBe('hello')
      expect(await append(message(id, { attachment_ids: [a] }))).toEqual([{ kind: 'no_attachment' }])
    })

    it('give a message without words its preview', async () => {
      const id = await chat('u')
      await append(message(id, { content: '', attachment_ids: [await file(1, by(id))] }))
      expect((await kit.store.listItems([id]))[0]?.last_message_preview).toBe('📎 café 😀.png')
    })

    it('are sent by who uploaded them, in their chat, once they are whole; nothing else is written', async () => {
      const [id, other] = [await chat('u'), await chat('v')]
      const mine = await file(1, by(id))
      await reserve(uuid(2), by(id))
      const refused = [
        message(id, { attachment_ids: [mine, uuid(2)] }),
        message(id, { attachment_ids: [mine, mine] }),
        message(id, { attachment_ids: [mine, uuid(99)] }),
        message(id, { attachment_ids: ['no id'] }),
        message(id, { attachment_ids: [mine], sender_type: 'admin' }),
        message(id, { attachment_ids: [mine], sender_id: 'w' }),
        message(other, { attachment_ids: [mine], sender_id: 'v' }),
      ]
      expect((await append(...refused)).map(({ kind }) => kind)).toEqual(refused.map(() => 'no_attachment'))
      // Of two messages in one batch, the first gets it
      const both = await append(message(id, { attachment_ids: [mine] }), message(id, { attachment_ids: [mine] }))
      expect(both.map(({ kind }) => kind)).toEqual(['stored', 'no_attachment'])
      expect((await all(id)).map(({ seq }) => seq)).toEqual([1])
    })

    it('belong to what a client_id names', async () => {
      const id = await chat('u')
      const [a, b] = [await file(1, by(id)), await file(2, by(id))]
      const first = message(id, { client_id: 'c', attachment_ids: [a] })
      const again = (attachment_ids: string[]) => append({ ...first, id: uuid(500), attachment_ids })
      const [outcome] = await append(first)
      expect(await again([a])).toEqual([{ kind: 'repeated', message: (outcome as { message: unknown }).message }])
      expect(await again([b])).toEqual([{ kind: 'conflict' }])
      expect(await again([])).toEqual([{ kind: 'conflict' }])
      expect(await all(id)).toHaveLength(1)
      expect(await kit.store.findAttachment(b)).toMatchObject({ message_id: null })
    })

    it('are uploaded once under a client_id, also when two uploads end at the same time', async () => {
      const id = await chat('u')
      const ids = [1, 2, 3, 4].map(uuid)
      for (const one of ids) expect(await reserve(one, by(id))).toBe('reserved')
      const outcomes = await Promise.all(ids.map((one) => finish(one, { client_id: 'f' })))
      expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['repeated', 'repeated', 'repeated', 'stored'])
      const winner = ids.find((_, i) => outcomes[i]?.kind === 'stored') ?? ''
      for (const outcome of outcomes) expect(outcome).toMatchObject({ attachment: stored(winner) })
      expect(await kit.store.findUpload(by(id), 'f')).toMatchObject(stored(winner))
      expect(await kit.store.findUpload(by(id, 'w'), 'f')).toBeUndefined()
      // Another person may use the same one
      await reserve(uuid(9), { ...by(id), sender_type: 'admin' })
      expect(await finish(uuid(9), { client_id: 'f' })).toMatchObject({ kind: 'stored' })
    })

    it('are not there before they are whole, nor after they were dropped; what a message carries is not dropped', async () => {
      const id = await chat('u')
      await reserve(uuid(1), by(id))
      expect(await kit.store.findAttachment(uuid(1))).toBeUndefined()
      expect(await kit.store.dropUpload(uuid(1))).toBe(true)
      expect(await finish(uuid(1))).toEqual({ kind: 'gone' })
      const [unsent, sent] = [await file(2, by(id)), await file(3, by(id))]
      await append(message(id, { attachment_ids: [sent] }))
      expect(await kit.store.dropUpload(unsent)).toBe(true)
      expect(await kit.store.dropUpload(sent)).toBe(false)
      expect(await kit.store.dropUpload(uuid(99))).toBe(true)
      expect(await kit.store.findAttachment(unsent)).toBeUndefined()
      expect(await kit.store.findAttachment(sent)).toBeDefined()
      expect(await append(message(id, { attachment_ids: [unsent] }))).toEqual([{ kind: 'no_attachment' }])
      expect(await gone(2)).toEqual([unsent])
      // Its content may have been under way
      expect(await gone(3_600)).toEqual([uuid(1), unsent])
      expect(await kit.store.findAttachment('no id')).toBeUndefined()
    })

    it('are gone once they are due, and until their contents are deleted they are told again', async () => {
      const id = await chat('u')
      await reserve(uuid(1), by(id))
      const [unsent, sent] = [await file(2, by(id)), await file(3, by(id))]
      await append(message(id, { attachment_ids: [sent] }))
      expect(await gone(3_599)).toEqual([])
      expect(await gone(3_600)).toEqual([uuid(1)])
      expect(await gone(90_000)).toEqual([uuid(1), unsent])
      expect(await append(message(id, { attachment_ids: [unsent] }))).toEqual([{ kind: 'no_attachment' }])
      expect(await kit.store.goneAttachments(at(90_000), 1)).toHaveLength(1)
      await kit.store.forgetAttachments([uuid(1), unsent, sent])
      expect(await gone(900_000)).toEqual([])
      expect(await kit.store.findAttachment(sent)).toBeDefined()
    })

    it('of one person are limited, over all chats', async () => {
      const [id, other] = [await chat('u'), await chat('v')]
      const quota = { since: at(0), files: 3, bytes: 250 }
      const staff = { ...by(id, 'sam'), sender_type: 'admin' } as const
      // What is not limited counts for nothing
      for (const n of [11, 12, 13, 14]) expect(await reserve(uuid(n), staff, {}, null)).toBe('reserved')
      expect(await reserve(uuid(1), staff, {}, quota)).toBe('reserved')
      expect(await reserve(uuid(2), { ...staff, chat_id: other }, {}, quota)).toBe('reserved')
      expect(await reserve(uuid(3), staff, {}, quota)).toBe('too_many')
      expect(await reserve(uuid(3), staff, { size: 50 }, quota)).toBe('reserved')
      expect(await reserve(uuid(4), staff, { size: 0 }, quota)).toBe('too_many')
      expect(await reserve(uuid(5), by(id, 'sam'), {}, quota)).toBe('reserved')
      expect(await reserve(uuid(6), staff, {}, { ...quota, since: at(1) })).toBe('reserved')
      expect(await reserve(uuid(7), by(uuid(77)))).toBe('no_chat')
      expect(await reserve(uuid(7), by('no id'))).toBe('no_chat')
    })

    it('are gone with the person whose chat they are in', async () => {
      const [id, other] = [await chat('u'), await chat('v')]
      const [sent, theirs] = [await file(1, by(id)), await file(2, by(other, 'v'))]
      await append(message(id, { attachment_ids: [sent] }))
      await reserve(uuid(3), by(id))
      await kit.store.erasePerson('u')
      expect(await kit.store.findAttachment(sent)).toBeUndefined()
      expect(await finish(uuid(3))).toEqual({ kind: 'gone' })
      expect(await gone(2)).toEqual([sent])
      // Its content may be under way
      expect(await gone(3_600)).toEqual([sent, uuid(3)])
      expect(await kit.store.findAttachment(theirs)).toBeDefined()
    })

    it.each([
      ['that has messages', true],
      ['that has none', false],
    ])('go with a visitor’s chat to an account %s', async (_, hasMessages) => {
      const [theirs, own] = [await chat(VISITOR, ''), await chat('u')]
      if (hasMessages) await append(message(own))
      const [sent, unsent] = [await file(1, by(theirs, VISITOR)), await file(2, by(theirs, VISITOR), 'c')]
      const ownUnsent = await file(3, by(own), 'c')
      await append(message(theirs, { sender_id: VISITOR, attachment_ids: [sent] }))
      const merged = await kit.store.mergeVisitor(VISITOR, 'u', at(5))
      const now = merged?.chat_id ?? ''
      expect((await all(now)).at(-1)?.attachments).toMatchObject([{ id: sent }])
      for (const one of [sent, unsent, ownUnsent])
        expect(await kit.store.findAttachment(one)).toMatchObject({ chat_id: now, sender_id: 'u' })
      expect(await append(message(now, { attachment_ids: [unsent, ownUnsent] }))).toMatchObject([{ kind: 'stored' }])
    })

    it('of a visitor count for the account', async () => {
      const [theirs, own] = [await chat(VISITOR, ''), await chat('u')]
      await append(message(own), message(theirs, { sender_id: VISITOR }))
      const quota = { files: 3, bytes: 1_000, since: at(0) }
      await reserve(uuid(1), by(theirs, VISITOR), {}, quota)
      await reserve(uuid(2), by(own), {}, quota)
      await kit.store.mergeVisitor(VISITOR, 'u', at(5))
      expect(await reserve(uuid(3), by(own), {}, quota)).toBe('reserved')
      expect(await reserve(uuid(4), by(own), {}, quota)).toBe('too_many')
    })
  })
}

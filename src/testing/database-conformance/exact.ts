import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Store } from '../../server/ports/store/store.ts'
import { at, message, newChat, newId, newPrefix, type DatabaseKit } from './kit.ts'

/** Ids that a database might treat as equal: by case, spaces at the end, accents, composition, width, kana, ligatures */
const ALIKE = [
  'ada',
  'Ada',
  'ada ',
  ' ada',
  'ada\t',
  'adá',
  'ada\u0301',
  'ａda',
  'straße',
  'strasse',
  'は',
  'ば',
  'ハ',
  'ﬁ',
  'fi',
  'I',
  'ı',
  'i',
]

export function exactConformance(name: string, kit: Pick<DatabaseKit, 'open' | 'run'>): void {
  describe(`${name}: exactness`, () => {
    const prefix = newPrefix()
    let store: Store
    beforeAll(async () => {
      store = await kit.open(prefix)
    })
    afterAll(() => store.close())

    it('accepts the largest possible batch, in the characters that take most bytes', async () => {
      const id = await newChat(store, 'large')
      const batch = ['\u0001', '漢', '😀'].flatMap((character) =>
        Array.from({ length: 100 }, () => message(id, { content: character.repeat(10_000 / character.length) })),
      )
      for (const part of [batch.slice(0, 100), batch.slice(100, 200), batch.slice(200)]) {
        expect((await store.appendMessages(part)).every(({ kind }) => kind === 'stored')).toBe(true)
      }
      const { messages } = await store.messages(id, { after: 0, limit: 300 })
      expect(messages.map(({ content }) => content)).toEqual(batch.map(({ content }) => content))
    })

    it('distinguishes people whose ids look alike', async () => {
      const ids = [...ALIKE, '😀'.repeat(100), 'x'.repeat(200), '漢'.repeat(200)]
      await store.savePeople(
        ids.map((id, i) => ({ id, email: `p${i}@example.com`, name: id })),
        at(0),
      )
      for (const [i, id] of ids.entries()) {
        expect(await store.findPerson(id)).toMatchObject({ id, email: `p${i}@example.com`, name: id })
        const chat = await store.openChat(id, newId(), at(0))
        expect(chat).toMatchObject({ user_id: id, user_email: `p${i}@example.com` })
        expect((await store.findChatOf(id))?.id).toBe(chat.id)
      }
      await store.unsubscribe('ada', at(1))
    })

    it('distinguishes senders and client_ids by case', async () => {
      const id = await newChat(store, 'exact-client')
      const outcomes = await store.appendMessages([
        message(id, { sender_id: 'a', client_id: 'c' }),
        message(id, { sender_id: 'a', client_id: 'C' }),
        message(id, { sender_id: 'A', client_id: 'c' }),
        message(id, { sender_id: 'a ', client_id: 'c' }),
      ])
      expect(outcomes.map((o) => o.kind)).toEqual(['stored', 'stored', 'stored', 'stored'])
      const again = await store.appendMessages([message(id, { sender_id: 'A', client_id: 'c' })])
      expect(again).toMatchObject([{ kind: 'repeated', message: { seq: 3 } }])
    })

    it.each([
      ['emoji', '😀👩‍👩‍👧‍👦🏴‍☠️'],
      ['the longest of four bytes a character', '😀'.repeat(5_000)],
      ['the longest of three bytes a character', '漢'.repeat(10_000)],
      ['spaces around', '  x \n'],
      ['quotes and backslashes', `'"\\\`\\n\${x}%_\\'; --`],
      ['what JSON escapes', '\u2028\u2029\u0001\u007f"\\/'],
      ['digits of a number', '1e5'],
      ['a time', '2026-03-02T09:00:00.000Z'],
      ['the word null', 'null'],
      ['braces of arrays', '{a,"b",NULL}'],
    ])('gives back %s as it was', async (_what, content) => {
      const id = await newChat(store, newId())
      const [outcome] = await store.appendMessages([message(id, { content, sender_name: 'Zoë 😀', client_id: 'c' })])
      expect(outcome).toMatchObject({ kind: 'stored', message: { content } })
      expect((await store.messages(id, { after: 0, limit: 9 })).messages).toMatchObject([
        { content, sender_name: 'Zoë 😀' },
      ])
      expect(await store.appendMessages([message(id, { content, client_id: 'c' })])).toMatchObject([
        { kind: 'repeated' },
      ])
      expect((await store.listItems([id]))[0]?.last_message_preview?.isWellFormed()).toBe(true)
    })

    it('keeps times to the millisecond', async () => {
      const id = await newChat(store, 'exact-times')
      const times = ['2026-03-29T01:30:00.001Z', '2026-03-29T02:30:00.999Z', '2026-12-31T23:59:59.999Z']
      await store.appendMessages(times.map((created_at) => message(id, { created_at })))
      const { messages } = await store.messages(id, { after: 0, limit: 9 })
      expect(messages.map((m) => m.created_at)).toEqual(times)
      for (const [i, since] of times.entries()) {
        expect((await store.messages(id, { since, limit: 9 })).messages).toHaveLength(times.length - 1 - i)
      }
      expect((await store.messages(id, { since: '0001-01-01T00:00:00.000Z', limit: 9 })).messages).toHaveLength(3)
      expect((await store.messages(id, { since: '9999-12-31T23:59:59.999Z', limit: 9 })).messages).toEqual([])
    })

    it('accepts every id and number that a request can contain', async () => {
      const id = await newChat(store, 'odd')
      const others = await Promise.all(Array.from({ length: 8 }, (_, n) => newChat(store, `odd${n}`)))
      await store.appendMessages([id, ...others].map((chat) => message(chat)))
      for (const odd of ['', 'x', "'", id.toUpperCase(), `${id} `, '😀']) {
        expect(await store.findChat(odd)).toBeUndefined()
        expect(await store.findChats([odd, id])).toHaveLength(1)
        expect(await store.listItems([odd])).toEqual([])
        expect(await store.countUnread(odd)).toBe(0)
        expect(await store.newestUnread(odd)).toBeUndefined()
        expect(await store.setArchived(odd, true, at(1))).toBeUndefined()
        expect(await store.explainNotification(odd)).toBeUndefined()
        expect(await store.markRead(odd, 'user', undefined, at(1))).toEqual({ up_to_seq: 0, moved: false })
        expect(await store.messages(odd, { after: 0, limit: 1 })).toEqual({ messages: [], has_more: false })
        expect(await store.appendMessages([message(odd), message(id)])).toMatchObject([
          { kind: 'no_chat' },
          { kind: 'stored' },
        ])
        expect(await store.handOverNotification({ kind: 'reply', id: odd, chat_id: odd, claim: 1 }, at(1), 1)).toBe(
          false,
        )
        const cursor = { key: odd, id: odd }
        expect(await store.listChats({ archived: false, limit: 9, cursor })).toEqual([])
        await store.listChats({ archived: false, limit: 9, cursor, email: odd })
        const nobody = { chats: [], next: null }
        expect(await store.chatsByName({ archived: false, limit: 9, cursor, name: 'odd' })).toEqual(nobody)
      }
      for (const key of [
        '0000-01-01T00:00:00.000Z',
        '2026-02-30T00:00:00.000Z',
        '2026-01-01T24:00:00.000Z',
        '1969-12-31T23:59:59.999Z',
        '9999-12-31T23:59:59.999Z',
      ]) {
        const found = await store.listChats({ archived: false, limit: 9, cursor: { key, id: newId() } })
        expect([key, found.length]).toEqual([key, key.startsWith('9999') ? 9 : 0])
      }
      const far = Number.MAX_SAFE_INTEGER
      expect((await store.messages(id, { before: far, limit: 1 })).has_more).toBe(true)
      expect((await store.messages(id, { after: far, limit: 1 })).messages).toEqual([])
      expect((await store.markRead(id, 'admin', far, at(2))).up_to_seq).toBe((await store.findChat(id))?.last_seq)
    })

    it('keeps no address that a visitor typed, and whose owner stopped the mails before one came and let them go again', async () => {
      const address = 'typed@example.com'
      await store.unsubscribeTyped(address, at(0))
      await store.resubscribeTyped(address)
      await store.forgetTyped(at(0))
      // The address is the key: a row that is still there refuses it
      await kit.run(`insert into ${prefix}support_typed_addresses (address) values ('${address}')`)
    })

    it('saves a thousand people at once, one of them listed twice', async () => {
      const people = Array.from({ length: 1_000 }, (_, i) => ({
        id: `many${i}`,
        email: `many${i}@example.com`,
        name: null,
      }))
      await store.savePeople([...people, { id: 'many7', email: 'last@example.com', name: 'Last' }], at(0))
      expect(await store.findPerson('many7')).toMatchObject({ email: 'last@example.com', name: 'Last' })
      expect(await store.findPerson('many999')).toMatchObject({ email: 'many999@example.com' })
    })
  })
}

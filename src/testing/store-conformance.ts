// What every Store must do. Run it against a fresh, empty database per test; no engine is special.
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { AppendOutcome, NewMessage, Store } from '../server/ports/store.ts'

const T0 = Date.parse('2026-03-02T09:00:00.000Z')
/** Seconds after T0 */
const at = (seconds: number): string => new Date(T0 + seconds * 1000).toISOString()
const uuid = (n: number): string => `01950000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`
const DELAY = 300_000
const DELAY_S = DELAY / 1000

/** @param open makes a store on an empty database; `close` is called by the suite */
export function storeConformance(name: string, open: () => Promise<Store>): void {
  let store: Store
  let ids = 1000

  beforeEach(async () => {
    store = await open()
  })
  afterEach(() => store.close())

  /** A person with a chat */
  async function chat(user: string, email = `${user}@example.com`): Promise<string> {
    await store.savePeople([{ id: user, email, name: null }], at(0))
    return (await store.openChat(user, uuid(ids++), at(0))).id
  }
  const message = (chat_id: string, more: Partial<NewMessage> = {}): NewMessage => ({
    id: uuid(ids++),
    chat_id,
    content: 'hello',
    sender_type: 'user',
    sender_id: 'u',
    sender_name: null,
    client_id: null,
    created_at: at(1),
    notify_at: null,
    ...more,
  })
  const reply = (chat_id: string, seconds: number, more: Partial<NewMessage> = {}): NewMessage =>
    message(chat_id, {
      sender_type: 'admin',
      sender_id: 'sam',
      created_at: at(seconds),
      notify_at: at(seconds + DELAY_S),
      ...more,
    })
  async function append(...batch: NewMessage[]): Promise<AppendOutcome[]> {
    return store.appendMessages(batch)
  }
  const all = async (id: string) => (await store.messages(id, { after: 0, limit: 1000 })).messages

  describe(`${name}: chats and people`, () => {
    it('gives a user one chat, however many ask', async () => {
      await store.savePeople([{ id: 'u', email: 'u@example.com', name: 'U' }], at(0))
      const opened = await Promise.all(
        Array.from({ length: 20 }, async (_, i) => (await store.openChat('u', uuid(i), at(i))).id),
      )
      expect(new Set(opened).size).toBe(1)
      expect(await store.findChatOf('u')).toMatchObject({ id: opened[0], user_email: 'u@example.com', last_seq: 0 })
      expect(await store.findChat(uuid(999_999))).toBeUndefined()
      expect(await store.findChatOf('nobody')).toBeUndefined()
    })

    it('keeps who a person is up to date, and the page they were on last', async () => {
      await store.savePeople([{ id: 'u', email: 'a@example.com', name: null, page_url: 'https://x.example/1' }], at(0))
      await store.savePeople([{ id: 'u', email: 'b@example.com', name: 'Bo' }], at(120))
      expect(await store.findPerson('u')).toEqual({
        id: 'u',
        email: 'b@example.com',
        name: 'Bo',
        page_url: 'https://x.example/1',
        first_seen_at: at(0),
        last_seen_at: at(120),
      })
      expect(await store.findPerson('nobody')).toBeUndefined()
    })

    it('archives once and says whether that changed anything', async () => {
      const id = await chat('u')
      expect(await store.setArchived(id, true, at(1))).toBe(true)
      expect(await store.setArchived(id, true, at(2))).toBe(false)
      expect((await store.findChat(id))?.archived_at).toBe(at(1))
      expect(await store.setArchived(id, false, at(3))).toBe(true)
      expect(await store.setArchived(id, false, at(4))).toBe(false)
      expect((await store.findChat(id))?.archived_at).toBeNull()
    })
  })

  describe(`${name}: appending`, () => {
    it('counts seq 1..n in each chat, within a batch and across batches', async () => {
      const [a, b] = [await chat('a'), await chat('b')]
      await append(message(a), message(b), message(a))
      await append(message(b), message(a))
      expect((await all(a)).map((m) => m.seq)).toEqual([1, 2, 3])
      expect((await all(b)).map((m) => m.seq)).toEqual([1, 2])
      expect((await store.findChat(a))?.last_seq).toBe(3)
    })

    it('stores a repeated client_id once, also within a batch, and leaves no hole', async () => {
      const id = await chat('u')
      const first = message(id, { client_id: 'c1' })
      const outcomes = await append(first, message(id, { client_id: 'c1' }), message(id, { client_id: 'c2' }))
      expect(outcomes.map((o) => o.kind)).toEqual(['stored', 'repeated', 'stored'])
      const [again] = await append(message(id, { client_id: 'c1' }))
      expect(again).toMatchObject({ kind: 'repeated', message: { id: first.id, seq: 1, client_id: 'c1' } })
      expect((await all(id)).map((m) => m.seq)).toEqual([1, 2])
    })

    it('knows a client_id by chat and sender', async () => {
      const [a, b] = [await chat('a'), await chat('b')]
      const outcomes = await append(
        message(a, { client_id: 'c' }),
        message(b, { client_id: 'c' }),
        message(a, { client_id: 'c', sender_id: 'sam', sender_type: 'admin' }),
      )
      expect(outcomes.map((o) => o.kind)).toEqual(['stored', 'stored', 'stored'])
    })

    it('answers another content under the same client_id with a conflict', async () => {
      const id = await chat('u')
      await append(message(id, { client_id: 'c' }))
      expect(await append(message(id, { client_id: 'c', content: 'other' }))).toEqual([{ kind: 'conflict' }])
      expect((await all(id)).map((m) => m.content)).toEqual(['hello'])
    })

    it('answers an unknown chat without spoiling the rest of the batch', async () => {
      const id = await chat('u')
      const outcomes = await append(message(id), message(uuid(7)), message(id))
      expect(outcomes.map((o) => o.kind)).toEqual(['stored', 'no_chat', 'stored'])
      expect(await all(id)).toHaveLength(2)
    })

    it('writes a batch whole or not at all', async () => {
      const id = await chat('u')
      const twice = message(id)
      await expect(append(message(id), twice, message(id, { id: twice.id }))).rejects.toThrow()
      expect(await all(id)).toEqual([])
      expect((await store.findChat(id))?.last_seq).toBe(0)
      expect(await append(message(id))).toMatchObject([{ kind: 'stored', message: { seq: 1 } }])
    })

    it('dates each message after the one it follows', async () => {
      const id = await chat('u')
      await append(message(id, { created_at: at(10) }), message(id, { created_at: at(5) }))
      await append(message(id, { created_at: at(7) }), message(id, { created_at: at(11) }))
      expect((await all(id)).map((m) => m.created_at)).toEqual([at(10), at(10.001), at(10.002), at(11)])
    })

    it('shows at most 100 characters of the last message, and never half an emoji', async () => {
      const id = await chat('u')
      const preview = async (content: string) => {
        await append(message(id, { content }))
        return (await store.listItems([id]))[0]?.last_message_preview ?? ''
      }
      expect(await preview('x'.repeat(100))).toBe('x'.repeat(100))
      expect(await preview('x'.repeat(101))).toBe(`${'x'.repeat(99)}…`)
      const emoji = await preview(`${'x'.repeat(98)}😀😀`)
      expect(emoji).toBe(`${'x'.repeat(98)}…`)
      expect(emoji.isWellFormed()).toBe(true)
      expect(await preview(`${'x'.repeat(97)}😀 and more`)).toBe(`${'x'.repeat(97)}😀…`)
    })

    it('takes a chat out of the archive on a user message, not on a reply', async () => {
      const id = await chat('u')
      await append(message(id))
      await store.setArchived(id, true, at(2))
      expect(await append(reply(id, 3))).toMatchObject([{ unarchived: false }])
      expect((await store.findChat(id))?.archived_at).toBe(at(2))
      expect(await append(message(id), message(id))).toMatchObject([{ unarchived: true }, { unarchived: false }])
      expect((await store.findChat(id))?.archived_at).toBeNull()
    })

    it('does not take it out for a message that it had already', async () => {
      const id = await chat('u')
      await append(message(id, { client_id: 'c' }))
      await store.setArchived(id, true, at(2))
      await append(message(id, { client_id: 'c' }))
      expect((await store.findChat(id))?.archived_at).toBe(at(2))
    })
  })

  describe(`${name}: reading`, () => {
    it('pages after, before and since, oldest first, and says whether there is more', async () => {
      const id = await chat('u')
      await append(...Array.from({ length: 7 }, (_, i) => message(id, { created_at: at(i + 1) })))
      const seqs = async (query: Parameters<Store['messages']>[1]) => {
        const { messages, has_more } = await store.messages(id, query)
        return [messages.map((m) => m.seq), has_more]
      }
      expect(await seqs({ after: 2, limit: 3 })).toEqual([[3, 4, 5], true])
      expect(await seqs({ after: 4, limit: 3 })).toEqual([[5, 6, 7], false])
      expect(await seqs({ after: 7, limit: 3 })).toEqual([[], false])
      expect(await seqs({ before: 4, limit: 2 })).toEqual([[2, 3], true])
      expect(await seqs({ before: 3, limit: 2 })).toEqual([[1, 2], false])
      expect(await seqs({ since: at(5), limit: 9 })).toEqual([[6, 7], false])
    })

    it('leaves unread what arrives while "mark read" is in flight', async () => {
      const id = await chat('u')
      await append(reply(id, 1), reply(id, 2))
      const seen = (await all(id)).at(-1)?.seq
      await append(reply(id, 3))
      expect(await store.markRead(id, 'user', seen, at(4))).toEqual({ up_to_seq: 2, moved: true })
      expect(await store.countUnread(id)).toBe(1)
      expect((await store.newestUnread(id))?.seq).toBe(3)
      expect((await all(id)).map((m) => m.read_at)).toEqual([at(4), at(4), null])
    })

    it('moves a read mark forward only, and never beyond what there is', async () => {
      const id = await chat('u')
      await append(reply(id, 1), reply(id, 2), message(id))
      expect(await store.markRead(id, 'user', 99, at(3))).toEqual({ up_to_seq: 3, moved: true })
      expect(await store.markRead(id, 'user', 1, at(4))).toEqual({ up_to_seq: 3, moved: false })
      await append(reply(id, 5))
      expect(await store.countUnread(id)).toBe(1)
      expect(await store.markRead(id, 'user', undefined, at(6))).toEqual({ up_to_seq: 4, moved: true })
      expect((await all(id)).map((m) => m.read_at)).toEqual([at(3), at(3), null, at(6)])
    })

    it('keeps the two sides apart', async () => {
      const id = await chat('u')
      await append(message(id), reply(id, 2))
      await store.markRead(id, 'admin', undefined, at(3))
      expect(await store.countUnread(id)).toBe(1)
      expect((await all(id)).map((m) => m.read_at)).toEqual([at(3), null])
      expect(await store.findChat(id)).toMatchObject({ admin_viewed_seq: 2, user_read_seq: 0 })
    })

    it('shows a chat as unread from a user message until staff views it', async () => {
      const id = await chat('u')
      const unread = async () => (await store.listItems([id]))[0]?.unread
      await append(message(id))
      expect([await unread(), await store.countUnreadChats(10)]).toEqual([true, 1])
      await store.markRead(id, 'admin', 1, at(2))
      expect([await unread(), await store.countUnreadChats(10)]).toEqual([false, 0])
      await append(reply(id, 3))
      expect(await unread()).toBe(false)
      await append(message(id))
      expect(await unread()).toBe(true)
      await store.setArchived(id, true, at(5))
      expect(await store.countUnreadChats(10)).toBe(0)
    })
  })

  describe(`${name}: the list`, () => {
    it('pages newest first, with equal times and without a double or a miss', async () => {
      const made: string[] = []
      for (let i = 0; i < 11; i++) {
        const id = await chat(`u${i}`)
        made.push(id)
        await append(message(id, { created_at: at(i < 8 ? 1 : 2) }))
      }
      await chat('silent')
      const seen: string[] = []
      const times: string[] = []
      let cursor: { key: string; id: string } | undefined
      for (;;) {
        const rows = await store.listChats({ archived: false, limit: 3, cursor })
        seen.push(...rows.map((r) => r.id))
        times.push(...rows.map((r) => r.last_message_at ?? ''))
        const last = rows.at(-1)
        if (!last) break
        cursor = { key: last.last_message_at ?? '', id: last.id }
      }
      expect([...seen].sort()).toEqual([...made].sort())
      expect(times).toEqual([...times].sort().reverse())
    })

    it('keeps active and archived chats apart', async () => {
      const [a, b] = [await chat('a'), await chat('b')]
      await append(message(a), message(b))
      await store.setArchived(b, true, at(2))
      const list = async (archived: boolean) => (await store.listChats({ archived, limit: 9 })).map((r) => r.id)
      expect(await list(false)).toEqual([a])
      expect(await list(true)).toEqual([b])
    })

    it('has the names of the seed', async () => {
      const id = await chat('u')
      await append(message(id), reply(id, 5, { content: 'On it' }))
      expect(await store.listChats({ archived: false, limit: 9 })).toEqual([
        {
          id,
          user_id: 'u',
          user_email: 'u@example.com',
          user_name: null,
          last_message_at: at(5),
          last_message_preview: 'On it',
          last_message_sender: 'admin',
          message_count: 2,
          unread: true,
          archived: false,
        },
      ])
    })

    it('searches by the start of an e-mail address, whatever its case, and takes wildcards literally', async () => {
      for (const [user, email] of [
        ['1', 'Ada@example.com'],
        ['2', 'adam@example.com'],
        ['3', 'bob@example.com'],
        ['4', 'a%b@example.com'],
        ['5', 'Émile@example.com'],
      ] as const) {
        await append(message(await chat(user, email)))
      }
      const search = async (email: string, cursor?: { key: string; id: string }) =>
        (await store.listChats({ archived: false, limit: 9, email, cursor })).map((r) => r.user_email)
      expect(await search('ADA')).toEqual(['Ada@example.com', 'adam@example.com'])
      expect(await search('ÉM')).toEqual(['Émile@example.com'])
      expect(await search('a%')).toEqual(['a%b@example.com'])
      expect(await search('_')).toEqual([])
      expect(await search('ada', { key: 'ada@example.com', id: '1' })).toEqual(['adam@example.com'])
    })
  })

  describe(`${name}: notifications`, () => {
    const claim = (seconds: number) => store.claimNotifications(at(seconds), DELAY, 20)

    it('makes one of a burst, when the first reply comes of age', async () => {
      const id = await chat('u')
      await append(reply(id, 0), reply(id, 10))
      await append(reply(id, 20, { content: 'newest' }))
      expect(await store.nextNotification()).toBe(at(DELAY_S))
      expect(await claim(DELAY_S - 0.001)).toEqual([])
      expect(await claim(DELAY_S)).toMatchObject([
        { chat_id: id, unread: 3, attempts: 1, person: { id: 'u' }, message: { content: 'newest' } },
      ])
    })

    it('hands a claim out once, for good', async () => {
      const id = await chat('u')
      await append(reply(id, 0))
      const claims = await Promise.all([claim(DELAY_S), claim(DELAY_S), claim(DELAY_S)])
      expect(claims.flat()).toHaveLength(1)
      expect(await claim(DELAY_S * 100)).toEqual([])
    })

    it.each([
      ['read', (id: string) => store.markRead(id, 'user', undefined, at(299))],
      ['archived', (id: string) => store.setArchived(id, true, at(299))],
      ['unsubscribed', () => store.unsubscribe('u', at(299))],
    ] as const)('makes none when it was %s in the last second', async (_why, act) => {
      const id = await chat('u')
      await append(reply(id, 0))
      await act(id)
      expect(await claim(DELAY_S)).toEqual([])
      expect(await store.nextNotification()).toBeUndefined()
    })

    it('makes none for a user message', async () => {
      await append(message(await chat('u')))
      expect(await store.nextNotification()).toBeUndefined()
    })

    it('gives a later reply its own full delay when what came before was read', async () => {
      const id = await chat('u')
      await append(reply(id, 0))
      await store.markRead(id, 'user', 1, at(60))
      await append(reply(id, 200))
      expect(await claim(DELAY_S)).toEqual([])
      expect(await store.nextNotification()).toBe(at(200 + DELAY_S))
      expect(await claim(200 + DELAY_S)).toMatchObject([{ unread: 1, message: { seq: 2 } }])
    })

    it('does not tell again what a mail told before', async () => {
      const id = await chat('u')
      await append(reply(id, 0))
      const [first] = await claim(DELAY_S)
      await store.settleNotification(first?.id ?? '', { state: 'sent' }, at(DELAY_S))
      await append(reply(id, 400))
      expect(await claim(400 + DELAY_S)).toMatchObject([{ unread: 1, message: { seq: 2 } }])
    })

    it('hands a refused one out again at its time', async () => {
      const id = await chat('u')
      await append(reply(id, 0))
      const [first] = await claim(DELAY_S)
      const retry = { state: 'retry', retry_at: at(330), reason: 'down' } as const
      await store.settleNotification(first?.id ?? '', retry, at(DELAY_S))
      expect(await claim(329)).toEqual([])
      expect(await claim(330)).toMatchObject([{ attempts: 2, unread: 1 }])
    })

    it('sends a refused one and a newer one as one', async () => {
      const id = await chat('u')
      await append(reply(id, 0))
      const [first] = await claim(DELAY_S)
      await append(reply(id, 310))
      const retry = { state: 'retry', retry_at: at(330), reason: 'down' } as const
      await store.settleNotification(first?.id ?? '', retry, at(311))
      expect(await claim(10_000)).toMatchObject([{ unread: 2 }])
      expect(await claim(20_000)).toEqual([])
    })

    it.each(['failed', 'uncertain'] as const)('never hands out one that is %s', async (state) => {
      const id = await chat('u')
      await append(reply(id, 0))
      const [first] = await claim(DELAY_S)
      await store.settleNotification(first?.id ?? '', { state, reason: 'x' }, at(DELAY_S))
      expect(await claim(100_000)).toEqual([])
      expect(await store.nextNotification()).toBeUndefined()
    })

    it('gets through more than one batch, whatever is skipped on the way', async () => {
      for (let i = 0; i < 30; i++) await append(reply(await chat(`u${i}`), 0))
      const counts = [await claim(DELAY_S), await claim(DELAY_S), await claim(DELAY_S)].map((c) => c.length)
      expect(counts).toEqual([20, 10, 0])
    })
  })

  describe(`${name}: the mailbox`, () => {
    it('keeps mails, newest first', async () => {
      const mail = {
        to: { name: 'U', address: 'u@example.com' },
        subject: 's',
        text: 't',
        html: 'h',
        headers: { X: 'y' },
      }
      await store.saveMail({ ...mail, id: uuid(1), created_at: at(1) })
      await store.saveMail({ ...mail, id: uuid(2), created_at: at(2) })
      expect(await store.listMails(1)).toEqual([{ ...mail, id: uuid(2), created_at: at(2) }])
      expect(await store.listMails(9)).toHaveLength(2)
    })
  })
}

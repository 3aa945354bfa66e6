// What every store that can search must find. The database must be empty, and is filled once.
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MAX_SEARCH, parseSearch, type Term, wordsOf } from '../protocol/search-query.ts'
import type { FoundMessage } from '../protocol/types.ts'
import type { NewMessage } from '../server/ports/store/messages.ts'
import type { Store } from '../server/ports/store/store.ts'
import { wholePage } from './whole-page.ts'

const BEGINNING = Date.parse('2026-03-02T09:00:00.000Z')
const at = (seconds: number): string => new Date(BEGINNING + seconds * 1000).toISOString()
/** As the server makes them: the time first */
export const timedId = (time: number, n: number): string => {
  const hex = time.toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-${n.toString(16).padStart(12, '0')}`
}

type Searchable = Store & Required<Pick<Store, 'searchMessages'>>

/** @param usual how many random queries, when nobody says */
export function searchConformance(name: string, open: () => Promise<Store>, usual = 50): void {
  describe(`${name}: searching`, () => {
    let store: Searchable
    let seconds = 0
    const written: Written[] = []
    const chats = new Map<string, string>()

    async function chatOf(user: string): Promise<string> {
      const known = chats.get(user)
      if (known !== undefined) return known
      await store.savePeople([{ id: user, email: `${user}@example.com`, name: `Name of ${user}` }], at(0))
      const { id } = await store.openChat(user, timedId(BEGINNING, chats.size), at(0))
      chats.set(user, id)
      return id
    }
    async function draft(user: string, content: string, more: Partial<NewMessage> = {}): Promise<NewMessage> {
      const chat_id = await chatOf(user)
      seconds++
      return {
        id: timedId(BEGINNING + seconds * 1000, seconds),
        chat_id,
        content,
        sender_type: 'user',
        sender_id: user,
        sender_name: null,
        client_id: null,
        created_at: at(seconds),
        notify_at: null,
        ...more,
      }
    }
    async function append(batch: NewMessage[]): Promise<void> {
      expect(await store.appendMessages(batch)).toMatchObject(batch.map(() => ({ kind: 'stored' })))
      written.push(...batch.map(({ chat_id, id, content }) => ({ chat: chat_id, id, content })))
    }
    async function write(user: string, content: string, more: Partial<NewMessage> = {}): Promise<string> {
      const message = await draft(user, content, more)
      await append([message])
      return message.id
    }
    /** Reads all pages. A chat that appears again must have an older match */
    async function all(text: string, limit = 100): Promise<FoundMessage[]> {
      const found = new Map<string, FoundMessage>()
      let last = 'z'
      let cursor: string | undefined
      do {
        const page = await store.searchMessages({ text, limit, cursor })
        expect(page.found.length).toBeLessThanOrEqual(limit)
        for (const one of page.found) {
          expect(one.message.id < last).toBe(true)
          last = one.message.id
          if (!found.has(one.chat_id)) found.set(one.chat_id, one)
        }
        cursor = page.next ?? undefined
      } while (cursor !== undefined)
      return [...found.values()]
    }
    const contents = async (text: string): Promise<string[]> => (await all(text)).map((f) => f.message.content)

    beforeAll(async () => {
      const opened = await open()
      if (!opened.searchMessages) expect.fail('It cannot search')
      store = opened as Searchable
      for (const [user, content] of TEXTS) await write(user, content)
    })
    afterAll(() => store.close())

    it.each<[string, string[]]>([
      ['invoice 4312', ['ada']],
      ['INVOICE', ['ada']],
      ['4312', ['inv', 'ada']],
      // An incomplete last word
      ['invo', ['ada']],
      ['431', ['inv', 'ada']],
      ['invo ', []],
      ['invo 4312', []],
      ['"refund polic', ['bob']],
      // Phrases, and what is excluded
      ['"refund policy"', ['bob']],
      ['"policy refund"', []],
      ['“refund policy”', ['bob']],
      ['policy refund ', ['carl', 'bob']],
      ['refund -carl', ['bob']],
      ['refund -"policy say"', ['carl']],
      ['-refund', []],
      ['parcel or 4312', ['dora', 'inv', 'ada']],
      ['or', ['eve']],
      ['eve or', ['eve']],
      // Words joined by punctuation can be found whole and in parts
      ['ada@shop.example', ['eve']],
      ['ada@sho', ['eve']],
      ['shop.example', ['eve']],
      ['example', ['eve']],
      ['https://shop.example/cart?id=9', ['eve']],
      ['cart', ['eve']],
      ['INV-4312', ['inv']],
      ['#4312', ['inv', 'ada']],
      ['don’t', ['frank']],
      ["don't", ['frank']],
      ['bold', ['frank']],
      ['snake_case', ['frank']],
      ['case', ['frank']],
      // Any language
      ['größe', ['greta']],
      ['GRÖSSE ', []],
      ['ÄPFEL', ['greta']],
      ['привет', ['ivan']],
      ['ПРИВЕТ', ['ivan']],
      ['你好', ['li']],
      ['می‌خواهم', ['pari']],
      ['שלום', ['noa']],
      ['café', ['zoe']],
    ])('finds %j', async (text, users) => {
      expect((await all(text)).map((found) => found.user_id)).toEqual(users)
    })

    it('returns the chat’s user and the whole message', async () => {
      await store.setArchived(await chatOf('bob'), true, at(900))
      const [found] = await all('"refund policy"')
      expect(found).toEqual({
        chat_id: chats.get('bob'),
        user_id: 'bob',
        user_email: 'bob@example.com',
        user_name: 'Name of bob',
        archived: true,
        message: {
          id: written.find(({ chat }) => chat === chats.get('bob'))?.id,
          seq: 1,
          content: 'What does your refund policy say?',
          sender_type: 'user',
          sender_name: null,
          client_id: null,
          attachments: [],
          read_at: null,
          created_at: at(3),
        },
      })
    })

    it('returns each chat once, with its newest match, in order of these matches', async () => {
      for (const [user, word] of [
        ['m1', 'walrus one'],
        ['m2', 'walrus two'],
        ['m1', 'walrus three'],
        ['m1', 'something else'],
        ['m3', 'walrus four'],
      ] as const) {
        await write(user, word)
      }
      expect(await contents('walrus')).toEqual(['walrus four', 'walrus three', 'walrus two'])
      expect(await contents('walrus one')).toEqual(['walrus one'])
      const first = await wholePage(store, { text: 'walrus', limit: 2 })
      expect(first.found.map((f) => f.message.content)).toEqual(['walrus four', 'walrus three'])
      const second = await wholePage(store, { text: 'walrus', limit: 2, cursor: first.next ?? expect.fail() })
      expect(second.found[0]?.message.content).toBe('walrus two')
    })

    it('finds a message as soon as it is stored', async () => {
      expect(await all('zyzzyva')).toEqual([])
      await write('late', 'A zyzzyva is a weevil')
      expect(await contents('zyzzyva')).toEqual(['A zyzzyva is a weevil'])
      await store.markRead(await chatOf('late'), 'admin', undefined, at(1_000))
      expect((await all('zyzzyva'))[0]?.message.read_at).toBe(at(1_000))
    })

    it.each([
      '',
      ' ',
      '"',
      '""',
      '-',
      '--',
      '- "',
      "'",
      "''",
      "' or 1=1 --",
      '\\',
      "\\'",
      ':*',
      'refund:*',
      '*',
      '^refund',
      'content: refund',
      '{content} : refund',
      'NEAR(refund policy)',
      'AND',
      'NOT',
      'refund AND',
      'NOT refund',
      '&',
      '|',
      '!',
      '!refund',
      '&|!()<->',
      '(((((',
      ')',
      "refund') & ('x",
      '<->',
      '<2>',
      'refund <-> policy',
      '%',
      '_',
      '😀',
      'e\u0301',
      '\u202E\u2066',
      '\u200D',
      '@0195',
      'or or or',
      '-or or -or',
      'a-b.c_d/e@f:g+h~i&j<k>l',
    ])('takes %j for words or for nothing', async (text) => {
      const { found } = await store.searchMessages({ text, limit: 5 })
      expect(found.length).toBeLessThanOrEqual(5)
    })

    it('accepts the longest query', async () => {
      for (const part of ['a ', '-a ', 'a or ', '"a" ', 'x', '界', '-', '"'])
        await store.searchMessages({ text: part.repeat(Math.floor(MAX_SEARCH / part.length)), limit: 5 })
    })

    it.each(['', 'x', '%', "' or 1=1 --", timedId(BEGINNING, 0).toUpperCase(), 'ffffffff-ffff-ffff-ffff-fffffffffff'])(
      'finds nothing after a cursor %j, which is none',
      async (cursor) => {
        expect((await store.searchMessages({ text: 'refund', limit: 5, cursor })).found).toEqual([])
      },
    )

    it('finds what random queries mean', async () => {
      const VOCABULARY = ['fox', 'foxes', 'bear', 'bee', 'owl', 'or', '42', '421', 'a']
      const word = fc.constantFrom(...VOCABULARY)
      const sentence = fc.array(word, { minLength: 1, maxLength: 7 }).map((words) => words.join(' '))
      const people = ['r1', 'r2', 'r3', 'r4', 'r5', 'r6']
      const batch: NewMessage[] = []
      for (const content of fc.sample(sentence, { numRuns: 100, seed: 7 })) {
        batch.push(await draft(people[content.length % people.length] ?? 'r1', `lot ${content}`))
      }
      await append(batch)
      const term = fc.oneof(
        word,
        word.map((w) => w.slice(0, 2)),
        fc.tuple(word, word).map(([a, b]) => `"${a} ${b}"`),
        fc.tuple(word, word).map(([a, b]) => `${a}-${b}`),
      )
      const query = fc
        .array(
          fc.oneof(
            term,
            term.map((t) => `-${t}`),
            fc.constant('or'),
          ),
          { minLength: 1, maxLength: 5 },
        )
        .map((terms) => terms.join(' '))
      await fc.assert(
        fc.asyncProperty(query, fc.constantFrom('', ' '), fc.integer({ min: 2, max: 9 }), async (q, end, limit) => {
          const text = `lot ${q}${end}`
          const ids = (await all(text, limit)).map(({ message }) => message.id)
          expect(ids).toEqual(newestPerChat(text, written).toReversed())
        }),
        { numRuns: Number(process.env['FAULT_RUNS'] ?? usual) },
      )
    })

    it('finds what a visitor wrote in the chat of the account that they were merged into', async () => {
      const visitor = `visitor:${'v'.repeat(43)}`
      const found = async () => (await wholePage(store, { text: 'quokka', limit: 9 })).found
      for (const user of ['merged-early', 'merged-late']) {
        if (user === 'merged-early') await chatOf(user)
        else await write(user, 'a message of their own')
        await store.savePeople([{ id: visitor, email: '', name: null }], at(0))
        chats.set(visitor, (await store.openChat(visitor, crypto.randomUUID(), at(0))).id)
        await write(visitor, `a quokka of ${user}`)
        const [before] = await found()
        await store.mergeVisitor(visitor, user, at(9_000))
        expect((await found())[0]).toMatchObject({
          chat_id: (await store.findChatOf(user))?.id,
          user_id: user,
          message: { id: before?.message.id, content: `a quokka of ${user}` },
        })
        await store.erasePerson(user)
        expect(await found()).toEqual([])
      }
    })
  })
}

const TEXTS: [string, string][] = [
  ['ada', 'Where is my invoice 4312? It should have come.'],
  ['inv', 'About INV-4312: paid'],
  ['bob', 'What does your refund policy say?'],
  ['carl', 'No policy? I am Carl and I want a refund!'],
  ['dora', 'The parcel never came'],
  ['eve', 'Write to ada@shop.example, or see https://shop.example/cart?id=9 — eve'],
  ['frank', "I don't see <b>bold</b> text in snake_case"],
  ['greta', 'Die Größe der Äpfel, bitte'],
  ['ivan', 'Привет, как дела'],
  ['li', '你好世界'],
  ['pari', 'من می‌خواهم بدانم'],
  ['noa', 'שלום עולם'],
  ['zoe', 'Un café, s’il vous plaît'],
]

interface Written {
  chat: string
  id: string
  content: string
}

/** The newest match of each chat, in order */
function newestPerChat(text: string, written: Written[]): string[] {
  const alternatives = parseSearch(text)
  const newest = new Map<string, string>()
  for (const message of written) {
    const words = wordsOf(message.content.toLowerCase())
    const isMatch = alternatives.some((terms) => terms.every((term) => holds(term, words) !== term.isExcluded))
    if (isMatch) newest.set(message.chat, message.id)
  }
  return [...newest.values()].sort()
}

const holds = ({ words, isStart }: Term, content: string[]): boolean =>
  content.some((_, from) =>
    words.every((word, i) => {
      const there = content[from + i]
      const wanted = word.toLowerCase()
      return isStart && i === words.length - 1 ? there?.startsWith(wanted) : there === wanted
    }),
  )

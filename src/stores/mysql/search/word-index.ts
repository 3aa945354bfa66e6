// The words of messages by the message's number, kept by the process that appends: the engine's own FULLTEXT leaves out short words,
// keeps what was deleted, and reads every match of a word before the newest is known.
import { sql, type RawBuilder } from 'kysely'
import { wordsOf } from '../../../protocol/search-query.ts'
import type { SupportMessage } from '../../../protocol/types.ts'
import type { Engine } from '../../sql/engine.ts'
import type { WordIndex } from '../../sql/word-index.ts'
import { portionsOf } from './portions.ts'
import { BLOCK_BITS, MAX_WORD } from './tables.ts'

type Indexable = Pick<SupportMessage, 'id' | 'content'>

/** As it is indexed: a long word by its beginning */
export function indexedWord(word: string): string {
  const lower = word.toLowerCase()
  return lower.length <= MAX_WORD ? lower : Array.from(lower).slice(0, MAX_WORD).join('')
}

/** In the order of the index, so that neighbours are written one after the other */
const indexedWords = (content: string): string[] => [...new Set(wordsOf(content).map(indexedWord))].sort()

export const NUMBERS = sql.table('support_search_messages')
export const WORDS = sql.table('support_search_words')
const blockOfO = sql.raw(`o.n >> ${BLOCK_BITS}`)

type Types = Pick<Engine, 'types'>

/** A table `k` of ids */
const idsOf = ({ types }: Types, messages: Indexable[]): RawBuilder<unknown> =>
  sql`json_table(${JSON.stringify(messages.map(({ id }) => id))}, '$[*]' columns (id ${types.uuid} path '$')) as k`

/** Tables `o`, of the messages' numbers, and `w`, of the words of each. Measured: quicker than one list of words with their messages */
const numbersAndWords = ({ types }: Types, messages: Indexable[]): RawBuilder<unknown> => {
  const list = messages.map(({ id, content }) => ({ id, words: indexedWords(content) }))
  return sql`json_table(${JSON.stringify(list)}, '$[*]' columns (id ${types.uuid} path '$.id', words json path '$.words')) as k
    straight_join ${NUMBERS} as o on o.id = k.id
    straight_join json_table(k.words, '$[*]' columns (word ${types.word} path '$')) as w`
}

/** Statements that index messages, which get their numbers in this order */
export const indexing = (engine: Types, messages: Indexable[]): RawBuilder<unknown>[] =>
  portionsOf(messages).flatMap((portion) => [
    sql`insert into ${NUMBERS} (id) select k.id from ${idsOf(engine, portion)}`,
    sql`insert into ${WORDS} (block, word, n) select ${blockOfO}, w.word, o.n from ${numbersAndWords(engine, portion)}`,
  ])

export function wordIndex(engine: Omit<Engine, 'words'>): WordIndex {
  const isThere = sql.raw(engine.leftovers?.column('support_search_words', 'word') ?? '')

  return {
    appended(messages) {
      const chats = new Map<string, { id: string; before: number; last: number }>()
      for (const { chat_id, seq } of messages) {
        const chat = chats.get(chat_id)
        if (chat) chat.last = seq
        else chats.set(chat_id, { id: chat_id, before: seq - 1, last: seq })
      }
      const kinds = { id: 'uuid', before: 'integer', last: 'integer' } as const
      const moved = engine.rows('i', kinds, [...chats.values()])
      return [
        ...indexing(engine, messages),
        // A chat of which earlier messages are missing stays behind until they are made up for
        engine.updateFrom(
          sql`${sql.table('support_chats')} as c`,
          moved,
          sql`c.id = i.id and c.indexed_seq = i.before`,
          sql`c.indexed_seq = i.last`,
        ),
      ]
    },

    async eraseOldest(trx, chatId, count) {
      if ((await sql`${isThere}`.execute(trx)).rows.length === 0) return
      const messages = await trx
        .selectFrom('support_messages')
        .select(['id', 'content'])
        .where('chat_id', '=', chatId)
        .orderBy('seq')
        .limit(count)
        .execute()
      for (const portion of portionsOf(messages))
        await sql`delete d from ${numbersAndWords(engine, portion)}
          straight_join ${WORDS} as d on d.block = ${blockOfO} and d.word = w.word and d.n = o.n`.execute(trx)
      await sql`delete o from ${idsOf(engine, messages)} straight_join ${NUMBERS} as o on o.id = k.id`.execute(trx)
    },
  }
}
